//! An issuer with one key, which counts how often it is asked for its keys.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::json;

use crate::{
    keys::Key,
    server::{Server, answer},
};

pub const CLIENT: &str = "pets-spa";

pub struct Issuer {
    pub url: String,
    key: Arc<Key>,
    asked: Arc<AtomicU32>,
    _server: Server,
}

impl Issuer {
    pub async fn start() -> Self {
        let (key, asked) = (Arc::new(Key::new("key-1")), Arc::new(AtomicU32::new(0)));
        let server = Server::start({
            let (key, asked) = (Arc::clone(&key), Arc::clone(&asked));
            move |request| {
                let host = request.headers()["host"].to_str().unwrap().to_owned();
                let response = match request.uri().path() {
                    "/idp/.well-known/openid-configuration" => {
                        let issuer = format!("http://{host}/idp/");
                        answer(200, json!({"issuer": issuer, "jwks_uri": format!("{issuer}keys")}).to_string())
                    }
                    "/idp/keys" => {
                        asked.fetch_add(1, Ordering::SeqCst);
                        answer(200, json!({"keys": [key.jwk]}).to_string())
                    }
                    _ => answer(404, "{}"),
                };
                async { response }
            }
        })
        .await;
        Self { url: format!("http://{}/idp/", server.authority), key, asked, _server: server }
    }

    /// How often the key set was fetched.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// The ID token of a person.
    pub fn token(&self, sub: &str, name: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        self.key.token(&json!({
            "iss": self.url, "aud": CLIENT, "sub": sub, "name": name, "email": format!("{name}@example.com"),
            "iat": now - 10, "exp": now + 3600,
        }))
    }
}
