use futures::{executor::block_on, join};
use serde_json::json;

use super::*;

#[test]
fn sts_is_asked_unsigned_and_in_its_own_words() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|amzn1.account.AFRED").await;
        shop.session().prepare().await;
        let sent = fake.sent("sts.example");
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].method, sent[0].url.as_str()), ("POST", "https://sts.example/"));
        assert_eq!(sent[0].headers.iter().count(), 1);
        let form = form_of(&sent[0]);
        assert_eq!(form.len(), 5);
        assert_eq!(form["Action"], "AssumeRoleWithWebIdentity");
        assert_eq!(form["Version"], "2011-06-15");
        assert_eq!(form["RoleArn"], "arn:aws:iam::123456789012:role/buyer");
        assert_eq!(form["RoleSessionName"], "amazon=7Camzn1.account.AFRED");
        assert_eq!(form["WebIdentityToken"].split('.').count(), 3);

        let admin = fake.shop("auth0|1").await;
        admin.session().prepare().await;
        assert_eq!(form_of(&fake.sent("sts.example")[0])["RoleArn"], "arn:aws:iam::123456789012:role/admin");
    });
}

#[test]
fn nobody_and_a_person_without_a_role_have_no_credentials() {
    block_on(async {
        let fake = Fake::new();
        assert!(fake.session().credentials().await.unwrap().is_none());
        let shop = fake.shop("adfs|ida").await;
        assert!(shop.session().credentials().await.unwrap().is_none());
        assert!(fake.sent("sts.example").is_empty());
    });
}

#[test]
fn credentials_are_fetched_once_however_many_need_them_and_renewed_before_they_end() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        let (a, b, c) = join!(session.credentials(), session.credentials(), session.credentials());
        let keys = [a, b, c].map(|held| held.unwrap().unwrap().keys.access_key_id().to_owned());
        assert_eq!(keys, ["ASIA1", "ASIA1", "ASIA1"]);
        fake.pass(3600 - 130);
        session.credentials().await.unwrap();
        assert_eq!(fake.keys_given.get(), 1);
        fake.pass(80);
        let (a, b) = join!(session.credentials(), session.credentials());
        let keys = [a, b].map(|held| held.unwrap().unwrap().keys.access_key_id().to_owned());
        assert_eq!(keys, ["ASIA2", "ASIA2"]);
        assert_eq!(fake.sent("/token").len(), 1, "the ID token had ended and was renewed for it");
    });
}

#[test]
fn a_failed_renewal_is_everybodys_and_is_not_repeated_for_each() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        fake.order("sts.example", Ok(sts_refusal("IDPCommunicationError")));
        let (a, b, c) = join!(session.credentials(), session.credentials(), session.credentials());
        assert!([a, b, c].iter().all(|result| matches!(result, Err(SessionError::Sts(_)))));
        assert_eq!(fake.sent("sts.example").len(), 1);
        assert!(session.credentials().await.is_ok(), "a later call tries again");
    });
}

#[test]
fn the_id_token_is_renewed_by_a_refresh_token_that_rotates() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        let first = session.id_token().await.unwrap().unwrap();
        assert!(fake.sent("/token").is_empty());
        for renewals in 1..=3 {
            fake.pass(550);
            let (one, other) = join!(session.id_token(), session.id_token());
            let (one, other) = (one.unwrap().unwrap(), other.unwrap().unwrap());
            assert!(one == other && one != first);
            assert_eq!(fake.sent("/token").len(), renewals);
        }
        let form = form_of(&fake.sent("/token")[0]);
        assert_eq!((form["grant_type"].as_str(), form["client_id"].as_str()), ("refresh_token", "pets-spa"));
    });
}

#[test]
fn a_renewed_token_of_somebody_else_is_refused() {
    block_on(async {
        for (claim, value) in [("sub", json!("auth0|admin")), ("nonce", json!("other")), ("iss", json!("x"))] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            fake.pass(550);
            fake.claims.borrow_mut().insert(claim, value.clone());
            let result = shop.session().id_token().await;
            assert!(matches!(result, Err(SessionError::Claim(_))), "{claim}");
            assert_eq!(shop.session().person().unwrap().role, Some(Role::Buyer));
        }
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.pass(550);
        fake.claims.borrow_mut().insert("nonce", json!(null));
        assert!(shop.session().id_token().await.is_ok(), "a renewed token needs no nonce");
    });
}

#[test]
fn a_token_near_its_end_serves_while_the_issuer_is_away() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.pass(550);
        fake.order("/token", Err(NetworkError::Offline));
        assert!(shop.session().id_token().await.is_ok());
        fake.pass(100);
        fake.order("/token", Err(NetworkError::Offline));
        let away = shop.session().id_token().await.err();
        assert_eq!(away, Some(SessionError::Network(NetworkError::Offline)));
        for status in [429, 503] {
            fake.order("/token", Ok(json_answer(status, &json!({}))));
            assert!(shop.session().id_token().await.is_err_and(|error| error.is_passing()));
        }
        assert!(shop.session().id_token().await.is_ok(), "it was no reason to sign anybody out");
    });
}

