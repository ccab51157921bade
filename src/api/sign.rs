//! AWS Signature Version 4 by AWS's own crate, with the settings that API Gateway verifies by.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign as aws_sign},
    sign::v4,
};
use http::Request;

/// Adds `x-amz-date`, `x-amz-security-token` and `authorization`. Every header of the request is signed, and the host,
/// which a browser sends by itself and lets nobody set. The time is an argument: wasm has no clock of its own.
///
/// The crate's default settings are the ones for every service but S3: the path normalized and encoded a second time,
/// no checksum header, the session token signed.
pub(super) fn sign(request: &mut Request<Vec<u8>>, keys: &Credentials, region: &str, now_ms: i64) {
    let identity = keys.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("execute-api")
        .time(UNIX_EPOCH + Duration::from_millis(now_ms.max(0).unsigned_abs()))
        .settings(SigningSettings::default())
        .build()
        .expect("every field is given")
        .into();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let body = SignableBody::Bytes(request.body());
    let signable = SignableRequest::new(request.method().as_str(), request.uri().to_string(), headers, body)
        .expect("a request's own address is one");
    let (instructions, _) = aws_sign(signable, &params).expect("the headers are visible ASCII").into_parts();
    instructions.apply_to_request_http1x(request);
}

#[cfg(test)]
mod tests;
