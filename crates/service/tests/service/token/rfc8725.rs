//! The list of RFC 8725, "JSON Web Token Best Current Practices": a test for each of its sections 3.1 to 3.12, by its
//! number. More on single points is in `bad`, `keys`, `cache` and `http`.

mod claims;
mod cryptography;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use service::TokenError;

use crate::issuer::{EC, Key, Keys, RSA, claims, now};

fn fred() -> Value {
    claims("amazon|fred", "fred")
}

/// A token of fred's with these members in its header.
fn token_with(key: &Key, header: &Value) -> String {
    key.sign_bytes(header_with(key, header), fred().to_string())
}

/// A header of this key's, but for these members; `null` takes one away.
fn header_with(key: &Key, changes: &Value) -> String {
    let mut header = key.header();
    let members = header.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    header.to_string()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// What becomes of a token at a verifier that has both good keys.
async fn outcome(token: &str) -> Result<(), TokenError> {
    Keys::of(&[&RSA, &EC]).verifier().verify(token, now()).await.map(|_| ())
}

async fn refused(token: &str, error: TokenError, what: &str) {
    assert_eq!(outcome(token).await, Err(error), "{what}: {token:.300}");
}

async fn believed(token: &str, what: &str) {
    assert_eq!(outcome(token).await, Ok(()), "{what}: {token:.300}");
}
