//! Tokens that must not be believed, each for the reason it should be.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rsa::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};
use serde_json::{Value, json};
use service::TokenError;

use super::both;
use crate::issuer::{CLIENT, EC, EC_2, ISSUER, Key, Keys, NOW, RSA, RSA_2, claims, claims_with, now, verify};

fn fred() -> Value {
    claims("amazon|fred", "fred")
}

fn with(claim: &str, value: Value) -> Value {
    claims_with(&json!({claim: value}))
}

async fn refused(key: &Key, token: &str, error: TokenError) {
    let outcome = verify(key, token).await.map(|_| "believed");
    assert_eq!(outcome, Err(error), "{}: {token:.400}", key.name);
}

#[tokio::test]
async fn wrong_claims() {
    for key in both() {
        for (claim, value, error) in [
            ("iss", json!("https://pets.example.auth0.com"), TokenError::Issuer),
            ("iss", json!("https://pets.example.auth0.com/x"), TokenError::Issuer),
            ("iss", json!("HTTPS://pets.example.auth0.com/"), TokenError::Issuer),
            ("iss", json!(""), TokenError::Issuer),
            ("iss", json!([ISSUER]), TokenError::Claims),
            ("iss", json!(null), TokenError::Claims),
            ("aud", json!("other"), TokenError::Audience),
            ("aud", json!("PETS-SPA"), TokenError::Audience),
            ("aud", json!("pets-spa "), TokenError::Audience),
            ("aud", json!([]), TokenError::Audience),
            ("aud", json!(["other", "pets"]), TokenError::Audience),
            ("aud", json!([CLIENT, "other"]), TokenError::AuthorizedParty),
            ("aud", json!([CLIENT, CLIENT]), TokenError::AuthorizedParty),
            ("aud", json!({"0": CLIENT}), TokenError::Claims),
            ("aud", json!([CLIENT, 1]), TokenError::Claims),
            ("aud", json!(null), TokenError::Claims),
            ("azp", json!("other"), TokenError::AuthorizedParty),
            ("azp", json!(["pets-spa"]), TokenError::Claims),
            ("sub", json!(""), TokenError::Subject),
            ("sub", json!("x".repeat(256)), TokenError::Subject),
            ("sub", json!("auth0|1\n"), TokenError::Subject),
            ("sub", json!("auth0|\u{202e}1"), TokenError::Subject),
            ("sub", json!(1), TokenError::Claims),
            ("sub", json!(null), TokenError::Claims),
            ("exp", json!(NOW - 3600), TokenError::Expired),
            ("exp", json!(0), TokenError::Expired),
            ("exp", json!(-1e300), TokenError::Expired),
            ("exp", json!("9999999999"), TokenError::Claims),
            ("exp", json!(null), TokenError::Claims),
            ("nbf", json!(NOW + 3600), TokenError::NotYetValid),
            ("nbf", json!("0"), TokenError::Claims),
            ("iat", json!(NOW + 3500), TokenError::IssuedAt),
            ("iat", json!(NOW + 7200), TokenError::IssuedAt),
            ("iat", json!(null), TokenError::Claims),
            ("amr", json!("mfa"), TokenError::Claims),
        ] {
            refused(key, &key.token(&with(claim, value)), error).await;
        }
        for claim in ["iss", "aud", "sub", "exp", "iat"] {
            let mut claims = fred();
            claims.as_object_mut().unwrap().remove(claim);
            refused(key, &key.token(&claims), TokenError::Claims).await;
        }
    }
}

