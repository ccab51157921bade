//! Whose tokens can be verified, and with which keys: those of the issuer in this process, or fetched from another.

use std::sync::Arc;

use service::{FetchKeys, HttpKeySource, Jwks, KeySource, KeySourceError, TokenVerifier, VerifierSettings};

use crate::issuer::Issuer;

/// Where tokens come from. A template knows issuers by `https`; the one of this stack may be plain HTTP on loopback.
pub struct Issuers {
    /// The issuer of this stack.
    pub url: String,
    /// It itself, if it is in this process.
    pub local: Option<Arc<Issuer>>,
}

impl Issuers {
    /// The real URL of an issuer that a template names.
    pub fn actual(&self, url: &str) -> String {
        if without_scheme(url) == without_scheme(&self.url) { self.url.clone() } else { url.to_owned() }
    }

    /// Verifies tokens of an issuer that a template names, for these audiences.
    pub fn verifier(&self, url: &str, audiences: Vec<String>) -> Result<TokenVerifier, KeySourceError> {
        let issuer = self.actual(url);
        let source: Arc<dyn KeySource> = match &self.local {
            Some(local) if issuer == self.url => Arc::new(LocalKeys(Arc::clone(local))),
            _ => Arc::new(HttpKeySource::new(&issuer)?),
        };
        Ok(TokenVerifier::new(VerifierSettings { issuer, audiences }, source))
    }
}

/// The keys of the issuer in this process.
struct LocalKeys(Arc<Issuer>);

impl KeySource for LocalKeys {
    fn fetch(&self) -> FetchKeys<'_> {
        let issuer = Arc::clone(&self.0);
        Box::pin(async {
            // The issuer of a new data folder may still be making its key.
            let keys = tokio::task::spawn_blocking(move || issuer.jwks().map(|keys| keys.to_string()).ok());
            let keys = keys.await.ok().flatten().ok_or(KeySourceError::Stopped)?;
            Jwks::from_json(keys.as_bytes())
        })
    }
}

/// The issuer without its scheme, as provider ARNs and condition keys have it.
pub fn without_scheme(issuer_url: &str) -> &str {
    issuer_url.split_once("://").map_or(issuer_url, |(_, rest)| rest)
}
