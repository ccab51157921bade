//! Which tokens are believed, by either kind of key.

mod bad;
mod cache;
mod http;
mod keys;
mod rfc8725;

use serde_json::json;

use crate::issuer::{CLIENT, EC, Key, NOW, RSA, claims, claims_with, verify};

fn both() -> [&'static Key; 2] {
    [&RSA, &EC]
}

#[tokio::test]
async fn a_good_token_says_who_it_is() {
    for key in both() {
        let identity = verify(key, &key.token(&claims("amazon|fred", "fred flintstone"))).await.unwrap();
        assert_eq!((identity.sub.as_str(), identity.name.as_str()), ("amazon|fred", "fred flintstone"));
        assert_eq!((identity.audience.as_str(), identity.exp), (CLIENT, NOW + 3600));
        assert_eq!(identity.email.as_deref(), Some("mail@example.com"));
        assert_eq!(identity.amr, ["mfa"]);
        let debug = format!("{identity:?}");
        assert!(!debug.contains("fred") && !debug.contains("mail"), "{debug}");
    }
}

#[tokio::test]
async fn the_name_is_the_best_there_is() {
    let check = async |changes: serde_json::Value, name: &str| {
        assert_eq!(verify(&EC, &EC.token(&claims_with(&changes))).await.unwrap().name.as_str(), name, "{changes}");
    };
    check(json!({"name": " fred\u{202e}  flintstone\n"}), "fred flintstone").await;
    check(json!({"name": "x".repeat(500)}), &"x".repeat(100)).await;
    check(json!({"name": ""}), "nick").await;
    check(json!({"name": null, "nickname": "\u{200b}"}), "mail@example.com").await;
    check(json!({"name": 7, "nickname": ["a"], "email": {}}), "amazon|fred").await;
}

#[tokio::test]
async fn the_time_may_be_a_minute_off() {
    for (changes, believed) in [
        (json!({"exp": NOW - 59, "iat": NOW - 7200}), true),
        (json!({"exp": NOW - 60, "iat": NOW - 7200}), false),
        (json!({"nbf": NOW + 60}), true),
        (json!({"nbf": NOW + 61}), false),
        (json!({"iat": NOW + 60}), true),
        (json!({"iat": NOW + 61}), false),
        (json!({"exp": NOW - 20, "iat": NOW - 10}), false),
        (json!({"exp": NOW as f64 + 0.5, "iat": NOW as f64 - 0.5}), true),
    ] {
        assert_eq!(verify(&EC, &EC.token(&claims_with(&changes))).await.is_ok(), believed, "{changes}");
    }
}

#[tokio::test]
async fn several_audiences_need_an_authorized_party() {
    let check = async |changes: serde_json::Value, audience: Option<&str>| {
        let verifier = crate::issuer::Keys::of(&[&EC]).verifier_for(&[CLIENT, "second"]);
        let identity = verifier.verify(&EC.token(&claims_with(&changes)), crate::issuer::now()).await;
        assert_eq!(identity.as_ref().ok().map(|identity| identity.audience.as_str()), audience, "{changes}");
    };
    check(json!({"aud": ["second"]}), Some("second")).await;
    check(json!({"aud": [CLIENT, "api"], "azp": CLIENT}), Some(CLIENT)).await;
    check(json!({"aud": CLIENT, "azp": "second"}), Some("second")).await;
    check(json!({"aud": [CLIENT, "second"]}), None).await;
    check(json!({"aud": [CLIENT, "api"], "azp": "api"}), None).await;
    check(json!({"aud": CLIENT, "azp": "other"}), None).await;
    check(json!({"aud": ["api"], "azp": CLIENT}), None).await;
}
