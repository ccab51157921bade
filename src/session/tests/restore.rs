use futures::executor::block_on;
use serde_json::json;

use super::*;

#[test]
fn a_reload_restores_who_was_there_and_where() {
    block_on(async {
        let fake = Fake::new();
        sign_in(&fake.session(), &fake).await.unwrap();
        let departure = fake.session().restore("/pets/1/purchase").await.unwrap();
        let query = fake.authorize(&departure.url);
        assert_eq!(fake.asked("prompt").as_deref(), Some("none"));
        let back = fake.session();
        let arrival = back.finish_sign_in(&query, Some(&departure.keep)).await.unwrap();
        assert_eq!(arrival, Arrival { return_to: "/pets/1/purchase".to_owned(), quiet: true });
        assert!(back.person().is_some());
    });
}

#[test]
fn a_reload_that_finds_nobody_is_quiet() {
    block_on(async {
        for code in ["login_required", "interaction_required", "consent_required", "account_selection_required"] {
            let fake = Fake::new();
            let session = fake.session();
            let departure = session.restore("/?type=dog").await.unwrap();
            fake.authorize(&departure.url);
            let query = format!("?error={code}&state={}", fake.asked("state").unwrap());
            let arrival = session.finish_sign_in(&query, Some(&departure.keep)).await.unwrap();
            assert_eq!(arrival, Arrival { return_to: "/?type=dog".to_owned(), quiet: true });
            assert_eq!(session.person(), None);
        }
    });
}

#[test]
fn login_required_is_an_error_where_somebody_was_to_be_asked() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        fake.authorize(&departure.url);
        let query = format!("?error=login_required&state={}", fake.asked("state").unwrap());
        assert!(matches!(
            session.finish_sign_in(&query, Some(&departure.keep)).await,
            Err(SessionError::Denied { .. })
        ));
    });
}

#[test]
fn nobody_is_led_to_another_site() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("//evil.example/")).await.unwrap();
        let query = fake.authorize(&departure.url);
        assert_eq!(session.finish_sign_in(&query, Some(&departure.keep)).await.unwrap().return_to, "/");
        // Nor by somebody who could write into the tab's storage.
        let departure = session.begin_sign_in(&returning("/pets")).await.unwrap();
        let changed = departure.keep.replace("\"/pets\"", "\"https://evil.example\"");
        let query = fake.authorize(&departure.url);
        assert_eq!(session.finish_sign_in(&query, Some(&changed)).await.unwrap().return_to, "/");
    });
}

#[test]
fn a_wrong_device_clock_does_not_keep_a_person_out() {
    block_on(async {
        for hours in [-30, 30] {
            let fake = Fake::new();
            fake.device_off_ms.set(hours * 3_600_000);
            fake.hides_dates.set(true);
            let session = fake.session();
            sign_in(&session, &fake).await.unwrap();
            assert!((session.now_ms() - fake.now_ms.get()).abs() <= 1000);
            assert_eq!(fake.sent("/test/pets").len(), 1);
        }
        let fake = Fake::new();
        fake.claims.borrow_mut().insert("exp", json!(crate::session::fake::START_MS / 1000 - 1));
        assert!(matches!(sign_in(&fake.session(), &fake).await, Err(SessionError::Claim(_))));
    });
}
