//! Sections 3.1 to 3.6: what is done with keys.

use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::ecdsa::Signature;
use rsa::BigUint;
use serde_json::{Value, json};
use service::TokenError;

use super::{believed, decode, encode, fred, header_with, outcome, refused, token_with};
use crate::{
    issuer::{EC, EC_2, Key, Keys, RSA, RSA_2, claims_with, now, rsa_key},
    token::both,
};

/// Header and claims of a token, and its signature.
fn parts(token: &str) -> (&str, Vec<u8>) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    (message, decode(signature))
}

fn with_signature(message: &str, signature: impl AsRef<[u8]>) -> String {
    format!("{message}.{}", encode(signature))
}

/// Each way to sign, under each name of an algorithm, with each name of a key: only what fits in all three is believed.
#[tokio::test]
async fn section_3_1_a_key_serves_its_own_algorithm_only() {
    let public_key = EncodingKey::from_secret(&decode(RSA.jwk["n"].as_str().unwrap()));
    let ways = [
        ("RS256", Algorithm::RS256, &RSA.private),
        ("RS384", Algorithm::RS384, &RSA.private),
        ("RS512", Algorithm::RS512, &RSA.private),
        ("PS256", Algorithm::PS256, &RSA.private),
        ("ES256", Algorithm::ES256, &EC.private),
        ("HS256", Algorithm::HS256, &public_key),
    ];
    let mut right = 0;
    for alg in ["RS256", "ES256", "HS256", "RS384", "PS256", "none"] {
        for kid in [json!("rsa-1"), json!("ec-1"), Value::Null] {
            for (way, algorithm, private) in &ways {
                let header = header_with(&RSA, &json!({"alg": alg, "kid": kid}));
                let message = format!("{}.{}", encode(header), encode(fred().to_string()));
                let signature = crypto::sign(message.as_bytes(), private, *algorithm).unwrap();
                let fits = match kid.as_str() {
                    Some("rsa-1") => alg == "RS256",
                    Some(_) => alg == "ES256",
                    None => matches!(alg, "RS256" | "ES256"),
                };
                let good = fits && alg == *way;
                let what = format!("alg {alg}, kid {kid}, signed with {way}");
                assert_eq!(outcome(&format!("{message}.{signature}")).await.is_ok(), good, "{what}");
                right += u32::from(good);
            }
        }
    }
    assert_eq!(right, 4, "each key's own algorithm, with the key's name and without");
}

/// Every other name of IANA's registry, and other spellings of ours, whatever the signature.
#[tokio::test]
async fn section_3_2_only_two_algorithms_count() {
    let registered = "HS256 HS384 HS512 RS384 RS512 ES384 ES512 PS256 PS384 PS512 none RSA1_5 RSA-OAEP RSA-OAEP-256 \
                      A128KW A256KW dir ECDH-ES ECDH-ES+A256KW A128GCMKW PBES2-HS256+A128KW A128CBC-HS256 A256GCM \
                      EdDSA Ed25519 Ed448 ES256K RS1 ML-DSA-44 HS1";
    let spellings = ["", " ", "None", "NONE", "nOnE", "rs256", "Rs256", "RS256 ", " ES256", "ES256\0", "RS256,ES256"];
    for alg in registered.split_whitespace().chain(spellings) {
        for key in both() {
            let token = token_with(key, &json!({"alg": alg}));
            refused(&token, TokenError::Algorithm, alg).await;
            refused(&with_signature(parts(&token).0, b""), TokenError::Algorithm, alg).await;
        }
    }
}

#[tokio::test]
async fn section_3_3_every_character_is_covered_by_the_signature() {
    for key in both() {
        let good = key.token(&fred());
        believed(&good, "as it was signed").await;
        for at in 0..good.len() {
            let mut token = good.clone();
            token.replace_range(at..=at, if &good[at..=at] == "A" { "B" } else { "A" });
            assert!(outcome(&token).await.is_err(), "character {at} of a token by {}", key.name);
        }
        // Cut, which also loses a dot, or a number of the signature.
        for end in (0..good.len()).step_by(5) {
            assert!(outcome(&good[..end]).await.is_err(), "cut after {end}");
        }
    }
}

#[tokio::test]
async fn section_3_3_a_signature_has_one_spelling() {
    for key in both() {
        let good = key.token(&fred());
        let (message, signature) = parts(&good);
        for (token, what) in [
            (format!("{good}="), "padded"),
            (format!("{good}=="), "padded twice"),
            (good.replace('.', ".."), "dots"),
            (format!("{good}."), "a dot more"),
            (format!("{message}.{}\n", encode(&signature)), "a line end"),
            (format!("{message}. {}", encode(&signature)), "a space"),
        ] {
            refused(&token, TokenError::Malformed, what).await;
        }
        // The bits of the last character that no byte uses: sixteen spellings of the same bytes, and one is right.
        let stem = &good[..good.len() - 1];
        let alphabet = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']);
        let mut right = 0;
        for last in alphabet {
            right += u32::from(outcome(&format!("{stem}{last}")).await.is_ok());
        }
        assert_eq!(right, 1, "{}", key.name);
        let standard: String = good.chars().map(|char| if char == '-' { '+' } else { char }).collect();
        let standard: String = standard.chars().map(|char| if char == '_' { '/' } else { char }).collect();
        assert!(standard == good || outcome(&standard).await == Err(TokenError::Malformed), "base64's other alphabet");
    }
}

