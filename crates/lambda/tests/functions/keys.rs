//! A key pair that signs ID tokens with ES256.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use p256::{SecretKey, ecdsa::SigningKey, pkcs8::EncodePrivateKey as _};
use serde_json::{Value, json};

pub struct Key {
    private: EncodingKey,
    kid: &'static str,
    pub jwk: Value,
}

impl Key {
    pub fn new(kid: &'static str) -> Self {
        let private = SigningKey::random(&mut rand::thread_rng());
        let point = private.verifying_key().to_encoded_point(false);
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
            "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()), "y": URL_SAFE_NO_PAD.encode(point.y().unwrap()),
        });
        let der = SecretKey::from(private).to_pkcs8_der().unwrap();
        Self { private: EncodingKey::from_ec_der(der.as_bytes()), kid, jwk }
    }

    pub fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": self.kid});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = crypto::sign(message.as_bytes(), &self.private, Algorithm::ES256).unwrap();
        format!("{message}.{signature}")
    }
}
