//! Who signs: `rsa` and `ec`, the issuer; `rsa-512` and `rsa-pss`, the issuer with an algorithm that wasn't agreed
//! upon; `other-rsa` and `other-ec`, a stranger; `hmac`, who takes the RSA key's public half for a secret; and
//! `ec-twin`, who turns the issuer's signature around. The keys are the same in every run.

use std::sync::{Arc, LazyLock};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::pkcs8::EncodePrivateKey;
use rand::{SeedableRng, rngs::StdRng};
use rsa::{pkcs1::EncodeRsaPrivateKey, traits::PublicKeyParts};
use serde_json::{Value, json};
use service::{FetchKeys, Jwks, KeySource, TokenVerifier, VerifierSettings};
use sha2::Sha256;

/// The issuer that is trusted.
pub const ISSUER: &str = "https://pets.example.com/";
/// The clients whose tokens count.
pub const CLIENTS: [&str; 2] = ["pets-spa", "pets-app"];

/// One who signs.
pub struct Signer {
    name: &'static str,
    how: How,
}

enum How {
    Key(Algorithm, EncodingKey),
    Hmac(Vec<u8>),
    Twin(EncodingKey),
}

struct Pair {
    private: EncodingKey,
    jwk: Value,
    public: Vec<u8>,
}

static SIGNERS: LazyLock<Vec<Signer>> = LazyLock::new(|| {
    let (rsa, ec) = (&RSA, &EC);
    let signer = |name, how| Signer { name, how };
    vec![
        signer("rsa", How::Key(Algorithm::RS256, rsa.private.clone())),
        signer("ec", How::Key(Algorithm::ES256, ec.private.clone())),
        signer("other-rsa", How::Key(Algorithm::RS256, rsa_pair(3).private)),
        signer("other-ec", How::Key(Algorithm::ES256, ec_pair(4).private)),
        signer("rsa-512", How::Key(Algorithm::RS512, rsa.private.clone())),
        signer("rsa-pss", How::Key(Algorithm::PS256, rsa.private.clone())),
        signer("hmac", How::Hmac(rsa.public.clone())),
        signer("ec-twin", How::Twin(ec.private.clone())),
    ]
});

static RSA: LazyLock<Pair> = LazyLock::new(|| rsa_pair(1));
static EC: LazyLock<Pair> = LazyLock::new(|| ec_pair(2));

/// The signer of this name.
pub fn signer(name: &str) -> Option<&'static Signer> {
    SIGNERS.iter().find(|signer| signer.name == name)
}

/// A verifier of the issuer's tokens.
pub fn verifier() -> TokenVerifier {
    let audiences = CLIENTS.map(str::to_owned).to_vec();
    TokenVerifier::new(VerifierSettings { issuer: ISSUER.to_owned(), audiences }, Arc::new(Source))
}

struct Source;

impl KeySource for Source {
    fn fetch(&self) -> FetchKeys<'_> {
        Box::pin(async { Jwks::from_json(json!({"keys": [RSA.jwk, EC.jwk]}).to_string().as_bytes()) })
    }
}

fn rsa_pair(seed: u64) -> Pair {
    let private = rsa::RsaPrivateKey::new(&mut StdRng::seed_from_u64(seed), 2048).expect("2048 bits make a key");
    let number = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let jwk = json!({"kty": "RSA", "kid": "rsa", "n": number(private.n()), "e": number(private.e())});
    let der = private.to_pkcs1_der().expect("a key can be written");
    Pair { private: EncodingKey::from_rsa_der(der.as_bytes()), jwk, public: private.n().to_bytes_be() }
}

fn ec_pair(seed: u64) -> Pair {
    let private = p256::ecdsa::SigningKey::random(&mut StdRng::seed_from_u64(seed));
    let point = private.verifying_key().to_encoded_point(false);
    let (x, y) = (point.x().expect("a public key has an x"), point.y().expect("an uncompressed point has a y"));
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "ec", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
    let der = p256::SecretKey::from(private).to_pkcs8_der().expect("a key can be written");
    Pair { private: EncodingKey::from_ec_der(der.as_bytes()), jwk, public: point.as_bytes().to_vec() }
}

impl Signer {
    /// Whether this is the issuer, with the algorithm that is agreed upon.
    pub fn is_trusted(&self) -> bool {
        ["rsa", "ec", "ec-twin"].contains(&self.name)
    }

    /// The algorithm of what was really signed.
    pub fn algorithm(&self) -> Algorithm {
        match &self.how {
            How::Key(algorithm, _) => *algorithm,
            How::Hmac(_) => Algorithm::HS256,
            How::Twin(_) => Algorithm::ES256,
        }
    }

    /// A token of this header and these claims, valid or not.
    pub fn token(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let sign =
            |key, algorithm| crypto::sign(message.as_bytes(), key, algorithm).expect("the key is of the algorithm");
        let signature = match &self.how {
            How::Key(algorithm, key) => sign(key, *algorithm),
            How::Hmac(secret) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
                mac.update(message.as_bytes());
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            }
            How::Twin(key) => super::twin(&sign(key, Algorithm::ES256)).expect("a signature has a twin"),
        };
        format!("{message}.{signature}")
    }
}
