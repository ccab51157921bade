//! Which of an issuer's keys count, and which one a token is from.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use service::{Identity, Jwks, KeySourceError, TokenError};

use super::both;
use crate::issuer::{EC, EC_2, Key, Keys, RSA, RSA_2, claims, now, rsa_key};

fn changed(key: &Key, changes: Value) -> Key {
    let mut key = key.clone();
    for (member, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(key.jwk.as_object_mut().unwrap().remove(member)),
            value => key.jwk[member] = value.clone(),
        }
    }
    key
}

async fn verify(keys: &[&Key], token: &str) -> Result<Identity, TokenError> {
    Keys::of(keys).verifier().verify(token, now()).await
}

#[tokio::test]
async fn a_key_that_is_not_for_signatures_is_none() {
    for key in both() {
        let token = key.token(&claims("amazon|fred", "fred"));
        let check = async |changes: Value, believed: bool| {
            let outcome = verify(&[&changed(key, changes.clone())], &token).await.map(|_| ());
            assert_eq!(outcome, if believed { Ok(()) } else { Err(TokenError::UnknownKey) }, "{changes}");
        };
        check(json!({"use": null, "alg": null}), true).await;
        check(json!({"key_ops": ["verify"]}), true).await;
        check(json!({"x5c": ["AAAA"], "unknown": {"a": 1}}), true).await;
        for changes in [
            json!({"use": "enc"}),
            json!({"use": "SIG"}),
            json!({"use": ""}),
            json!({"use": 1}),
            json!({"key_ops": ["sign"]}),
            json!({"key_ops": []}),
            json!({"alg": "RS512"}),
            json!({"alg": "HS256"}),
            json!({"alg": if key.name == "RS256" { "ES256" } else { "RS256" }}),
            json!({"kid": "other"}),
            json!({"kid": null}),
            json!({"kty": "oct", "k": "AAAA"}),
            json!({"kty": "OKP"}),
            json!({"kty": null}),
        ] {
            check(changes, false).await;
        }
    }
}

#[tokio::test]
async fn the_exponent_of_every_real_key_is_taken_and_no_weak_one() {
    // 65537, which is what issuers publish.
    assert_eq!(RSA.jwk["e"], "AQAB");
    let token = RSA.token(&claims("amazon|fred", "fred"));
    assert!(verify(&[&RSA], &token).await.is_ok());
    // Left out before any signature is looked at: with an exponent of 1, for one, everybody can sign.
    for (e, what) in [
        ("", "nothing"),
        ("AA", "0"),
        ("AQ", "1"),
        ("AAAB", "1 with zeros before it"),
        ("Ag", "2"),
        ("AQAA", "65536"),
        ("AQAC", "65538"),
        ("AQAAAAE", "more than 32 bits"),
        ("AQAB=", "no base64url"),
        ("65537", "no base64url either"),
    ] {
        let outcome = verify(&[&changed(&RSA, json!({"e": e}))], &token).await.map(|_| ());
        assert_eq!(outcome, Err(TokenError::UnknownKey), "{e:?} is {what}");
    }
}

#[tokio::test]
async fn a_weak_or_broken_key_is_none() {
    let token = RSA.token(&claims("amazon|fred", "fred"));
    for changes in [json!({"n": ""}), json!({"n": "!"})] {
        let outcome = verify(&[&changed(&RSA, changes.clone())], &token).await.map(|_| ());
        assert_eq!(outcome, Err(TokenError::UnknownKey), "{changes}");
    }
    for bits in [1024, 2040] {
        let weak = rsa_key("weak", bits);
        let outcome = verify(&[&weak], &weak.token(&claims("amazon|fred", "fred"))).await.map(|_| ());
        assert_eq!(outcome, Err(TokenError::UnknownKey), "{bits} bits");
    }
    let huge = json!({"n": URL_SAFE_NO_PAD.encode([0xff; 2048])});
    assert!(verify(&[&changed(&RSA, huge)], &token).await.is_err());

    let token = EC.token(&claims("amazon|fred", "fred"));
    for changes in [
        json!({"crv": "P-384"}),
        json!({"crv": null}),
        json!({"x": "AAAA"}),
        json!({"y": null}),
        // A point that is not on the curve.
        json!({"x": URL_SAFE_NO_PAD.encode([7; 32]), "y": URL_SAFE_NO_PAD.encode([7; 32])}),
    ] {
        assert!(verify(&[&changed(&EC, changes.clone())], &token).await.is_err(), "{changes}");
    }
}

#[tokio::test]
async fn strange_keys_beside_a_good_one_do_no_harm() {
    let good = EC.token(&claims("amazon|fred", "fred"));
    let keys = Keys::of(&[]);
    *keys.document.lock().unwrap() = Some(json!({"keys": [
        1, null, {}, {"kty": "oct", "k": "AAAA", "kid": "ec-1"}, {"kty": "RSA", "kid": "ec-1"}, EC.jwk, RSA.jwk,
    ], "more": true}));
    assert!(keys.verifier().verify(&good, now()).await.is_ok());
}

#[tokio::test]
async fn a_token_without_a_key_id_needs_an_only_key() {
    for (key, other, second) in [(&*RSA, &*EC, &*RSA_2), (&*EC, &*RSA, &*EC_2)] {
        let token = key.sign(&json!({"alg": key.name}).to_string(), &claims("amazon|fred", "fred").to_string());
        let unnamed = changed(key, json!({"kid": null}));
        assert!(verify(&[key, other], &token).await.is_ok());
        assert!(verify(&[&unnamed], &token).await.is_ok());
        assert_eq!(verify(&[key, second], &token).await.map(|_| ()), Err(TokenError::AmbiguousKey));
        assert_eq!(verify(&[second], &token).await.map(|_| ()), Err(TokenError::Signature));
        assert_eq!(verify(&[other], &token).await.map(|_| ()), Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn two_keys_of_one_name_are_ambiguous() {
    let twin = changed(&RSA_2, json!({"kid": "rsa-1"}));
    let token = RSA.token(&claims("amazon|fred", "fred"));
    assert_eq!(verify(&[&RSA, &twin], &token).await.map(|_| ()), Err(TokenError::AmbiguousKey));
    // The same name for keys of different kinds is no doubt.
    let namesake = changed(&EC, json!({"kid": "rsa-1"}));
    assert!(verify(&[&namesake, &RSA], &token).await.is_ok());
}

#[test]
fn what_is_no_key_set_is_refused() {
    let many = json!({"keys": vec![EC.jwk.clone(); 101]}).to_string();
    for text in ["", "null", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#, "<html>", &many] {
        assert_eq!(
            Jwks::from_json(text.as_bytes()).map(|_| ()),
            Err(KeySourceError::Unreadable("the key set")),
            "{text:.40}"
        );
    }
    assert!(Jwks::from_json(br#"{"keys":[]}"#).is_ok());
}
