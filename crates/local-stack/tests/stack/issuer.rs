//! An issuer whose key the tests have: discovery and keys over HTTP, and whatever token a test wants.

use std::sync::OnceLock;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::{
    RsaPrivateKey,
    pkcs1::{EncodeRsaPrivateKey, LineEnding},
    pkcs8::EncodePublicKey,
    traits::PublicKeyParts,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub const CLIENT: &str = "tests";

/// The issuer. It answers until the test ends.
pub struct TestIssuer {
    pub url: String,
}

fn key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap())
}

pub fn encode_part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

impl TestIssuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port());
        let number = |number: &rsa::BigUint| BASE64_URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let jwk = json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k", "n": number(key().n()), "e": number(key().e()) });
        let discovery = json!({ "issuer": url, "jwks_uri": format!("{url}keys") }).to_string();
        let keys = json!({ "keys": [jwk] }).to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = vec![0; 4096];
                let read = stream.read(&mut head).await.unwrap_or(0);
                let body = if head[..read].starts_with(b"GET /keys ") { &keys } else { &discovery };
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Self { url }
    }

    /// The claims of a good token.
    pub fn claims(&self, sub: &str, now: i64) -> Value {
        json!({ "iss": self.url, "sub": sub, "aud": CLIENT, "iat": now, "exp": now + 3600, "name": "Fred Flintstone" })
    }

    pub fn token(&self, sub: &str, now: i64) -> String {
        sign(&self.claims(sub, now))
    }
}

fn header() -> Header {
    Header { kid: Some("k".into()), ..Header::new(Algorithm::RS256) }
}

/// A token with a good signature.
pub fn sign(claims: &Value) -> String {
    let pem = key().to_pkcs1_pem(LineEnding::LF).unwrap();
    encode(&header(), claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

/// A good signature over these very texts: what no library would write.
pub fn sign_texts(header: &str, payload: &str) -> String {
    let pem = key().to_pkcs1_pem(LineEnding::LF).unwrap();
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let signed = [header, payload].map(|text| BASE64_URL_SAFE_NO_PAD.encode(text)).join(".");
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::RS256).unwrap();
    format!("{signed}.{signature}")
}

/// A token signed by a key that the issuer doesn't have.
pub fn sign_with_another_key(claims: &Value) -> String {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    let key = KEY.get_or_init(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());
    let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
    encode(&header(), claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

/// The old trick: the public key taken for a shared secret.
pub fn sign_with_the_public_key(claims: &Value) -> String {
    let pem = key().to_public_key().to_public_key_pem(LineEnding::LF).unwrap();
    let header = Header { kid: Some("k".into()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(pem.as_bytes())).unwrap()
}
