//! The shop's own verifier believes what this issuer signs, and only that.

use std::sync::Arc;

use service::{FetchKeys, Identity, Jwks, KeySource, TokenError, TokenVerifier, VerifierSettings};

use super::*;

struct Published(Vec<u8>);

impl KeySource for Published {
    fn fetch(&self) -> FetchKeys<'_> {
        Box::pin(async { Jwks::from_json(&self.0) })
    }
}

fn verify(browser: &Browser, audience: &str, token: &str) -> Result<Identity, TokenError> {
    let settings = VerifierSettings { issuer: ISSUER.into(), audiences: vec![audience.into()] };
    let keys = Published(browser.get(".well-known/jwks.json", &[]).body.into_bytes());
    let verifier = TokenVerifier::new(settings, Arc::new(keys));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(verifier.verify(token, browser.now))
}

#[test]
fn the_shop_believes_a_token_of_this_issuer_in_its_time() {
    let mut browser = Browser::new();
    let token = browser.tokens()["id_token"].as_str().unwrap().to_owned();
    let identity = verify(&browser, "pets-spa", &token).unwrap();
    assert_eq!(identity.sub, FRED);
    assert_eq!(identity.email.as_deref(), Some("fred@example.com"));
    assert!(verify(&browser, "other", &token).is_err());
    let end = token.rfind('.').unwrap() + 1;
    let other_signature = format!("{}{}", &token[..end], "A".repeat(token.len() - end));
    assert!(verify(&browser, "pets-spa", &other_signature).is_err());
    browser.wait(Duration::hours(11));
    assert!(verify(&browser, "pets-spa", &token).is_err());
}
