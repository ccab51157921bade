//! The Action that a tenant deploys, on every way to sign in.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use domain::{IdentitySource, Role, role_for};
use post_login::{Action, Event, Run, Stopped};
use serde_json::{Value, json};

const CLAIM: &str = "https://pets.example/role";

fn shipped() -> Action {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/auth0/actions/post-login/code.js");
    Action::load(&file).unwrap()
}

/// A login through a connection of this strategy, into the account of this user id; `more` goes over it.
fn login(user_id: &str, strategy: &str, more: Value) -> Event {
    let mut given = json!({
        "user": { "user_id": user_id, "name": "Fred Flintstone", "email": "fred@example.com" },
        "connection": { "name": strategy, "strategy": strategy },
    });
    given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Event::complete(given).unwrap()
}

/// The role that the ID token says, if the login goes on.
#[track_caller]
fn role(run: &Run) -> Option<&str> {
    let claims = run.result.as_ref().expect("the login goes on");
    assert!(claims.access_token.is_empty());
    assert!(claims.id_token.keys().all(|name| name == CLAIM), "{claims:?}");
    assert_eq!(run.warnings, [""; 0]);
    claims.id_token.get(CLAIM).map(|role| role.as_str().unwrap())
}

#[test]
fn the_connection_decides_the_role_and_nothing_is_logged() {
    let action = shipped();
    for (user_id, strategy, expected) in [
        ("auth0|1", "auth0", Some("admin")),
        ("amazon|1", "amazon", Some("buyer")),
        ("google-oauth2|1", "google-oauth2", Some("buyer")),
        ("samlp|initech|1", "samlp", None),
        ("email|1", "email", None),
        ("linkedin|1", "linkedin", None),
        // Two buyers' accounts are one buyer's.
        ("amazon|1", "facebook", Some("buyer")),
        // Nor can two without a role make one.
        ("waad|1", "samlp", None),
    ] {
        let run = action.run(&login(user_id, strategy, json!({})));
        assert_eq!(role(&run), expected, "{user_id} through {strategy}");
        assert_eq!(run.logged, [""; 0]);
    }
}

#[test]
fn a_role_that_is_not_allowed_ends_with_the_allowed_one_and_is_logged() {
    let action = shipped();
    for (user_id, strategy, asked, expected, logged) in [
        ("amazon|1", "amazon", "buyer", Some("buyer"), None),
        ("auth0|1", "auth0", "admin", Some("admin"), None),
        ("amazon|1", "amazon", "admin", Some("buyer"), Some("asked for admin, allowed buyer")),
        ("auth0|1", "auth0", "buyer", Some("admin"), Some("asked for buyer, allowed admin")),
        ("samlp|i|1", "samlp", "admin", None, Some("asked for admin, allowed no role")),
        ("amazon|1", "amazon", "fred@example.com", Some("buyer"), Some("asked for an unknown role, allowed buyer")),
        ("amazon|1", "amazon", "toString", Some("buyer"), Some("asked for an unknown role")),
    ] {
        // At a sign-in in the address, or in a form; at a refresh, in the body.
        for place in ["query", "body"] {
            let request = json!({ "request": { place: { "role": asked } } });
            let run = action.run(&login(user_id, strategy, request));
            assert_eq!(role(&run), expected, "{user_id} asks for {asked}");
            match logged {
                None => assert_eq!(run.logged, [""; 0]),
                Some(text) => assert!(run.logged.concat().contains(text), "{:?}", run.logged),
            }
        }
    }
    let twice = json!({ "request": { "query": { "role": ["admin", "buyer"] } } });
    let run = action.run(&login("amazon|1", "amazon", twice));
    assert_eq!((role(&run), run.logged.len()), (Some("buyer"), 1));
}

