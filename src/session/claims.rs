//! The ID token's claims, checked before anything in them is believed (OpenID Connect Core 1.0, section 3.1.3.7).
//!
//! The signature isn't verified here: the token comes straight from the token endpoint over TLS, which that section's
//! item 6 accepts in its place. Whoever takes the token from elsewhere (STS, the shop's functions) verifies it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::{SessionError, words::shown};

/// What the app uses of a token that was checked.
pub(super) struct Claims {
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) nonce: Option<String>,
    /// The issuer's name for its own session (`sid`), if it gives one.
    pub(super) session_id: Option<String>,
    /// Milliseconds since 1970.
    pub(super) expires_ms: i64,
}

/// What is wrong with a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It isn't its time, or the clock is wrong.
    Time(&'static str),
    /// It is another token than it should be.
    Claim(&'static str),
}

impl From<Fault> for SessionError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Time(what) | Fault::Claim(what) => Self::claim(what),
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    sub: String,
    aud: Box<RawValue>,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nonce: Option<String>,
    sid: Option<String>,
    name: Option<String>,
    nickname: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
}

/// Checks a token for this issuer and client at this time. The nonce is the caller's to compare.
pub(super) fn check(token: &str, issuer: &str, client_id: &str, now_ms: i64) -> Result<Claims, Fault> {
    let parts: Vec<&str> = token.splitn(4, '.').collect();
    let [header, payload, _signature] = parts[..] else { return Err(Fault::Claim("the ID token is no JWT")) };
    // STS takes no longer ones, and headers no other characters.
    if token.len() > 20_000 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Fault::Claim("the ID token is too long, or has characters that none has"));
    }
    let header: Header = decode(header).ok_or(Fault::Claim("the ID token's header can't be read"))?;
    if header.alg != "RS256" && header.alg != "ES256" {
        return Err(Fault::Claim("the ID token is not signed with RS256 or ES256"));
    }
    let payload: Payload =
        decode(payload).ok_or(Fault::Claim("the ID token lacks a claim, or has one that is wrong"))?;

    if payload.iss != issuer {
        return Err(Fault::Claim("the ID token is from another issuer (iss)"));
    }
    // Audiences beside this app would be ones that it doesn't trust.
    let audiences = payload.aud.get().as_bytes();
    let alone = serde_json::from_slice::<String>(audiences).map(|one| vec![one]);
    let audiences = alone.or_else(|_| serde_json::from_slice::<Vec<String>>(audiences)).unwrap_or_default();
    if audiences != [client_id] || payload.azp.as_ref().is_some_and(|party| party != client_id) {
        return Err(Fault::Claim("the ID token is for another app (aud, azp)"));
    }
    if payload.sub.is_empty() || payload.sub.len() > 255 {
        return Err(Fault::Claim("the ID token's subject (sub) is empty or too long"));
    }
    let expires_ms = milliseconds(payload.exp).ok_or(Fault::Claim("the ID token's exp is no time"))?;
    let issued_ms = milliseconds(payload.iat).ok_or(Fault::Claim("the ID token's iat is no time"))?;
    if expires_ms <= now_ms {
        return Err(Fault::Time("the ID token is past its end (exp)"));
    }
    if issued_ms > now_ms + LEEWAY_MS {
        return Err(Fault::Time("the ID token is from the future (iat)"));
    }
    let Payload { name, nickname, preferred_username, email, sub, sid, nonce, .. } = payload;
    let names = [name, nickname, preferred_username, email];
    let name = names.into_iter().flatten().map(|name| shown(&name, 100)).find(|name| !name.is_empty());
    Ok(Claims { name: name.unwrap_or_else(|| shown(&sub, 100)), subject: sub, nonce, session_id: sid, expires_ms })
}

/// Servers disagree by a little; so much and no more.
const LEEWAY_MS: i64 = 60_000;

fn decode<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A `NumericDate`, which may have a fraction (RFC 7519, section 2), of a year that makes sense.
fn milliseconds(seconds: f64) -> Option<i64> {
    (0.0..253_402_300_800.0).contains(&seconds).then_some((seconds * 1000.0) as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn token(header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(header), part(payload))
    }

    fn good() -> Value {
        json!({ "iss": "https://id.example/", "sub": "amazon|1", "aud": "app", "exp": 1_800_000_300, "iat": 1_799_999_990.5,
            "nonce": "n", "name": "Fred" })
    }

    fn read(payload: &Value) -> Result<Claims, Fault> {
        check(&token(&json!({ "alg": "RS256", "typ": "JWT" }), payload), "https://id.example/", "app", NOW)
    }

    fn with(claim: &str, value: Value) -> Result<Claims, Fault> {
        let mut payload = good();
        payload[claim] = value;
        read(&payload)
    }

    #[test]
    fn a_good_token_is_believed() {
        let claims = read(&good()).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert_eq!((claims.subject.as_str(), claims.name.as_str()), ("amazon|1", "Fred"));
        assert_eq!(claims.expires_ms, 1_800_000_300_000);
        assert!(with("aud", json!(["app"])).is_ok());
        assert!(with("azp", json!("app")).is_ok());
    }

    #[test]
    fn a_person_without_a_name_gets_the_next_best() {
        let name = |payload: Value| read(&payload).map(|claims| claims.name).unwrap_or_default();
        let mut payload = good();
        payload["name"] = json!(" ");
        payload["email"] = json!("fred@example.com");
        assert_eq!(name(payload.clone()), "fred@example.com");
        payload["nickname"] = json!("fr\u{202e}ed\n");
        assert_eq!(name(payload), "fr ed");
    }

    #[test]
    fn a_wrong_claim_is_refused() {
        for (claim, value) in [
            ("iss", json!("https://id.example")),
            ("iss", json!("https://evil.example/")),
            ("iss", json!(["https://id.example/"])),
            ("aud", json!("other")),
            ("aud", json!(["app", "other"])),
            ("aud", json!([])),
            ("aud", json!({ "app": 1 })),
            ("azp", json!("other")),
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
            ("sub", json!(1)),
            ("exp", json!("1800000300")),
            ("exp", json!(-1)),
            ("exp", json!(1e300)),
            ("iat", json!(null)),
        ] {
            assert!(matches!(with(claim, value.clone()), Err(Fault::Claim(_))), "{claim} {value}");
        }
        for (claim, value) in [
            ("exp", json!(1_800_000_000)),
            ("exp", json!(0)),
            ("iat", json!(1_800_000_061)),
            ("iat", json!(1_900_000_000)),
        ] {
            assert!(matches!(with(claim, value.clone()), Err(Fault::Time(_))), "{claim} {value}");
        }
    }

    #[test]
    fn what_is_no_signed_token_is_refused() {
        for alg in ["none", "None", "HS256", ""] {
            assert!(
                check(&token(&json!({ "alg": alg }), &good()), "https://id.example/", "app", NOW).is_err(),
                "{alg}"
            );
        }
        for text in ["", ".", "..", "a.b.c", "e30.e30.e30", "e30.e30", "a.b.c.d", &"é".repeat(9), &"A.".repeat(50_000)]
        {
            assert!(check(text, "https://id.example/", "app", NOW).is_err(), "{text:.20}");
        }
    }
}
