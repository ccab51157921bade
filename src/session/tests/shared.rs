//! Two tabs of one browser.

use futures::{executor::block_on, join};

use super::*;

/// What a tab hears when another has put something on the shelf.
fn adopt(session: &Session<Fake>, fake: &Fake) {
    let shared = fake.shared.borrow().clone();
    session.adopt(shared.as_ref().map(|text| text.as_str()));
}

#[test]
fn a_new_tab_takes_the_session_over_and_asks_neither_issuer_nor_sts() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        first.session().prepare().await;
        fake.requests.borrow_mut().clear();
        let second = fake.session();
        adopt(&second, &fake);
        assert_eq!(second.status(), first.session().status());
        let keys = second.credentials().await.unwrap().unwrap();
        assert_eq!(keys.keys.access_key_id(), "ASIA1");
        assert!(second.id_token().await.unwrap() == first.session().id_token().await.unwrap());
        assert!(fake.sent("id.example").is_empty() && fake.sent("sts.example").is_empty());
    });
}

#[test]
fn one_tab_renews_for_all_who_want_it_at_once() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let second = fake.session();
        adopt(&second, &fake);
        fake.pass(590);
        let (one, other) = join!(first.session().id_token(), second.id_token());
        assert!(one.unwrap().unwrap() == other.unwrap().unwrap());
        assert_eq!(fake.sent("/token").len(), 1);
    });
}

#[test]
fn a_refresh_token_on_its_way_is_off_the_shelf_and_the_next_is_there() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let before = fake.refresh_token.borrow().clone().unwrap();
        assert!(fake.shared.borrow().as_ref().unwrap().contains(&before));
        fake.pass(590);
        {
            let mut renewing = std::pin::pin!(first.session().id_token());
            while fake.sent("/token").is_empty() {
                assert!(futures::poll!(renewing.as_mut()).is_pending());
            }
            assert!(
                !fake.shared.borrow().as_ref().unwrap().contains("refresh-"),
                "whoever reads it now must not send it"
            );
            renewing.await.unwrap();
        }
        let after = fake.refresh_token.borrow().clone().unwrap();
        assert!(after != before && fake.shared.borrow().as_ref().unwrap().contains(&after));
    });
}

#[test]
fn signing_out_empties_the_shelf_and_every_tab() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let second = fake.session();
        adopt(&second, &fake);
        first.session().sign_out().await;
        assert!(fake.shared.borrow().is_none());
        adopt(&second, &fake);
        assert_eq!((second.person(), second.status().phase), (None, Phase::SignedOut));
    });
}

#[test]
fn somebody_elses_session_takes_the_place_of_this_one() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let generation = first.session().generation();
        let text = {
            let other = Fake::new();
            other.shop("auth0|2").await;
            other.shared.borrow().clone().unwrap()
        };
        // The fake worlds' nonces are alike; two sign-ins' never are.
        let text = text.replacen(r#""nonce":""#, r#""nonce":"x"#, 1);
        first.session().adopt(Some(&text));
        assert_eq!(first.session().person().unwrap().role, Some(Role::Admin));
        assert_ne!(first.session().generation(), generation);
    });
}

#[test]
fn a_role_on_the_shelf_is_nobodys_and_a_text_that_is_none_changes_nothing() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let before = first.session().status();
        for text in ["", "null", "{}", "[]", r#"{"subject":"auth0|1"}"#] {
            first.session().adopt(Some(text));
            assert_eq!(first.session().status(), before, "{text}");
        }
        let shared = fake.shared.borrow().clone().unwrap();
        assert!(
            !shared.contains("role") && !shared.contains("arn:"),
            "the role follows from the subject, here as everywhere"
        );
    });
}

#[test]
fn credentials_that_were_refused_do_not_come_back_from_the_shelf() {
    block_on(async {
        let fake = Fake::new();
        let first = fake.shop("amazon|1").await;
        let refused = first.session().credentials().await.unwrap().unwrap();
        first.session().discard(&refused);
        adopt(first.session(), &fake);
        assert_eq!(first.session().credentials().await.unwrap().unwrap().keys.access_key_id(), "ASIA2");
    });
}
