use futures::executor::block_on;
use serde_json::json;

use super::*;

#[test]
fn a_reload_restores_who_was_there_and_where() {
    block_on(async {
        let fake = Fake::new();
        assert_eq!(fake.session().restore("/").await, Ok(None));
        sign_in(&fake.session(), &fake).await.unwrap();

        let reloaded = fake.session();
        let url = reloaded.restore("/pets/1/purchase").await.unwrap().unwrap();
        let query = fake.authorize(&url);
        assert_eq!(fake.asked("prompt").as_deref(), Some("none"));
        let back = fake.session();
        assert_eq!(back.finish_sign_in(&query).await.unwrap(), "/pets/1/purchase");
        assert!(back.person().is_some());
        assert_eq!(back.restore("/").await, Ok(None));
    });
}

#[test]
fn a_reload_that_finds_nobody_is_quiet_and_is_not_tried_again() {
    block_on(async {
        for code in ["login_required", "interaction_required", "consent_required", "account_selection_required"] {
            let fake = Fake::new();
            fake.was_signed_in.set(true);
            let session = fake.session();
            fake.authorize(&session.restore("/?type=dog").await.unwrap().unwrap());
            let query = format!("?error={code}&state={}", fake.asked("state").unwrap());
            assert_eq!(session.finish_sign_in(&query).await.unwrap(), "/?type=dog");
            assert_eq!(session.person(), None);
            assert_eq!(session.restore("/").await, Ok(None));
        }
    });
}

#[test]
fn a_restore_that_brought_no_answer_does_not_go_in_circles() {
    block_on(async {
        let fake = Fake::new();
        fake.was_signed_in.set(true);
        assert!(fake.session().restore("/").await.unwrap().is_some());
        assert_eq!(fake.session().restore("/").await, Ok(None));
        assert!(fake.session().restore("/").await.unwrap().is_some(), "a later reload may try again");
    });
}

#[test]
fn login_required_is_an_error_where_somebody_was_to_be_asked() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        fake.authorize(&session.begin_sign_in(&returning("/")).await.unwrap());
        let query = format!("?error=login_required&state={}", fake.asked("state").unwrap());
        assert!(matches!(session.finish_sign_in(&query).await, Err(SessionError::Denied { .. })));
    });
}

#[test]
fn nobody_is_led_to_another_site() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let url = session.begin_sign_in(&returning("//evil.example/")).await.unwrap();
        assert_eq!(session.finish_sign_in(&fake.authorize(&url)).await.unwrap(), "/");
        // Nor by somebody who could write into the tab's storage.
        let url = session.begin_sign_in(&returning("/pets")).await.unwrap();
        let changed = fake.kept.borrow().as_ref().unwrap().replace("\"/pets\"", "\"https://evil.example\"");
        *fake.kept.borrow_mut() = Some(changed);
        assert_eq!(session.finish_sign_in(&fake.authorize(&url)).await.unwrap(), "/");
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
