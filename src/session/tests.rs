use domain::{IdentitySource, Role};
use futures::{executor::block_on, join};
use serde_json::json;

use super::{
    fake::{Fake, form_of, json_answer, sts_refusal},
    *,
};

fn returning(to: &str) -> SignIn {
    SignIn { connection: None, return_to: to.to_owned() }
}

/// Begins, lets the issuer answer, and finishes.
async fn sign_in(session: &Session<Fake>, fake: &Fake) -> Result<String, SessionError> {
    let url = session.begin_sign_in(&returning("/")).await?;
    session.finish_sign_in(&fake.authorize(&url)).await
}

#[test]
fn a_sign_in_asks_for_what_the_protocol_wants() {
    block_on(async {
        let fake = Fake::new();
        let sign_in = SignIn { connection: Some("amazon".to_owned()), return_to: "/".to_owned() };
        fake.authorize(&fake.session().begin_sign_in(&sign_in).await.unwrap());
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "pets-spa"),
            ("redirect_uri", "https://shop.example/callback"),
            ("scope", "openid profile email offline_access"),
            ("code_challenge_method", "S256"),
            ("connection", "amazon"),
        ] {
            assert_eq!(fake.asked(name).as_deref(), Some(value));
        }
        assert_eq!(fake.asked("prompt"), None);
        let secrets = ["state", "nonce", "code_challenge"].map(|name| fake.asked(name).unwrap());
        assert!(secrets.iter().all(|secret| secret.len() == 43));
        assert!(secrets[0] != secrets[1] && secrets[1] != secrets[2]);
    });
}

#[test]
fn a_person_is_who_the_token_says_and_is_brought_back() {
    block_on(async {
        for (subject, source, role) in [
            ("amazon|1", IdentitySource::Social("amazon".to_owned()), Some(Role::Buyer)),
            ("auth0|1", IdentitySource::Database, Some(Role::Admin)),
            ("adfs|ida", IdentitySource::Other(Some("adfs".to_owned())), None),
            ("facebook|1", IdentitySource::Other(Some("facebook".to_owned())), None),
        ] {
            let fake = Fake::new();
            let session = fake.session();
            fake.claims.borrow_mut().insert("sub", json!(subject));
            let changes = Rc::new(Cell::new(0));
            let seen = Rc::clone(&changes);
            session.on_change(move || seen.set(seen.get() + 1));
            let url = session.begin_sign_in(&returning("/pets/1/purchase")).await.unwrap();
            assert_eq!(session.person(), None);
            assert_eq!(session.finish_sign_in(&fake.authorize(&url)).await.unwrap(), "/pets/1/purchase");
            let person = session.person().unwrap();
            assert_eq!((person.name.as_str(), person.source, person.role), ("Fred", source, role));
            assert_eq!(changes.get(), 1);
            assert!(fake.was_signed_in.get());
            assert_eq!(*fake.kept.borrow(), None);
        }
    });
}

#[test]
fn a_callback_works_once() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let url = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&url);
        session.finish_sign_in(&query).await.unwrap();
        let before = fake.requests.borrow().len();
        assert_eq!(session.finish_sign_in(&query).await, Err(SessionError::NotUnderWay));
        assert_eq!(fake.session().finish_sign_in(&query).await, Err(SessionError::NotUnderWay));
        assert_eq!(fake.requests.borrow().len(), before);
    });
}

#[test]
fn a_callback_that_answers_another_question_is_refused_before_anything_is_sent() {
    block_on(async {
        let edits: [fn(String) -> String; 8] = [
            |query| query.replace("state=", "state=x"),
            |query| query.replace("state=", "other="),
            |query| query + "&state=x",
            |query| query + "&code=x",
            |query| query.replace("iss=https", "iss=http"),
            |query| query.replace("code=", "other="),
            |_| String::new(),
            |query| query + &"&x=y".repeat(10_000),
        ];
        for edit in edits {
            let fake = Fake::new();
            let session = fake.session();
            let url = session.begin_sign_in(&returning("/")).await.unwrap();
            let query = edit(fake.authorize(&url));
            let result = session.finish_sign_in(&query).await;
            assert!(matches!(result, Err(SessionError::Mismatch(_))), "{query:.200} {result:?}");
            assert!(fake.sent("/token").is_empty());
            assert_eq!(*fake.kept.borrow(), None);
            assert_eq!(session.person(), None);
        }
    });
}