#[tokio::test]
async fn section_3_3_no_made_up_signature_passes() {
    // ECDSA: a zero, the order of the group, or DER instead of the two numbers side by side.
    let order = decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    let good = EC.token(&fred());
    let (message, signature) = parts(&good);
    let (r, s) = signature.split_at(32);
    let der = Signature::from_slice(&signature).unwrap().to_der();
    for (signature, what) in [
        (vec![0; 64], "r and s are 0"),
        ([&[0; 32], s].concat(), "r is 0"),
        ([r, &[0; 32]].concat(), "s is 0"),
        ([&order[..], s].concat(), "r is the order"),
        ([r, &order[..]].concat(), "s is the order"),
        ([&order[..], &order[..]].concat(), "both are the order"),
        ([s, r].concat(), "swapped"),
        (der.as_bytes().to_vec(), "DER"),
        ([&[0], r, &[0], s].concat(), "33 bytes each"),
        (signature[..63].to_vec(), "63 bytes"),
    ] {
        refused(&with_signature(message, signature), TokenError::Signature, what).await;
    }

    // RSA: a number that is the same modulo n, one that is longer, and those whose cube or power is themselves.
    let modulus = BigUint::from_bytes_be(&decode(RSA.jwk["n"].as_str().unwrap()));
    let mut beyond = None;
    for attempt in 0..1000 {
        let token = RSA.token(&claims_with(&json!({"jti": attempt})));
        let (message, signature) = parts(&token);
        let sum = (BigUint::from_bytes_be(&signature) + &modulus).to_bytes_be();
        if sum.len() == 256 {
            beyond = Some(with_signature(message, sum));
            break;
        }
    }
    refused(&beyond.expect("one in three at worst fits"), TokenError::Signature, "n is added").await;
    let good = RSA.token(&fred());
    let (message, signature) = parts(&good);
    let number = |number: u32| [vec![0; 252], number.to_be_bytes().to_vec()].concat();
    let minus_one = (modulus.clone() - 1_u32).to_bytes_be();
    for (signature, what) in [
        ([&[0], &signature[..]].concat(), "a zero before it"),
        (signature[1..].to_vec(), "a byte less"),
        (number(0), "0"),
        (number(1), "1"),
        (minus_one, "n - 1"),
        (modulus.to_bytes_be(), "n"),
    ] {
        refused(&with_signature(message, signature), TokenError::Signature, what).await;
    }
}

/// The other half of ECDSA's signatures, (r, n - s), says the same: nothing here may tell tokens apart by their bytes.
#[tokio::test]
async fn section_3_3_a_mirrored_signature_says_nothing_new() {
    let good = EC.token(&fred());
    let (message, signature) = parts(&good);
    let signature = Signature::from_slice(&signature).unwrap();
    let mirrored = Signature::from_scalars(signature.r().to_bytes(), (-*signature.s()).to_bytes()).unwrap();
    assert_ne!(mirrored, signature);
    let verifier = Keys::of(&[&EC]).verifier();
    let identity = verifier.verify(&good, now()).await.unwrap();
    if let Ok(other) = verifier.verify(&with_signature(message, mirrored.to_bytes()), now()).await {
        assert_eq!(other, identity);
    }
    let claims = encode(claims_with(&json!({"sub": "auth0|1"})).to_string());
    let (header, _) = message.split_once('.').unwrap();
    let forged = with_signature(&format!("{header}.{claims}"), mirrored.to_bytes());
    refused(&forged, TokenError::Signature, "mirrored, with other claims").await;
}

/// A token in a token, an encrypted one, and JSON's serialisations: nothing of them is opened.
#[tokio::test]
async fn section_3_3_nothing_inside_of_a_token_is_a_token() {
    for (key, other) in [(&*RSA, &*EC_2), (&*EC, &*RSA_2)] {
        let good = key.token(&fred());
        for inner in [good.clone(), other.token(&fred())] {
            let nested = key.sign_bytes(header_with(key, &json!({"cty": "JWT"})), &inner);
            refused(&nested, TokenError::Claims, "nested").await;
            refused(&key.sign_bytes(key.header().to_string(), format!("\"{inner}\"")), TokenError::Claims, "quoted")
                .await;
        }
        let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
        let flattened = json!({"protected": header, "payload": payload, "signature": signature});
        let general = json!({"payload": payload, "signatures": [{"protected": header, "signature": signature}]});
        for token in [flattened.to_string(), general.to_string()] {
            refused(&token, TokenError::Malformed, "JSON serialisation").await;
        }
        refused(&format!("{header}..{signature}"), TokenError::Signature, "detached").await;
        for alg in ["RSA-OAEP", "dir", "RS256"] {
            let header = encode(json!({"alg": alg, "enc": "A256GCM", "zip": "DEF"}).to_string());
            let encrypted = format!("{header}.{}.{}.{payload}.{signature}", encode([1; 256]), encode([2; 12]));
            refused(&encrypted, TokenError::Malformed, "encrypted").await;
        }
        // RFC 7797: the claims are signed as they stand.
        for header in [json!({"b64": false, "crit": ["b64"]}), json!({"b64": false}), json!({"b64": true})] {
            let header = encode(header_with(key, &header));
            let message = format!("{header}.{}", fred());
            let signature = crypto::sign(message.as_bytes(), &key.private, key.algorithm).unwrap();
            assert!(outcome(&format!("{message}.{signature}")).await.is_err(), "claims that are not encoded");
            let message = format!("{header}.{payload}");
            let signature = crypto::sign(message.as_bytes(), &key.private, key.algorithm).unwrap();
            refused(&format!("{message}.{signature}"), TokenError::Critical, "b64").await;
        }
    }
}

