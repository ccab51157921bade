//! AWS Signature Version 4 by AWS's own crate, over a canonical request of our own: the crate's takes a request apart and
//! puts it together several times, and derives the key for every signature. That both sign alike is tested.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod canonical;

use std::{
    cell::RefCell,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::session::Request;
use canonical::canonical_request;

/// The key that was derived last, for a day, a region and a service. It belongs to its credentials, and is wiped when it
/// is dropped with them.
pub type DerivedKey = RefCell<Option<(String, Zeroizing<Vec<u8>>)>>;

const SERVICE: &str = "execute-api";
/// Years have four digits.
const LAST_SECOND: i64 = 253_402_300_799;

/// Adds `x-amz-date`, `x-amz-security-token` and `authorization` to a request that was never signed. Every header of the
/// request is signed, and the host, which a browser sends by itself and lets nobody set. The time is an argument: wasm
/// has no clock of its own.
pub(crate) fn sign(request: &mut Request, keys: &Credentials, derived: &DerivedKey, region: &str, now_ms: i64) {
    let seconds = (now_ms / 1000).clamp(0, LAST_SECOND);
    let date_time = date_time(seconds);
    let scope = format!("{}/{region}/{SERVICE}/aws4_request", &date_time[..8]);
    request.headers.set("x-amz-date", date_time.as_str());
    if let Some(token) = keys.session_token() {
        request.headers.set("x-amz-security-token", token);
    }
    let (canonical, signed_headers) = canonical_request(request);
    let text = format!("AWS4-HMAC-SHA256\n{date_time}\n{scope}\n{}", hex_digest(canonical.as_bytes()));

    let mut derived = derived.borrow_mut();
    let held = derived.take().filter(|(of, _)| *of == scope);
    let (scope, key) = derived.insert(held.unwrap_or_else(|| {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.unsigned_abs());
        let key = generate_signing_key(keys.secret_access_key(), time, region, SERVICE);
        (scope, Zeroizing::new(key.as_ref().to_vec()))
    }));
    let signature = calculate_signature(key, text.as_bytes());
    let id = keys.access_key_id();
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={signed_headers}, Signature={signature}");
    request.headers.set("authorization", authorization);
}

/// As `20270115T080000Z`.
fn date_time(seconds: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(seconds).expect("a year of four digits");
    let (year, month, day) = at.to_calendar_date();
    let (hour, minute, second) = at.to_hms();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}

fn hex_digest(bytes: &[u8]) -> String {
    let digit = |four_bits: u8| char::from(b"0123456789abcdef"[usize::from(four_bits)]);
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    text
}

#[cfg(test)]
mod tests;