#[test]
fn a_sign_in_whose_account_has_another_role_is_refused() {
    let action = shipped();
    for (user_id, strategy) in [
        ("auth0|1", "amazon"),
        ("amazon|1", "auth0"),
        ("auth0|1", "samlp"),
        ("samlp|i|1", "auth0"),
        ("amazon|1", "linkedin"),
        ("auth0|", "auth0"),
        ("|1", "auth0"),
        ("auth0", "auth0"),
    ] {
        let run = action.run(&login(user_id, strategy, json!({ "request": { "query": { "role": "admin" } } })));
        assert!(matches!(run.result, Err(Stopped::Denied(_))), "{user_id} through {strategy}: {run:?}");
        assert!(run.logged.concat().starts_with("refused"), "{:?}", run.logged);
    }
}

/// What the token says is what the page and the trust policies make of its subject, whatever account, connection and
/// list there are; where that can't be, there is no token.
#[test]
fn the_role_in_a_token_is_that_of_its_subject() {
    let action = shipped();
    let sources =
        ["auth0", "amazon", "google-oauth2", "samlp", "oauth2", "email", "AUTH0", "auth0x", " auth0", "toString"];
    let ids = ["|1", "|1|2", "|", "", "|auth0|1"];
    let lists = ["amazon,google-oauth2", "", ",", "amazon", "oauth2,auth0", "samlp"];
    let (mut tokens, mut refused) = (0, 0);
    for list in lists {
        let listed: Vec<&str> = list.split(',').collect();
        for user_id in sources.iter().flat_map(|source| ids.iter().map(move |id| format!("{source}{id}"))) {
            let expected = role_for(&IdentitySource::from_subject(&user_id, &listed)).map(Role::as_str);
            for strategy in sources {
                let client = json!({ "client": { "metadata": { "social_connections": list } } });
                match action.run(&login(&user_id, strategy, client)).result {
                    Ok(claims) => {
                        let said = claims.id_token.get(CLAIM).map(|role| role.as_str().unwrap());
                        assert_eq!(said, expected, "{user_id} through {strategy} with {list:?}");
                        tokens += 1;
                    }
                    Err(Stopped::Denied(_)) => refused += 1,
                    Err(Stopped::Failed(failure)) => panic!("{user_id} through {strategy} with {list:?}: {failure}"),
                }
                // The first identity used as such is what most people do: never refused.
                if user_id.strip_prefix(strategy) == Some("|1") {
                    let run = action.run(&login(&user_id, strategy, json!({})));
                    assert!(run.result.is_ok(), "{user_id}: {run:?}");
                }
            }
        }
    }
    assert!(tokens > 1_000 && refused > 500, "{tokens} tokens, {refused} refused");
}

#[test]
fn the_list_is_the_applications_and_other_applications_are_left_alone() {
    let action = shipped();
    let with = |metadata: Value| {
        let given = json!({
            "user": { "user_id": "linkedin|1" },
            "connection": { "name": "linkedin", "strategy": "linkedin" },
            "client": { "metadata": metadata },
        });
        action.run(&Event::complete(given).unwrap())
    };
    assert_eq!(role(&with(json!({ "social_connections": " linkedin , x" }))), Some("buyer"));
    assert_eq!(role(&with(json!({ "social_connections": "x" }))), None);
    // No application of the shop: not even a sign-in that would be refused is touched.
    let other = json!({ "client": { "metadata": { "social_connections": null } } });
    let run = action.run(&login("auth0|1", "amazon", other));
    assert_eq!((role(&run), run.logged.len()), (None, 0));
}

#[test]
fn no_log_says_who_somebody_is() {
    let action = shipped();
    for (user_id, strategy) in [("amazon|SECRET", "amazon"), ("auth0|SECRET", "amazon")] {
        let asked = json!({ "request": { "query": { "role": "SECRET", "login_hint": "fred@example.com" } } });
        let run = action.run(&login(user_id, strategy, asked));
        let logged = run.logged.concat();
        assert!(!logged.is_empty() && logged.len() < 256, "{logged}");
        for personal in ["SECRET", "Fred", "Flintstone", "example.com"] {
            assert!(!logged.contains(personal), "{logged}");
        }
    }
}
