//! The outside of a token: three parts and the header (RFC 7515, compact serialization).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::TokenError;

/// Real ID tokens have one or two kilobytes.
const MAX_BYTES: usize = 16 * 1024;

/// The two that count (RFC 7518, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    RS256,
    ES256,
}

/// A token that is well-formed, and of which nothing is believed yet.
pub(super) struct Jws<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<String>,
    /// Header and payload as they were signed.
    pub(super) message: &'a str,
    pub(super) signature: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// Serde refuses a member that is there twice. Keys that the header brings along (`jwk`, `jku`, `x5c`, `x5u`) are
/// never read.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    /// RFC 7797: it changes what is signed, and is nothing without `crit`.
    #[serde(default, deserialize_with = "present")]
    b64: bool,
}

impl<'a> Jws<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
        // A fourth part would leave a dot in the payload, which is no base64url.
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed);
        let (header, payload) = (decode(header)?, decode(payload)?);
        let signature = decode(signature)?;

        if header.first() != Some(&b'{') {
            return Err(TokenError::Header);
        }
        // As text, so that also what isn't read is UTF-8 (RFC 8725, section 3.7).
        let header = std::str::from_utf8(&header).map_err(|_| TokenError::Header)?;
        let header: Header = serde_json::from_str(header).map_err(|_| TokenError::Header)?;
        let algorithm = match header.alg.as_str() {
            "RS256" => Algorithm::RS256,
            "ES256" => Algorithm::ES256,
            _ => return Err(TokenError::Algorithm),
        };
        if header.crit || header.b64 {
            return Err(TokenError::Critical);
        }
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(TokenError::Type);
        }
        Ok(Self { algorithm, kid: header.kid, message, signature, payload })
    }
}

/// True whatever the value is, `null` too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
