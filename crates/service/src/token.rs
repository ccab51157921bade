//! Whether an ID token may be believed. Signed by the issuer's key with RS256 or ES256, for one of our audiences, in
//! its time, and unambiguous (OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725). No other token is believed, there is
//! no switch that skips a check, and neither tokens nor what they say are in an error. The keys come from a
//! [`KeySource`].

mod cache;
mod claims;
mod error;
mod http;
mod jwks;
mod jws;

use std::sync::Arc;

use domain::BuyerName;
use time::OffsetDateTime;

pub use cache::{FetchKeys, KeySource};
pub use error::{KeySourceError, TokenError};
pub use http::HttpKeySource;
pub use jwks::Jwks;

use cache::KeyCache;
use claims::Claims;
use jws::Jws;

/// Whose tokens are believed, and for whom they must be.
#[derive(Clone, Debug)]
pub struct VerifierSettings {
    /// The issuer's exact URL; Auth0's ends in a slash.
    pub issuer: String,
    /// The client ids that a token may be for.
    pub audiences: Vec<String>,
}

/// Verifies ID tokens of one issuer. Clones share the keys that were fetched.
#[derive(Clone)]
pub struct TokenVerifier {
    settings: Arc<VerifierSettings>,
    keys: Arc<KeyCache>,
}

/// What a believed token says of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The person's id at the issuer, 1 to 255 characters.
    pub sub: String,
    /// The name to show: the name, else the nickname, else the e-mail address, else the id.
    pub name: BuyerName,
    /// The e-mail address, if the token has one.
    pub email: Option<String>,
    /// The client that the token was made for: `azp` where there is one, else the audience that is ours.
    pub audience: String,
    /// `amr`, as it stands in the token.
    pub amr: Vec<String>,
    /// `exp`, in seconds since 1970.
    pub exp: i64,
}

impl TokenVerifier {
    /// A verifier that asks this source for keys when it needs them first.
    pub fn new(settings: VerifierSettings, source: Arc<dyn KeySource>) -> Self {
        Self { settings: Arc::new(settings), keys: Arc::new(KeyCache::new(source)) }
    }

    /// Believes the token, or says which check failed. `now` is also the clock of the key cache. Must run in a Tokio
    /// runtime.
    pub async fn verify(&self, token: &str, now: OffsetDateTime) -> Result<Identity, TokenError> {
        let jws = Jws::parse(token)?;
        self.check_signature(&jws, now).await?;
        Claims::parse(&jws.payload)?.check(&self.settings, now)
    }

    /// With the keys at hand; and once more with newer ones, where they may be what is missing.
    async fn check_signature(&self, jws: &Jws<'_>, now: OffsetDateTime) -> Result<(), TokenError> {
        let keys = self.keys.get(now).await?;
        let failure = match keys.verify(jws) {
            Err(failure @ TokenError::UnknownKey) => failure,
            // Without a key id a new key can't be told from a bad signature.
            Err(failure @ TokenError::Signature) if jws.kid.is_none() => failure,
            outcome => return outcome,
        };
        let newer = self.keys.newer_than(&keys, now).await?;
        newer.map_or(Err(failure), |newer| newer.verify(jws))
    }
}

impl std::fmt::Debug for TokenVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenVerifier").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Says nothing of the person.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("audience", &self.audience).field("exp", &self.exp).finish_non_exhaustive()
    }
}
