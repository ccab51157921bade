//! An issuer whose key the measurement has, so that there can be as many people as it needs: discovery and keys over
//! HTTP, ID tokens as Auth0 gives them (RS256, a key of 2048 bits).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::{
    RsaPrivateKey,
    pkcs1::{EncodeRsaPrivateKey, LineEnding},
    traits::PublicKeyParts,
};
use serde_json::json;
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::failure::{Doing, Failure, Result};

/// The page's client id at this issuer.
pub const CLIENT: &str = "bench";

/// The issuer. It answers as long as the runtime it was started in.
pub struct Issuer {
    /// Its exact URL.
    pub url: String,
    key: EncodingKey,
    /// What it publishes: its keys (RFC 7517).
    pub keys: String,
}

impl Issuer {
    /// Makes a key and listens.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.doing("listen as an issuer")?;
        let port = listener.local_addr().doing("listen as an issuer")?.port();
        let issuer = Self::new(format!("http://127.0.0.1:{port}/"))?;
        let (url, keys) = (&issuer.url, issuer.keys.clone());
        let discovery = json!({ "issuer": url, "jwks_uri": format!("{url}keys") }).to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = vec![0; 4096];
                let read = stream.read(&mut head).await.unwrap_or(0);
                let body = if head[..read].starts_with(b"GET /keys ") { &keys } else { &discovery };
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
                let answer = format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}");
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Ok(issuer)
    }

    /// An issuer that answers nobody.
    pub fn new(url: String) -> Result<Self> {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).map_err(Failure::wrong)?;
        let number = |number: &rsa::BigUint| BASE64_URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let keys = json!({ "keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k", "n": number(key.n()), "e": number(key.e()),
        }] });
        let pem = key.to_pkcs1_pem(LineEnding::LF).map_err(Failure::wrong)?;
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(Failure::wrong)?;
        Ok(Self { url, key, keys: keys.to_string() })
    }

    /// The ID token of a person who signed in just now.
    pub fn token(&self, sub: &str, name: &str, now: OffsetDateTime) -> Result<String> {
        let now = now.unix_timestamp();
        let claims =
            json!({ "iss": self.url, "sub": sub, "aud": CLIENT, "iat": now, "exp": now + 36_000, "name": name });
        let header = Header { kid: Some("k".into()), ..Header::new(Algorithm::RS256) };
        encode(&header, &claims, &self.key).map_err(Failure::wrong)
    }
}
