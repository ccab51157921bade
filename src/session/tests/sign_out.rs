use futures::{executor::block_on, join};
use serde_json::json;

use super::*;

const HOME: &str = "https://shop.example/";
const LOGOUT: &str =
    "https://id.example/logout?client_id=pets-spa&post_logout_redirect_uri=https%3A%2F%2Fshop.example%2F";

#[test]
fn signing_out_leaves_nothing_behind() {
    block_on(async {
        let fake = Fake::new();
        fake.claims.borrow_mut().insert("sid", json!("session 1"));
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        session.prepare().await;
        let refresh_token = fake.refresh_token.borrow().clone().unwrap();
        assert_eq!(session.sign_out().await, format!("{LOGOUT}&logout_hint=session+1"));
        let revoked = form_of(&fake.sent("/revoke")[0]);
        assert_eq!((revoked["token"].as_str(), revoked["client_id"].as_str()), (refresh_token.as_str(), "pets-spa"));
        assert_eq!(session.person(), None);
        assert!(session.state.borrow().is_none());
        assert!(session.credentials().await.unwrap().is_none());
        assert_eq!(session.status(), Status { phase: Phase::SignedOut, person: None });
    });
}

#[test]
fn a_renewed_token_may_leave_the_session_unnamed() {
    block_on(async {
        let fake = Fake::new();
        fake.claims.borrow_mut().insert("sid", json!("s"));
        let shop = fake.shop("amazon|1").await;
        fake.claims.borrow_mut().remove("sid");
        fake.pass(550);
        shop.session().id_token().await.unwrap();
        assert_eq!(fake.sent("/token").len(), 1, "it was renewed");
        assert_eq!(shop.session().sign_out().await, format!("{LOGOUT}&logout_hint=s"));
    });
}

#[test]
fn without_a_session_to_name_the_issuer_asks() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        assert_eq!(shop.session().sign_out().await, LOGOUT);
        assert_eq!(shop.session().sign_out().await, LOGOUT);
        assert_eq!(fake.sent("/revoke").len(), 1, "once, while somebody was signed in");
    });
}

#[test]
fn signing_out_works_without_the_issuer() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.order("/revoke", Err(NetworkError::TimedOut));
        assert_eq!(shop.session().sign_out().await, LOGOUT);
        fake.discovery.borrow_mut().insert("end_session_endpoint", json!(null));
        let shop = fake.shop("amazon|1").await;
        assert_eq!(shop.session().sign_out().await, HOME);
        let session = fake.session();
        fake.order("openid-configuration", Err(NetworkError::Offline));
        assert_eq!(session.sign_out().await, HOME);
    });
}

#[test]
fn what_was_on_its_way_at_sign_out_brings_nobody_back() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&departure.url);
        let (finished, _) = join!(session.finish_sign_in(&query, Some(&departure.keep)), async { session.forget() });
        assert_eq!(finished, Err(SessionError::SignedOut));
        assert_eq!(session.person(), None);

        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        let (one, other, _) = join!(session.credentials(), session.credentials(), async { session.forget() });
        assert_eq!(one.err(), Some(SessionError::SignedOut));
        assert_eq!(other.err(), Some(SessionError::SignedOut));
        assert!(session.state.borrow().is_none());

        let shop = fake.shop("amazon|1").await;
        fake.pass(550);
        let session = shop.session();
        let (renewed, _) = join!(session.id_token(), async { session.forget() });
        assert_eq!(renewed.err(), Some(SessionError::SignedOut));
        assert!(session.state.borrow().is_none());
    });
}

#[test]
fn one_persons_renewal_is_never_the_next_persons() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        fake.claims.borrow_mut().insert("sub", json!("auth0|1"));
        let next = async {
            let departure = session.begin_sign_in(&returning("/")).await.unwrap();
            session.finish_sign_in(&fake.authorize(&departure.url), Some(&departure.keep)).await.unwrap();
        };
        fake.order("sts.example", Err(NetworkError::Unreachable));
        fake.slow.set(100);
        let (renewed, _) = join!(session.credentials(), next);
        assert_eq!(renewed.err(), Some(SessionError::SignedOut));
        assert_eq!(session.person().unwrap().role, Some(Role::Admin));
        assert!(session.state.borrow().as_ref().unwrap().credentials.is_none());
    });
}

#[test]
fn a_listener_may_ask_and_listen_anew() {
    block_on(async {
        let fake = Fake::new();
        let session = Rc::new(fake.session());
        let seen = Rc::new(RefCell::new(Vec::new()));
        let (inner, log) = (Rc::downgrade(&session), Rc::clone(&seen));
        session.on_change(move || {
            let session = inner.upgrade().unwrap();
            log.borrow_mut().push(session.person().is_some());
            session.on_change(|| {});
        });
        sign_in(&session, &fake).await.unwrap();
        session.forget();
        session.forget();
        assert_eq!(*seen.borrow(), [false, true, false]);
    });
}
