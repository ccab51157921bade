//! When keys are fetched, and when not.

use std::sync::Arc;

use serde_json::json;
use service::{FetchKeys, KeySource, KeySourceError, TokenError, TokenVerifier, VerifierSettings};
use time::Duration;

use crate::issuer::{CLIENT, EC, EC_2, ISSUER, Key, Keys, NOW, RSA, RSA_2, claims, claims_with, now};

fn token(key: &Key) -> String {
    key.token(&claims_with(&json!({"exp": NOW + 10 * 86_400})))
}

#[tokio::test]
async fn keys_are_fetched_once_for_many() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    for second in 0..100 {
        assert!(verifier.verify(&token(&RSA), now() + Duration::seconds(second)).await.is_ok());
    }
    assert_eq!(keys.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_the_same_moment_share_one_fetch() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let verifier = verifier.clone();
            tokio::spawn(async move { verifier.verify(&token(&RSA), now()).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap().is_ok());
    }
    assert_eq!(keys.count(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_at_once_and_an_unknown_one_asked_for_once_a_minute() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    let at = |seconds| now() + Duration::seconds(seconds);
    assert!(verifier.verify(&token(&RSA), at(0)).await.is_ok());

    keys.set(&[&RSA, &EC]);
    assert_eq!(verifier.verify(&token(&EC), at(59)).await.map(|_| ()), Err(TokenError::UnknownKey));
    assert_eq!(keys.count(), 1, "the last fetch is too fresh");
    assert!(verifier.verify(&token(&EC), at(60)).await.is_ok());
    assert_eq!(keys.count(), 2);

    for second in 61..120 {
        assert_eq!(verifier.verify(&token(&RSA_2), at(second)).await.map(|_| ()), Err(TokenError::UnknownKey));
        assert!(verifier.verify(&token(&RSA), at(second)).await.is_ok());
    }
    assert_eq!(keys.count(), 2, "made-up key ids cost the issuer nothing");
    assert!(verifier.verify(&token(&RSA_2), at(120)).await.is_err());
    assert_eq!(keys.count(), 3);
}

#[tokio::test]
async fn a_failure_is_not_repeated_within_the_minute() {
    let keys = Arc::new(Keys::default());
    let verifier = keys.verifier();
    for second in [0, 1, 30, 59] {
        let outcome = verifier.verify(&token(&RSA), now() + Duration::seconds(second)).await;
        assert!(matches!(outcome, Err(TokenError::KeysUnavailable(_))));
    }
    assert_eq!(keys.count(), 1);
    keys.set(&[&RSA]);
    assert!(verifier.verify(&token(&RSA), now() + Duration::seconds(60)).await.is_ok());
    assert_eq!(keys.count(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_forgotten_within_the_hour() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    assert!(verifier.verify(&token(&RSA), now()).await.is_ok());
    keys.set(&[&RSA_2]);
    assert!(verifier.verify(&token(&RSA), now() + Duration::minutes(59)).await.is_ok());
    let outcome = verifier.verify(&token(&RSA), now() + Duration::minutes(60)).await;
    assert_eq!(outcome.map(|_| ()), Err(TokenError::UnknownKey));
}

#[tokio::test]
async fn keys_outlive_an_issuer_that_is_away_for_a_day_at_most() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    assert!(verifier.verify(&token(&RSA), now()).await.is_ok());
    keys.fail();
    assert!(verifier.verify(&token(&RSA), now() + Duration::hours(23)).await.is_ok());
    for hours in [24, 25] {
        let outcome = verifier.verify(&token(&RSA), now() + Duration::hours(hours)).await;
        assert!(matches!(outcome, Err(TokenError::KeysUnavailable(_))), "{outcome:?}");
    }
    keys.set(&[&RSA]);
    assert!(verifier.verify(&token(&RSA), now() + Duration::hours(26)).await.is_ok());
}

#[tokio::test]
async fn a_key_without_a_name_can_be_replaced() {
    let mut keys = [EC.clone(), EC_2.clone()];
    for key in &mut keys {
        key.jwk.as_object_mut().unwrap().remove("kid");
    }
    let [old, new] = keys;
    let unnamed = |key: &Key| key.sign(r#"{"alg":"ES256"}"#, &claims("amazon|fred", "fred").to_string());
    let source = Keys::of(&[&old]);
    let verifier = source.verifier();
    assert!(verifier.verify(&unnamed(&old), now()).await.is_ok());
    source.set(&[&new]);
    assert!(verifier.verify(&unnamed(&new), now() + Duration::minutes(1)).await.is_ok());
    assert_eq!(source.count(), 2);
}

/// Never answers.
struct Silent;

impl KeySource for Silent {
    fn fetch(&self) -> FetchKeys<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_issuer_is_given_up() {
    let settings = VerifierSettings { issuer: ISSUER.to_owned(), audiences: vec![CLIENT.to_owned()] };
    let verifier = TokenVerifier::new(settings, Arc::new(Silent));
    let an_hour = std::time::Duration::from_secs(3600);
    let outcome = tokio::time::timeout(an_hour, verifier.verify(&token(&RSA), now())).await.unwrap();
    assert_eq!(outcome.map(|_| ()), Err(TokenError::KeysUnavailable(KeySourceError::TimedOut)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_goes_away_takes_no_keys_along() {
    let keys = Keys::of(&[&RSA]);
    let verifier = keys.verifier();
    let gone = tokio::spawn({
        let verifier = verifier.clone();
        async move { verifier.verify(&token(&RSA), now()).await }
    });
    gone.abort();
    let _ = gone.await;
    assert!(verifier.verify(&token(&RSA), now()).await.is_ok());
}
