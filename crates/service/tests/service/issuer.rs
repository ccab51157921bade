//! An issuer that signs whatever a test wants signed.

use std::sync::{
    Arc, LazyLock, Mutex,
    atomic::{AtomicU32, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::pkcs8::EncodePrivateKey as _;
use rand::thread_rng;
use rsa::{pkcs1::EncodeRsaPrivateKey as _, traits::PublicKeyParts as _};
use serde_json::{Value, json};
use service::{FetchKeys, Identity, Jwks, KeySource, KeySourceError, TokenError, TokenVerifier, VerifierSettings};
use time::OffsetDateTime;

pub const ISSUER: &str = "https://pets.example.auth0.com/";
pub const CLIENT: &str = "pets-spa";
/// The time at which all tests take place.
pub const NOW: i64 = 1_800_000_000;

pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW).unwrap()
}

/// A key pair with its public half as a JWK.
#[derive(Clone)]
pub struct Key {
    pub name: &'static str,
    pub algorithm: Algorithm,
    pub private: EncodingKey,
    pub jwk: Value,
}

pub static RSA: LazyLock<Key> = LazyLock::new(|| rsa_key("rsa-1", 2048));
pub static RSA_2: LazyLock<Key> = LazyLock::new(|| rsa_key("rsa-2", 2048));
pub static EC: LazyLock<Key> = LazyLock::new(|| ec_key("ec-1"));
pub static EC_2: LazyLock<Key> = LazyLock::new(|| ec_key("ec-2"));

pub fn rsa_key(kid: &str, bits: usize) -> Key {
    let private = rsa::RsaPrivateKey::new(&mut thread_rng(), bits).unwrap();
    let number = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    let jwk = json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
        "n": number(private.n()), "e": number(private.e()),
    });
    let private = EncodingKey::from_rsa_der(private.to_pkcs1_der().unwrap().as_bytes());
    Key { name: "RS256", algorithm: Algorithm::RS256, private, jwk }
}

pub fn ec_key(kid: &str) -> Key {
    let private = p256::ecdsa::SigningKey::random(&mut thread_rng());
    let point = private.verifying_key().to_encoded_point(false);
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
        "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()), "y": URL_SAFE_NO_PAD.encode(point.y().unwrap()),
    });
    let der = p256::SecretKey::from(private).to_pkcs8_der().unwrap();
    Key { name: "ES256", algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(der.as_bytes()), jwk }
}

impl Key {
    pub fn header(&self) -> Value {
        json!({"alg": self.name, "typ": "JWT", "kid": self.jwk["kid"]})
    }

    pub fn token(&self, claims: &Value) -> String {
        self.sign(&self.header().to_string(), &claims.to_string())
    }

    /// Any texts, valid JSON or not.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        self.sign_bytes(header, claims)
    }

    pub fn sign_bytes(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = crypto::sign(message.as_bytes(), &self.private, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// What a good token of this person says.
pub fn claims(sub: &str, name: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": sub, "name": name, "nickname": "nick", "email": "mail@example.com",
        "iat": NOW - 10, "exp": NOW + 3600, "nonce": "n", "amr": ["mfa"],
    })
}

/// What a good token of fred's says, but for these claims.
pub fn claims_with(changes: &Value) -> Value {
    let mut claims = claims("amazon|fred", "fred");
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims
}

/// A source whose keys, failures and delays a test sets, and which counts.
#[derive(Default)]
pub struct Keys {
    pub document: Mutex<Option<Value>>,
    pub fetches: AtomicU32,
}

impl Keys {
    pub fn of(keys: &[&Key]) -> Arc<Self> {
        let source = Self::default();
        source.set(keys);
        Arc::new(source)
    }

    pub fn set(&self, keys: &[&Key]) {
        let keys: Vec<_> = keys.iter().map(|key| &key.jwk).collect();
        *self.document.lock().unwrap() = Some(json!({"keys": keys}));
    }

    pub fn fail(&self) {
        *self.document.lock().unwrap() = None;
    }

    pub fn count(&self) -> u32 {
        self.fetches.load(Ordering::SeqCst)
    }

    pub fn verifier(self: &Arc<Self>) -> TokenVerifier {
        self.verifier_for(&[CLIENT])
    }

    pub fn verifier_for(self: &Arc<Self>, audiences: &[&str]) -> TokenVerifier {
        let audiences = audiences.iter().map(|&audience| audience.to_owned()).collect();
        TokenVerifier::new(VerifierSettings { issuer: ISSUER.to_owned(), audiences }, Arc::clone(self) as _)
    }
}

impl KeySource for Keys {
    fn fetch(&self) -> FetchKeys<'_> {
        Box::pin(async {
            self.fetches.fetch_add(1, Ordering::SeqCst);
            // Long enough for others to arrive meanwhile.
            tokio::task::yield_now().await;
            match &*self.document.lock().unwrap() {
                Some(document) => Jwks::from_json(document.to_string().as_bytes()),
                None => Err(KeySourceError::Unreachable { document: "the key set", reason: "a test".to_owned() }),
            }
        })
    }
}

/// Verifies with the keys of this one only.
pub async fn verify(key: &Key, token: &str) -> Result<Identity, TokenError> {
    Keys::of(&[key]).verifier().verify(token, now()).await
}
