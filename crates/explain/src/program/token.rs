//! An ID token's claims, as they stand in it. Its signature is not checked, for that takes the issuer's keys: so what it
//! says is explained, and not believed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Fact, Journey, StepName, Verdict};
use explain::Person;
use serde::Deserialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// What a token says.
pub struct Token {
    pub person: Person,
    begins: Option<i64>,
    ends: Option<i64>,
}

/// It isn't one. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("that is no JWT: it should be three parts of base64url with dots between them")]
    NotAJwt,
    #[error("that token's claims are no JSON object with iss, sub and aud; an access token isn't an ID token")]
    Claims,
    #[error("that token has several audiences and no azp, which says which of them asked")]
    Audience,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: OneOrMany,
    azp: Option<String>,
    amr: Option<OneOrMany>,
    nbf: Option<f64>,
    exp: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

impl Token {
    /// Reads it.
    pub fn read(token: &str) -> Result<Self, TokenError> {
        let parts: Vec<&str> = token.trim().split('.').collect();
        let [_, payload, _] = parts[..] else { return Err(TokenError::NotAJwt) };
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(|_| TokenError::NotAJwt)?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenError::Claims)?;
        let audiences = claims.aud.into_vec();
        // As STS takes it: the authorized party, where there are several.
        let audience = match (claims.azp, &audiences[..]) {
            (Some(azp), _) => azp,
            (None, [one]) => one.clone(),
            (None, _) => return Err(TokenError::Audience),
        };
        let person = Person {
            issuer: claims.iss,
            subject: claims.sub,
            audience,
            amr: claims.amr.map(OneOrMany::into_vec).unwrap_or_default(),
        };
        // Fractions of a second don't matter, and what no clock shows is cut.
        let seconds = |time: f64| time as i64;
        Ok(Self { person, begins: claims.nbf.map(seconds), ends: claims.exp.map(seconds) })
    }

    /// The journey as STS sees it, which asks for the time before it asks for anything else about a person.
    pub fn judge(&self, mut journey: Journey, now: OffsetDateTime) -> Journey {
        let now = now.unix_timestamp();
        let Some(first) = journey.steps.iter_mut().find(|step| step.step == StepName::Connection) else {
            return journey;
        };
        first.facts.push(Fact { name: "Signature".into(), value: "not checked: no server is asked".into() });
        let fact = |name: &str, time: i64| Fact { name: name.into(), value: instant(time) };
        first.facts.extend(self.begins.map(|time| fact("nbf", time)));
        first.facts.extend(self.ends.map(|time| fact("exp", time)));
        let fault = match (self.begins, self.ends) {
            (_, None) => Some("STS: InvalidIdentityToken. The token has no exp.".to_owned()),
            (_, Some(end)) if end <= now => {
                Some(format!("STS: ExpiredTokenException. The token ended at {}.", instant(end)))
            }
            (Some(begin), _) if begin > now => {
                Some(format!("STS: InvalidIdentityToken. The token begins at {}.", instant(begin)))
            }
            _ => None,
        };
        if let Some(fault) = fault.filter(|_| first.verdict == Verdict::Allowed) {
            first.says = fault;
            first.verdict = Verdict::Refused;
            // A call that everybody may make needs no token.
            let open =
                journey.steps.last().is_some_and(|step| step.step == StepName::Call && step.statements.is_empty());
            if !(open && journey.verdict == Verdict::Allowed) {
                journey.steps.truncate(1);
                journey.verdict = Verdict::Refused;
            }
        }
        journey
    }
}

fn instant(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok().and_then(|time| time.format(&Rfc3339).ok());
    time.unwrap_or_else(|| format!("{seconds} seconds after 1970"))
}