#[test]
fn an_issuer_that_promises_its_name_must_give_it() {
    block_on(async {
        for promises in [true, false] {
            let fake = Fake::new();
            let field = "authorization_response_iss_parameter_supported";
            fake.discovery.borrow_mut().insert(field, json!(promises));
            let session = fake.session();
            let url = session.begin_sign_in(&returning("/")).await.unwrap();
            let query = fake.authorize(&url).replace("&iss=https%3A%2F%2Fid.example%2F", "");
            let result = session.finish_sign_in(&query).await;
            assert_eq!(result.is_err(), promises, "{result:?}");
            assert_eq!(fake.sent("/token").is_empty(), promises);
        }
    });
}

#[test]
fn a_sign_in_takes_no_longer_than_ten_minutes() {
    block_on(async {
        for (seconds, in_time) in [(600, true), (601, false), (-1, false)] {
            let fake = Fake::new();
            let session = fake.session();
            let url = session.begin_sign_in(&returning("/")).await.unwrap();
            fake.pass(seconds);
            let result = session.finish_sign_in(&fake.authorize(&url)).await;
            assert_eq!(result.is_ok(), in_time, "{seconds} {result:?}");
        }
        let fake = Fake::new();
        *fake.kept.borrow_mut() = Some("{\"state\":1}".to_owned());
        assert_eq!(fake.session().finish_sign_in("?code=a&state=b").await, Err(SessionError::NotUnderWay));
    });
}

#[test]
fn a_token_that_cannot_be_believed_signs_nobody_in() {
    block_on(async {
        let now = fake::START_MS / 1000;
        for (claim, value) in [
            ("nonce", json!("other")),
            ("nonce", json!(null)),
            ("iss", json!("https://id.example")),
            ("aud", json!("other")),
            ("aud", json!(["pets-spa", "other"])),
            ("azp", json!("other")),
            ("exp", json!(now - 1)),
            ("iat", json!(now + 3600)),
            ("sub", json!("")),
        ] {
            let fake = Fake::new();
            fake.claims.borrow_mut().insert(claim, value.clone());
            let session = fake.session();
            let result = sign_in(&session, &fake).await;
            assert!(matches!(result, Err(SessionError::Claim(_))), "{claim} {value} {result:?}");
            assert_eq!(session.person(), None);
            assert!(!fake.was_signed_in.get());
        }
        for body in [json!({}), json!({ "id_token": 1 }), json!([]), json!({ "id_token": "é.é.é" })] {
            let fake = Fake::new();
            fake.order("/token", Ok(json_answer(200, &body)));
            let result = sign_in(&fake.session(), &fake).await;
            assert!(matches!(result, Err(SessionError::Answer(_) | SessionError::Claim(_))), "{body} {result:?}");
        }
    });
}

#[test]
fn a_discovery_document_of_another_issuer_is_refused_and_a_good_one_is_read_once() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        fake.discovery.borrow_mut().insert("issuer", json!("https://evil.example/"));
        let refused = session.begin_sign_in(&returning("/")).await;
        assert!(matches!(refused, Err(SessionError::Discovery(_))), "{refused:?}");
        assert_eq!(*fake.kept.borrow(), None);
        fake.discovery.borrow_mut().clear();
        sign_in(&session, &fake).await.unwrap();
        sign_in(&session, &fake).await.unwrap();
        assert_eq!(fake.sent("openid-configuration").len(), 2);
        let fake = Fake::new();
        fake.order("openid-configuration", Ok(json_answer(404, &json!({}))));
        assert!(matches!(fake.session().begin_sign_in(&returning("/")).await, Err(SessionError::Discovery(_))));
        fake.order("openid-configuration", Err(NetworkError::Offline));
        let offline = fake.session().begin_sign_in(&returning("/")).await;
        assert_eq!(offline, Err(SessionError::Network(NetworkError::Offline)));
    });
}

#[test]
fn an_error_from_the_issuer_is_told_in_words_and_only_to_who_asked() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let url = session.begin_sign_in(&returning("/")).await.unwrap();
        let state = fake.authorize(&url).split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let query = format!("?error=access_denied&error_description=Not+you%E2%80%AE.&state={state}");
        let error = session.finish_sign_in(&query).await.unwrap_err();
        assert_eq!(error.to_string(), "The sign-in was refused. Not you .");

        session.begin_sign_in(&returning("/")).await.unwrap();
        let forged = "?error=access_denied&error_description=Call+this+number&state=x";
        let error = session.finish_sign_in(forged).await.unwrap_err();
        assert!(!error.to_string().contains("number"), "{error}");
    });
}

#[test]
fn an_answer_of_the_token_endpoint_gives_no_secret_away() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let url = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&url).replace("good-code", "bad-code");
        let error = session.finish_sign_in(&query).await.unwrap_err();
        assert!(matches!(&error, SessionError::Denied { code, .. } if code == "invalid_grant"));
        assert!(!error.to_string().contains("secret"), "{error}");
    });
}

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
        fake.claims.borrow_mut().insert("exp", json!(fake::START_MS / 1000 - 1));
        assert!(matches!(sign_in(&fake.session(), &fake).await, Err(SessionError::Claim(_))));
    });
}