#[tokio::test]
async fn section_3_4_no_point_outside_of_the_curve_is_a_key() {
    let token = EC.token(&fred());
    let (x, y) = (decode(EC.jwk["x"].as_str().unwrap()), decode(EC.jwk["y"].as_str().unwrap()));
    let prime = decode("_____wAAAAEAAAAAAAAAAAAAAAD_______________8");
    let mut beside = y.clone();
    beside[31] ^= 1;
    for (x, y, what) in [
        (x.clone(), beside, "beside the curve"),
        (vec![0; 32], vec![0; 32], "zero"),
        (vec![0xff; 32], y.clone(), "x above the prime"),
        (prime.clone(), y.clone(), "x is the prime"),
        (x.clone(), prime, "y is the prime"),
        (y.clone(), x.clone(), "swapped"),
        ([&[0], &x[..]].concat(), y.clone(), "33 bytes"),
        (x[..31].to_vec(), y.clone(), "31 bytes"),
        (x[..31].to_vec(), [&x[31..], &y[..]].concat(), "31 and 33 bytes, of the same point"),
        (Vec::new(), Vec::new(), "nothing, the point at infinity"),
        ([&[4], &x[..], &y[..]].concat(), Vec::new(), "SEC 1 in one"),
    ] {
        let mut key = EC.clone();
        (key.jwk["x"], key.jwk["y"]) = (encode(x).into(), encode(y).into());
        let outcome = Keys::of(&[&key]).verifier().verify(&token, now()).await.map(|_| ());
        assert!(matches!(outcome, Err(TokenError::UnknownKey | TokenError::Signature)), "{what}: {outcome:?}");
    }
}

/// Nothing here is a shared secret, so none can be guessed: also not one that the issuer would publish.
#[tokio::test]
async fn section_3_5_no_key_is_weak_enough_to_find() {
    let secret = b"secret";
    let keys = Keys::of(&[&RSA]);
    let shared = json!({"kty": "oct", "k": encode(secret), "kid": "shared", "use": "sig"});
    *keys.document.lock().unwrap() = Some(json!({"keys": [RSA.jwk, shared]}));
    for alg in ["HS256", "RS256", "ES256"] {
        let header = encode(json!({"alg": alg, "kid": "shared"}).to_string());
        let message = format!("{header}.{}", encode(fred().to_string()));
        let key = EncodingKey::from_secret(secret);
        let signature = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
        let outcome = keys.verifier().verify(&format!("{message}.{signature}"), now()).await.map(|_| ());
        assert!(matches!(outcome, Err(TokenError::Algorithm | TokenError::UnknownKey)), "{alg}: {outcome:?}");
    }
    // NIST SP 800-131A: RSA has 2048 bits at least.
    for bits in [512, 1024, 2047] {
        let weak: Key = rsa_key("weak", bits);
        let outcome = Keys::of(&[&weak]).verifier().verify(&weak.token(&fred()), now()).await.map(|_| ());
        assert_eq!(outcome, Err(TokenError::UnknownKey), "{bits} bits");
    }
    let mut padded = rsa_key("weak", 1024);
    padded.jwk["n"] = encode([vec![0; 129], decode(padded.jwk["n"].as_str().unwrap())].concat()).into();
    let outcome = Keys::of(&[&padded]).verifier().verify(&padded.token(&fred()), now()).await.map(|_| ());
    assert_eq!(outcome, Err(TokenError::UnknownKey), "1024 bits behind zeros");
}

#[tokio::test]
async fn section_3_6_nothing_is_inflated() {
    // DEFLATE with one stored block (RFC 1951, section 3.2.4).
    let claims = fred().to_string();
    let length = u16::try_from(claims.len()).unwrap();
    let deflated = [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), claims.as_bytes()].concat();
    for key in both() {
        for header in [json!({}), json!({"zip": "DEF"}), json!({"enc": "A256GCM", "zip": "DEF"})] {
            refused(&key.sign_bytes(header_with(key, &header), &deflated), TokenError::Claims, "compressed").await;
        }
        let header = json!({"zip": "DEF", "crit": ["zip"]});
        refused(&key.sign_bytes(header_with(key, &header), &deflated), TokenError::Critical, "compressed, and must")
            .await;
    }
}
