//! `userinfo`: what an access token may know of its person (OpenID Connect Core §5.3, RFC 6750).

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use super::call::Call;
use super::claims::profile;
use super::{Issuer, answer, ticket};

/// `GET userinfo` and `POST userinfo`. The token comes in the `Authorization` header; in a form or an address it is not
/// looked for.
pub(super) fn respond(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let Some(token) = bearer(&call.headers) else {
        return challenge("Bearer", "invalid_request", "The access token is missing.");
    };
    match find(issuer, call, token) {
        Some(claims) => answer::json(StatusCode::OK, &claims),
        None => {
            let why = r#"Bearer error="invalid_token", error_description="The access token is unknown or has ended.""#;
            challenge(why, "invalid_token", "The access token is unknown or has ended.")
        }
    }
}

fn find(issuer: &Issuer, call: &Call, token: &str) -> Option<Value> {
    let (id, seal) = ticket::read(token)?;
    let mut state = issuer.state();
    let access = state.access_tokens.get(id, call.now).filter(|kept| kept.seal.fits(seal))?;
    let (grant, scope) = (access.grant.clone(), access.scope);
    let consent = &state.grants.get(&grant, call.now)?.consent;
    Some(Value::Object(profile(consent.person, scope, consent.signed_in)))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token.trim_start())
}

fn challenge(why: &'static str, error: &str, description: &str) -> Response<Vec<u8>> {
    let mut response = answer::oauth_error(StatusCode::UNAUTHORIZED, error, description);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(why));
    response
}
