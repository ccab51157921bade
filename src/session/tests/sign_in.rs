use futures::executor::block_on;
use serde_json::json;

use super::*;

#[test]
fn a_sign_in_asks_for_what_the_protocol_wants() {
    block_on(async {
        let fake = Fake::new();
        let sign_in = SignIn { connection: Some("amazon".to_owned()), return_to: "/".to_owned() };
        fake.authorize(&fake.session().begin_sign_in(&sign_in).await.unwrap().url);
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
            let departure = session.begin_sign_in(&returning("/pets/1/purchase")).await.unwrap();
            assert_eq!(session.person(), None);
            let arrival = session.finish_sign_in(&fake.authorize(&departure.url), Some(&departure.keep)).await.unwrap();
            assert_eq!(arrival, Arrival { return_to: "/pets/1/purchase".to_owned(), quiet: false });
            let person = session.person().unwrap();
            assert_eq!((person.name.as_str(), person.source, person.role), ("Fred", source, role));
            assert_eq!(changes.get(), 2, "signing in, and signed in");
        }
    });
}

#[test]
fn a_callback_needs_what_its_tab_kept() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&departure.url);
        session.finish_sign_in(&query, Some(&departure.keep)).await.unwrap();
        let before = fake.requests.borrow().len();
        for kept in [None, Some(""), Some("{\"state\":1}")] {
            assert_eq!(session.finish_sign_in(&query, kept).await, Err(SessionError::NotUnderWay));
        }
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
            let departure = session.begin_sign_in(&returning("/")).await.unwrap();
            let query = edit(fake.authorize(&departure.url));
            let result = session.finish_sign_in(&query, Some(&departure.keep)).await;
            assert!(matches!(result, Err(SessionError::Mismatch(_))), "{query:.200} {result:?}");
            assert!(fake.sent("/token").is_empty());
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
            let departure = session.begin_sign_in(&returning("/")).await.unwrap();
            let query = fake.authorize(&departure.url).replace("&iss=https%3A%2F%2Fid.example%2F", "");
            let result = session.finish_sign_in(&query, Some(&departure.keep)).await;
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
            let departure = session.begin_sign_in(&returning("/")).await.unwrap();
            fake.pass(seconds);
            let result = session.finish_sign_in(&fake.authorize(&departure.url), Some(&departure.keep)).await;
            assert_eq!(result.is_ok(), in_time, "{seconds} {result:?}");
        }
    });
}

#[test]
fn a_token_that_cannot_be_believed_signs_nobody_in() {
    block_on(async {
        let now = crate::session::fake::START_MS / 1000;
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
        let refused = session.begin_sign_in(&returning("/")).await.err();
        assert!(matches!(refused, Some(SessionError::Discovery(_))), "{refused:?}");
        fake.discovery.borrow_mut().clear();
        sign_in(&session, &fake).await.unwrap();
        sign_in(&session, &fake).await.unwrap();
        assert_eq!(fake.sent("openid-configuration").len(), 2);
        let fake = Fake::new();
        fake.order("openid-configuration", Ok(json_answer(404, &json!({}))));
        assert!(matches!(fake.session().begin_sign_in(&returning("/")).await, Err(SessionError::Discovery(_))));
        fake.order("openid-configuration", Err(NetworkError::Offline));
        let offline = fake.session().begin_sign_in(&returning("/")).await.err();
        assert_eq!(offline, Some(SessionError::Network(NetworkError::Offline)));
    });
}

#[test]
fn an_error_from_the_issuer_is_told_in_words_and_only_to_who_asked() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        let state =
            fake.authorize(&departure.url).split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let query = format!("?error=access_denied&error_description=Not+you%E2%80%AE.&state={state}");
        let error = session.finish_sign_in(&query, Some(&departure.keep)).await.unwrap_err();
        assert_eq!(error.to_string(), "The sign-in was refused. Not you .");

        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        let forged = "?error=access_denied&error_description=Call+this+number&state=x";
        let error = session.finish_sign_in(forged, Some(&departure.keep)).await.unwrap_err();
        assert!(!error.to_string().contains("number"), "{error}");
    });
}

#[test]
fn an_answer_of_the_token_endpoint_gives_no_secret_away() {
    block_on(async {
        let fake = Fake::new();
        let session = fake.session();
        let departure = session.begin_sign_in(&returning("/")).await.unwrap();
        let query = fake.authorize(&departure.url).replace("good-code", "bad-code");
        let error = session.finish_sign_in(&query, Some(&departure.keep)).await.unwrap_err();
        assert!(matches!(&error, SessionError::Denied { code, .. } if code == "invalid_grant"));
        assert!(!error.to_string().contains("secret"), "{error}");
    });
}
