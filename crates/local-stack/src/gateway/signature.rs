//! Signature Version 4, verified as AWS does it: what the caller claims (`claim`) is read strictly, and the request is
//! signed again with the secret that belongs to the session, over exactly the headers that the caller signed. The two
//! signatures are compared in constant time. It decides nothing about rights; the next step is `gateway::authorize`.
//!
//! `aws-sigv4` does the signing, so that server and clients agree on encodings to the last byte. Source: "Signature
//! Version 4 signing process" of the IAM User Guide.

mod claim;
mod resign;
#[cfg(test)]
mod vectors;

use http::Request;
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

use super::refusal::Refusal;
use claim::Claim;

/// What a signature must be made for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// `us-east-1`
    pub region: &'static str,
    /// `execute-api`
    pub service: &'static str,
    /// Whether `//`, `.` and `..` are taken out of the path before signing. Only S3 leaves them in.
    pub normalizes_path: bool,
}

/// What the verifier must know of a session.
pub trait Secret {
    /// The session's secret access key.
    fn secret_access_key(&self) -> &str;
}

/// How far a signature's time may be from now, either way.
const WINDOW: Duration = Duration::minutes(5);

/// Whose signature this is. `find` gives the session of an access key id and a session token.
pub fn verify<S: Secret>(
    request: &Request<Vec<u8>>,
    target: Target,
    now: OffsetDateTime,
    find: impl FnOnce(&str, Option<&str>) -> Result<S, Refusal>,
) -> Result<S, Refusal> {
    let claim = Claim::read(request)?;
    claim.check_scope(target)?;
    let session = find(&claim.access_key_id, claim.session_token.as_deref())?;
    check_time(&claim, now)?;
    let expected = resign::signature(request, &claim, target, session.secret_access_key())
        .ok_or_else(|| Refusal::InvalidSignature(MISMATCH.to_owned()))?;
    if bool::from(expected.as_bytes().ct_eq(claim.signature.as_bytes())) {
        Ok(session)
    } else {
        Err(Refusal::InvalidSignature(MISMATCH.to_owned()))
    }
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                        Secret Access Key and signing method. Consult the service documentation for details.";

fn check_time(claim: &Claim, now: OffsetDateTime) -> Result<(), Refusal> {
    let late = match claim.expires {
        None => now - claim.time > WINDOW,
        Some(expires) => now - claim.time > expires,
    };
    let (signed, server) = (&claim.timestamp, claim::timestamp(now));
    let edge = |edge: Option<OffsetDateTime>| edge.map(claim::timestamp).unwrap_or_default();
    if late {
        let (edge, span) = match claim.expires {
            None => (edge(now.checked_sub(WINDOW)), format!("{server} - 5 min.")),
            Some(expires) => (edge(now.checked_sub(expires)), format!("{server} - {} s", expires.whole_seconds())),
        };
        return Err(Refusal::InvalidSignature(format!(
            "Signature expired: {signed} is now earlier than {edge} ({span})"
        )));
    }
    if claim.time - now > WINDOW {
        let edge = edge(now.checked_add(WINDOW));
        let message = format!("Signature not yet current: {signed} is still later than {edge} ({server} + 5 min.)");
        return Err(Refusal::InvalidSignature(message));
    }
    Ok(())
}
