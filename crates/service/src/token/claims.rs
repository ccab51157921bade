//! The inside of a token whose signature is right: the claims, and whether they are for us and for now.

use domain::BuyerName;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use time::OffsetDateTime;

use super::{Identity, TokenError, VerifierSettings};

/// How far the issuer's clock may be off, in seconds.
const LEEWAY: f64 = 60.0;
/// OpenID Connect Core 1.0, section 2: `sub`.
const MAX_SUBJECT_CHARS: usize = 255;

/// The claims that decide something. Serde refuses one that is there twice; others are never read.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audiences,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    nickname: Value,
    #[serde(default)]
    email: Value,
    /// What has it is a security event (RFC 8417), such as a logout token: those must never pass for ID tokens, though
    /// issuer and audience are the same (OpenID Connect Back-Channel Logout 1.0, section 2.4).
    #[serde(default)]
    events: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Claims {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, TokenError> {
        if payload.first() != Some(&b'{') {
            return Err(TokenError::Claims);
        }
        // As text, so that also what isn't read is UTF-8 (RFC 8725, section 3.7).
        let payload = std::str::from_utf8(payload).map_err(|_| TokenError::Claims)?;
        serde_json::from_str(payload).map_err(|_| TokenError::Claims)
    }

    pub(super) fn check(self, settings: &VerifierSettings, now: OffsetDateTime) -> Result<Identity, TokenError> {
        if self.events.is_some() {
            return Err(TokenError::Type);
        }
        if self.iss != settings.issuer {
            return Err(TokenError::Issuer);
        }
        let audience = self.audience(&settings.audiences)?.to_owned();
        let visible = |char: char| char.is_ascii_graphic() || char == ' ';
        if !(1..=MAX_SUBJECT_CHARS).contains(&self.sub.len()) || !self.sub.chars().all(visible) {
            return Err(TokenError::Subject);
        }

        let now = now.unix_timestamp() as f64;
        if now >= self.exp + LEEWAY {
            return Err(TokenError::Expired);
        }
        if self.nbf.is_some_and(|nbf| now < nbf - LEEWAY) {
            return Err(TokenError::NotYetValid);
        }
        if now < self.iat - LEEWAY || self.iat > self.exp {
            return Err(TokenError::IssuedAt);
        }

        let texts = [&self.name, &self.nickname, &self.email].into_iter().filter_map(Value::as_str);
        let name = texts.chain([self.sub.as_str()]).find_map(BuyerName::from_claim).ok_or(TokenError::Subject)?;
        let email = self.email.as_str().filter(|email| !email.is_empty()).map(str::to_owned);
        Ok(Identity { name, email, audience, sub: self.sub, amr: self.amr, exp: self.exp as i64 })
    }

    /// The client the token is for. OpenID Connect Core 1.0, section 3.1.3.7, points 3 to 5.
    fn audience(&self, ours: &[String]) -> Result<&str, TokenError> {
        let theirs = match &self.aud {
            Audiences::One(audience) => std::slice::from_ref(audience),
            Audiences::Many(audiences) => audiences,
        };
        let matching = theirs.iter().find(|audience| ours.contains(audience)).ok_or(TokenError::Audience)?;
        match &self.azp {
            Some(party) if ours.contains(party) => Ok(party),
            None if theirs.len() == 1 => Ok(matching),
            _ => Err(TokenError::AuthorizedParty),
        }
    }
}