#[test]
fn a_token_near_its_end_gets_credentials_even_if_nothing_can_renew_it() {
    block_on(async {
        for without in ["a refresh token that is good", "the issuer"] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            fake.pass(550);
            match without {
                "the issuer" => fake.order("/token", Err(NetworkError::Offline)),
                _ => *fake.refresh_token.borrow_mut() = None,
            }
            assert!(shop.session().credentials().await.is_ok(), "without {without}");
            assert_eq!(fake.sent("/token").len(), 1);
        }
    });
}

#[test]
fn credentials_near_their_end_serve_while_sts_is_away() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        session.prepare().await;
        fake.pass(3600 - 60);
        fake.order("sts.example", Err(NetworkError::TimedOut));
        let held = session.credentials().await.unwrap().unwrap();
        assert_eq!(held.keys.access_key_id(), "ASIA1");
        fake.pass(60);
        fake.order("sts.example", Err(NetworkError::TimedOut));
        assert_eq!(session.credentials().await.err(), Some(SessionError::Network(NetworkError::TimedOut)));
    });
}

#[test]
fn a_late_complaint_about_old_credentials_does_not_cost_the_new_ones() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        let old = session.credentials().await.unwrap().unwrap();
        session.discard(&old);
        let new = session.credentials().await.unwrap().unwrap();
        assert_eq!(new.keys.access_key_id(), "ASIA2");
        session.discard(&old);
        session.credentials().await.unwrap();
        assert_eq!(fake.keys_given.get(), 2);
    });
}

#[test]
fn a_sign_in_that_the_issuer_ended_is_over() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        *fake.refresh_token.borrow_mut() = None;
        fake.pass(601);
        assert_eq!(shop.session().id_token().await.err(), Some(SessionError::Ended));
        assert_eq!(shop.session().person(), None);
    });
}

#[test]
fn sts_gets_a_new_token_once_if_it_calls_the_old_one_expired() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.order("sts.example", Ok(sts_refusal("ExpiredTokenException")));
        assert!(shop.session().credentials().await.is_ok());
        assert_eq!((fake.sent("/token").len(), fake.sent("sts.example").len()), (1, 2));

        let shop = fake.shop("amazon|1").await;
        fake.order("sts.example", Ok(sts_refusal("ExpiredTokenException")));
        fake.order("sts.example", Ok(sts_refusal("ExpiredTokenException")));
        assert!(matches!(shop.session().credentials().await, Err(SessionError::Sts(_))));
        assert_eq!((fake.sent("/token").len(), fake.sent("sts.example").len()), (1, 2));
    });
}

#[test]
fn a_refresh_token_whose_answer_was_lost_is_sent_once_more_and_then_never_again() {
    block_on(async {
        for lost in [Err(NetworkError::Unreachable), Err(NetworkError::TimedOut), Ok(json_answer(502, &json!({})))] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            let session = shop.session();
            fake.pass(550);
            fake.order("/token", lost.clone());
            assert!(session.id_token().await.is_ok());
            let sent = fake.sent("/token");
            assert_eq!((sent.len(), sent[0].body == sent[1].body), (2, true));

            fake.pass(550);
            fake.order("/token", lost.clone());
            fake.order("/token", lost);
            assert!(session.id_token().await.is_ok(), "the one that is held lasts");
            session.nudge();
            assert!(session.id_token().await.is_ok());
            assert_eq!(fake.sent("/token").len(), 4);
            fake.pass(100);
            assert_eq!(session.id_token().await.err(), Some(SessionError::Ended));
            assert_eq!(fake.sent("/token").len(), 4);
            let status = session.status();
            assert_eq!((status.phase, status.person.unwrap().name.as_str()), (Phase::Expired, "Fred"));
            assert!(session.state.borrow().is_none());
            session.forget();
            assert_eq!(session.status(), Status { phase: Phase::SignedOut, person: None });
        }
    });
}

#[test]
fn who_leaves_in_the_middle_of_a_renewal_holds_nobody_up() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        fake.pass(550);
        let mut leaving = Box::pin(session.credentials());
        assert!(futures::poll!(&mut leaving).is_pending());
        assert_eq!(session.status().phase, Phase::Renewing);
        drop(leaving);
        assert_eq!(session.status().phase, Phase::Ready);
        assert!(session.credentials().await.is_ok());
        assert_eq!(fake.sent("/token").len(), 1, "what became of the first nobody knows");
    });
}

#[test]
fn a_device_whose_clock_is_fast_gets_credentials_that_are_good_for_less() {
    block_on(async {
        let fake = Fake::new();
        fake.device_off_ms.set(2 * 3_600_000);
        fake.hides_dates.set(true);
        fake.claims.borrow_mut().insert("exp", json!(crate::session::fake::START_MS / 1000 + 36_000));
        let shop = fake.shop("amazon|1").await;
        assert!(shop.session().credentials().await.unwrap().is_some());
        assert_eq!(fake.sent("/test/pets").len(), 1, "a server was asked for the time");
    });
}