#[test]
fn sts_is_asked_unsigned_and_in_its_own_words() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|amzn1.account.AFRED").await;
        shop.session().prepare().await;
        let sent = fake.sent("sts.example");
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].method().as_str(), sent[0].uri().to_string().as_str()), ("POST", "https://sts.example/"));
        assert_eq!(sent[0].headers().len(), 1);
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
        fake.pass(20);
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
            fake.pass(500);
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
            fake.pass(500);
            fake.claims.borrow_mut().insert(claim, value.clone());
            let result = shop.session().id_token().await;
            assert!(matches!(result, Err(SessionError::Claim(_))), "{claim}");
            assert_eq!(shop.session().person().unwrap().role, Some(Role::Buyer));
        }
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.pass(500);
        fake.claims.borrow_mut().insert("nonce", json!(null));
        assert!(shop.session().id_token().await.is_ok(), "a renewed token needs no nonce");
    });
}

#[test]
fn a_token_near_its_end_serves_while_the_issuer_is_away() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.pass(500);
        fake.order("/token", Err(NetworkError::Unreachable));
        assert!(shop.session().id_token().await.is_ok());
        fake.pass(100);
        fake.order("/token", Err(NetworkError::Unreachable));
        let away = shop.session().id_token().await.err();
        assert_eq!(away, Some(SessionError::Network(NetworkError::Unreachable)));
        assert!(shop.session().person().is_some());
    });
}

#[test]
fn a_token_near_its_end_gets_credentials_even_if_nothing_can_renew_it() {
    block_on(async {
        for without in ["a refresh token that is good", "the issuer"] {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            fake.pass(500);
            match without {
                "the issuer" => fake.order("/token", Err(NetworkError::Unreachable)),
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
fn signing_out_leaves_nothing_behind() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        session.prepare().await;
        let refresh_token = fake.refresh_token.borrow().clone().unwrap();
        let url = session.sign_out().await;
        let home = "https%3A%2F%2Fshop.example%2F";
        assert_eq!(url, format!("https://id.example/logout?client_id=pets-spa&post_logout_redirect_uri={home}"));
        let revoked = form_of(&fake.sent("/revoke")[0]);
        assert_eq!((revoked["token"].as_str(), revoked["client_id"].as_str()), (refresh_token.as_str(), "pets-spa"));
        assert_eq!(session.person(), None);
        assert!(session.state.borrow().is_none());
        assert!(session.credentials().await.unwrap().is_none());
        assert!(!fake.was_signed_in.get());
        assert_eq!(fake.announced.get(), 1);
        assert_eq!(session.restore("/").await, Ok(None));
    });
}

#[test]
fn signing_out_works_without_the_issuer() {
    block_on(async {
        let fake = Fake::new();
        let shop = fake.shop("amazon|1").await;
        fake.order("/revoke", Err(NetworkError::TimedOut));
        assert!(shop.session().sign_out().await.starts_with("https://id.example/logout?"));
        fake.discovery.borrow_mut().insert("end_session_endpoint", json!(null));
        let shop = fake.shop("amazon|1").await;
        assert_eq!(shop.session().sign_out().await, "https://shop.example/");
        let session = fake.session();
        fake.order("openid-configuration", Err(NetworkError::Offline));
        assert_eq!(session.sign_out().await, "https://shop.example/");
    });
}

#[test]
fn what_was_on_its_way_at_sign_out_brings_nobody_back() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let url = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&url);
        let (finished, _) = join!(session.finish_sign_in(&query), async { session.forget() });
        assert_eq!(finished, Err(SessionError::SignedOut));
        assert_eq!(session.person(), None);
        assert!(!fake.was_signed_in.get());

        let shop = fake.shop("amazon|1").await;
        let session = shop.session();
        let (one, other, _) = join!(session.credentials(), session.credentials(), async { session.forget() });
        assert_eq!(one.err(), Some(SessionError::SignedOut));
        assert_eq!(other.err(), Some(SessionError::SignedOut));
        assert!(session.state.borrow().is_none());

        let shop = fake.shop("amazon|1").await;
        fake.pass(500);
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
        let buyer = fake.shop("amazon|1").await;
        let admin = fake.shop("auth0|1").await;
        let session = buyer.session();
        let next = admin.session().state.borrow_mut().take().unwrap();
        let (renewed, _) = join!(session.credentials(), async { session.become_person(next) });
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
        assert_eq!(*seen.borrow(), [true, false]);
    });
}