#[tokio::test]
async fn claims_that_can_be_read_in_two_ways() {
    for key in both() {
        let good = fred().to_string();
        let inside = good.strip_prefix('{').unwrap();
        for double in
            [r#""sub":"auth0|1","#, r#""iss":"x","#, r#""aud":"x","#, r#""exp":1,"#, r#""iat":1,"#, r#""name":"x","#]
        {
            refused(key, &key.sign(&key.header().to_string(), &format!("{{{double}{inside}")), TokenError::Claims)
                .await;
        }
        for text in ["", "null", "[]", "{", "{}", "{}{}", "\u{feff}{}", &format!("{good}x"), &format!("[{good}]")] {
            refused(key, &key.sign(&key.header().to_string(), text), TokenError::Claims).await;
        }
    }
}

#[tokio::test]
async fn wrong_headers() {
    for key in both() {
        let claims = fred().to_string();
        let kid = key.jwk["kid"].as_str().unwrap();
        for alg in ["none", "None", "", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES384", "EdDSA", "rs256"]
        {
            let header = json!({"alg": alg, "typ": "JWT", "kid": kid}).to_string();
            refused(key, &key.sign(&header, &claims), TokenError::Algorithm).await;
            let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(&claims));
            refused(key, &unsigned, TokenError::Algorithm).await;
        }
        for crit in [json!(["exp"]), json!([]), json!(null), json!("b64")] {
            let header = json!({"alg": key.name, "kid": kid, "crit": crit}).to_string();
            refused(key, &key.sign(&header, &claims), TokenError::Critical).await;
        }
        for typ in ["at+jwt", "application/at+jwt", "dpop+jwt", ""] {
            let header = json!({"alg": key.name, "kid": kid, "typ": typ}).to_string();
            refused(key, &key.sign(&header, &claims), TokenError::Type).await;
        }
        for header in [
            String::new(),
            "null".to_owned(),
            "[]".to_owned(),
            json!({"kid": kid}).to_string(),
            json!({"alg": [key.name], "kid": kid}).to_string(),
            json!({"alg": key.name, "kid": 1}).to_string(),
            format!(r#"{{"alg":"none","alg":"{}","kid":"{kid}"}}"#, key.name),
            format!(r#"{{"alg":"{}","kid":"x","kid":"{kid}"}}"#, key.name),
        ] {
            refused(key, &key.sign(&header, &claims), TokenError::Header).await;
        }
    }
}

#[tokio::test]
async fn wrong_signatures() {
    for (key, other) in [(&*RSA, &*RSA_2), (&*EC, &*EC_2)] {
        let good = key.token(&fred());
        let (message, signature) = good.rsplit_once('.').unwrap();
        let (header, payload) = message.split_once('.').unwrap();

        // Signed by somebody else who uses the key's name.
        let foreign = other.sign(&key.header().to_string(), &fred().to_string());
        refused(key, &foreign, TokenError::Signature).await;
        // Another payload under a good signature.
        let admin = URL_SAFE_NO_PAD.encode(claims("auth0|1", "x").to_string());
        refused(key, &format!("{header}.{admin}.{signature}"), TokenError::Signature).await;
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let (short, long) = (&bytes[..bytes.len() - 1], [&bytes[..], &[0]].concat());
        for signature in [&[][..], &[0; 3], short, &long, &vec![0; bytes.len()], &vec![0xff; bytes.len()]] {
            let signature = URL_SAFE_NO_PAD.encode(signature);
            refused(key, &format!("{header}.{payload}.{signature}"), TokenError::Signature).await;
        }
        // Keys that the token brings along are not looked at.
        let header = json!({"alg": key.name, "kid": key.jwk["kid"], "jwk": other.jwk, "jku": "https://x.example/jwks"});
        refused(key, &other.sign(&header.to_string(), &fred().to_string()), TokenError::Signature).await;
    }
}

#[tokio::test]
async fn the_public_key_is_no_secret() {
    let number =
        |name: &str| rsa::BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(RSA.jwk[name].as_str().unwrap()).unwrap());
    let public = rsa::RsaPublicKey::new(number("n"), number("e")).unwrap();
    let pem = public.to_public_key_pem(rsa::pkcs8::LineEnding::LF).unwrap();
    assert!(rsa::RsaPublicKey::from_public_key_pem(&pem).is_ok());
    for secret in [pem.as_bytes(), RSA.jwk["n"].as_str().unwrap().as_bytes(), b""] {
        let header = json!({"alg": "HS256", "typ": "JWT", "kid": "rsa-1"}).to_string();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(fred().to_string()));
        let key = EncodingKey::from_secret(secret);
        let signature = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        refused(&RSA, &format!("{message}.{signature}"), TokenError::Algorithm).await;
    }
}

#[tokio::test]
async fn an_algorithm_of_another_kind_of_key() {
    let keys = Keys::of(&[&RSA, &EC]);
    for (key, other) in [(&*RSA, &*EC), (&*EC, &*RSA)] {
        // Says "RS256" and names the EC key, and the other way round.
        let header = json!({"alg": key.name, "typ": "JWT", "kid": other.jwk["kid"]}).to_string();
        let token = key.sign(&header, &fred().to_string());
        let outcome = keys.verifier().verify(&token, now()).await.map(|_| ());
        assert_eq!(outcome, Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn what_is_no_token_at_all() {
    for key in both() {
        let good = key.token(&fred());
        let parts: Vec<&str> = good.split('.').collect();
        for token in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "a.b".to_owned(),
            "💥".to_owned(),
            format!(" {good}"),
            format!("{good}\n"),
            format!("{good}="),
            format!("{good}.{}", parts[2]),
            format!("{}..{}", parts[0], parts[2]).replace("..", ".=."),
            parts[..2].join("."),
            parts.join("+"),
            "a".repeat(1 << 20),
            key.token(&with("name", json!("x".repeat(17 * 1024)))),
        ] {
            let outcome = verify(key, &token).await.map(|_| ());
            assert!(matches!(outcome, Err(TokenError::Malformed | TokenError::Header)), "{outcome:?} for {token:.100}");
        }
    }
}

#[tokio::test]
async fn an_error_keeps_the_token_to_itself() {
    for token in [RSA.token(&with("iss", json!("secret-issuer"))), "secret.secret.secret".to_owned()] {
        let error = verify(&RSA, &token).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}
