//! An issuer's keys over HTTPS: its discovery document (OpenID Connect Discovery 1.0, section 4), then the key set that
//! it names. No redirect is followed and nothing large is read. Plain HTTP serves a server on this machine only.

use std::time::Duration;

use serde::Deserialize;
use ureq::{Agent, http::Uri};

use super::{FetchKeys, Jwks, KeySource, KeySourceError};

/// For each of the two documents.
const TIMEOUT: Duration = Duration::from_secs(4);
const MAX_BYTES: u64 = 256 * 1024;

const DISCOVERY: &str = "the issuer's discovery document";
const KEY_SET: &str = "the issuer's key set";

/// Asks an issuer for its keys.
#[derive(Clone, Debug)]
pub struct HttpKeySource {
    issuer: String,
    agent: Agent,
}

impl HttpKeySource {
    /// A source for the issuer with exactly this URL.
    pub fn new(issuer: impl Into<String>) -> Result<Self, KeySourceError> {
        let issuer = issuer.into();
        check_url(&issuer, "the issuer")?;
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false);
        // A proxy of the environment is for the outside, not for this machine.
        let config = if issuer.starts_with("http:") { config.proxy(None) } else { config };
        Ok(Self { issuer, agent: config.build().into() })
    }

    fn fetch_blocking(&self) -> Result<Jwks, KeySourceError> {
        #[derive(Deserialize)]
        struct Discovery {
            issuer: String,
            jwks_uri: String,
        }
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document = self.get(&url, DISCOVERY)?;
        let discovery: Discovery =
            serde_json::from_slice(&document).map_err(|_| KeySourceError::Unreadable(DISCOVERY))?;
        if discovery.issuer != self.issuer {
            return Err(KeySourceError::OtherIssuer);
        }
        check_url(&discovery.jwks_uri, KEY_SET)?;
        Jwks::from_json(&self.get(&discovery.jwks_uri, KEY_SET)?)
    }

    fn get(&self, url: &str, document: &'static str) -> Result<Vec<u8>, KeySourceError> {
        let unreachable = |reason: String| KeySourceError::Unreachable { document, reason };
        let mut response = self.agent.get(url).call().map_err(|error| unreachable(error.to_string()))?;
        let status = response.status();
        if status != 200 {
            return Err(unreachable(format!("status {}", status.as_u16())));
        }
        let body = response.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
        body.map_err(|error| unreachable(error.to_string()))
    }
}

impl KeySource for HttpKeySource {
    fn fetch(&self) -> FetchKeys<'_> {
        let source = self.clone();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || source.fetch_blocking()).await.unwrap_or(Err(KeySourceError::Stopped))
        })
    }
}

fn check_url(url: &str, what: &'static str) -> Result<(), KeySourceError> {
    let uri: Uri = url.parse().map_err(|_| KeySourceError::Url(what))?;
    let local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if local => Ok(()),
        _ => Err(KeySourceError::Url(what)),
    }
}
