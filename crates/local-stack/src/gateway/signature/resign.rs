//! The signature that a request should have, made by signing what arrived once more.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest, SignatureLocation,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use http::{HeaderName, Request, Uri};
use sha2::{Digest, Sha256};

use super::{
    Target,
    claim::{Claim, QUERY_PARAMETERS},
};

/// Hexadecimal, or nothing when no signature could fit: a header that isn't text, a body that isn't the hashed one.
pub fn signature(request: &Request<Vec<u8>>, claim: &Claim, target: Target, secret_access_key: &str) -> Option<String> {
    let body_hash = format!("{:x}", Sha256::digest(request.body()));
    // `UNSIGNED-PAYLOAD` is S3's; here the header can only repeat what is hashed anyhow.
    if let Some(stated) = request.headers().get("x-amz-content-sha256")
        && stated.as_bytes() != body_hash.as_bytes()
    {
        return None;
    }

    let in_query = claim.expires.is_some();
    // The signer adds these two by itself, from the time and the credentials that it is given.
    let added = |name: &str| !in_query && (name == "x-amz-date" || name == "x-amz-security-token");
    let mut headers = Vec::new();
    for name in claim.signed_headers.iter().filter(|name| !added(name)) {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let mut values = request.headers().get_all(&name).iter().peekable();
        values.peek()?;
        for value in values {
            headers.push((name.as_str().to_owned(), std::str::from_utf8(value.as_bytes()).ok()?));
        }
    }
    let uri = if in_query { without_signature(request.uri()) } else { path_and_query(request.uri()).to_owned() };

    // In the header form a token belongs to the signature if its header does; in the query it always does.
    let token = claim.session_token.clone();
    let identity = Credentials::new(&claim.access_key_id, secret_access_key, token, None, "session").into();
    let [_, region, service, _] = &claim.scope;
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(SystemTime::from(claim.time))
        .settings(settings(claim, target))
        .build()
        .ok()?
        .into();
    let headers = headers.iter().map(|(name, value)| (name.as_str(), *value));
    let signable =
        SignableRequest::new(request.method().as_str(), uri, headers, SignableBody::Precomputed(body_hash)).ok()?;
    let (_, signature) = sign(signable, &params).ok()?.into_parts();
    Some(signature)
}

fn settings(claim: &Claim, target: Target) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Double;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::from(target.normalizes_path);
    settings.excluded_headers = None;
    settings.session_token_mode = SessionTokenMode::Include;
    if let Some(expires) = claim.expires {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(expires.whole_seconds().unsigned_abs()));
    }
    settings
}

fn path_and_query(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

/// The target without what the signer puts into the query. Everything else stays as it was sent.
fn without_signature(uri: &Uri) -> String {
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| {
        let name = form_urlencoded::parse(pair.as_bytes()).next();
        name.is_none_or(|(name, _)| !QUERY_PARAMETERS.contains(&name.as_ref()))
    });
    format!("{}?{}", uri.path(), kept.collect::<Vec<_>>().join("&"))
}
