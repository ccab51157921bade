//! The claims of a believed token, read by another reader and held against the rules in their own order.

use domain::BuyerName;
use jsonwebtoken::Algorithm;
use serde_json::Value;
use service::Identity;

use super::{CLIENTS, ISSUER, NOW, Signer};

/// Clocks may differ by this much, in seconds.
const LEEWAY: f64 = 60.0;

/// Panics if this token should not have been believed, or not for this.
pub fn check(identity: &Identity, header: &str, claims: &str, signer: &Signer) {
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("what is believed is JSON");
    let (header, claims) = (read(header), read(claims));
    assert!(header.is_object() && claims.is_object(), "what is believed is an object");
    let (algorithm, kid) = match signer.algorithm() {
        Algorithm::RS256 => ("RS256", "rsa"),
        _ => ("ES256", "ec"),
    };
    assert_eq!(header["alg"], algorithm, "another algorithm was believed");
    assert!(header.get("kid").is_none_or(|named| named.is_null() || named == kid), "another key was named");
    assert!(header.get("crit").is_none(), "what is critical wasn't understood");
    let kind = &header["typ"];
    assert!(kind.is_null() || kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("JWT")), "no ID token");

    assert_eq!(claims["iss"], ISSUER, "another issuer was believed");
    let audiences: Vec<&str> = match &claims["aud"] {
        Value::Array(audiences) => audiences.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    assert!(CLIENTS.iter().any(|client| audiences.contains(client)), "it is for others");
    assert!(CLIENTS.contains(&identity.audience.as_str()), "it was made for another client");
    match claims["azp"].as_str() {
        Some(party) => assert_eq!(identity.audience, party),
        None => assert_eq!(audiences, [identity.audience.as_str()]),
    }

    let time = |name: &str| claims[name].as_f64();
    let (now, expires) = (NOW as f64, time("exp").expect("a believed token ends"));
    assert!(now < expires + LEEWAY, "it has ended");
    let issued = time("iat").expect("a believed token began");
    assert!(issued <= now + LEEWAY && issued <= expires, "it is of the future");
    assert!(time("nbf").is_none_or(|begins| begins <= now + LEEWAY), "it isn't valid yet");
    assert_eq!(identity.exp, expires as i64);

    assert_eq!(claims["sub"], identity.sub.as_str(), "another person was believed");
    let shown = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    assert!((1..=255).contains(&identity.sub.len()) && identity.sub.bytes().all(shown));
    let texts = ["name", "nickname", "email", "sub"].iter().filter_map(|name| claims[*name].as_str());
    let name = texts.into_iter().find_map(BuyerName::from_claim).expect("a believed person has a name");
    assert_eq!(identity.name.as_str(), name.as_str(), "another name was believed");
}
