//! `oauth/token`: a code, or a refresh token, becomes tokens (RFC 6749 §4.1.3, §5 and §6). The client is public: it
//! proves itself with PKCE and with what it holds, and sends no secret. Auth0 answers `invalid_grant` with 403; here
//! it is RFC 6749's 400, and clients must take either.

mod code;
mod refresh;

use std::borrow::Cow;

use http::{Response, StatusCode, header};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::call::Call;
use super::claims::{Transaction, claims};
use super::parameters::{Parameters, Repeated};
use super::post_login::{Ended, FAILED};
use super::scope::Scope;
use super::state::{AccessToken, Consent, State};
use super::{Issuer, answer, ticket};

/// Why a request for tokens is refused (RFC 6749 §5.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Denied {
    status: StatusCode,
    error: &'static str,
    description: Cow<'static, str>,
}

impl Denied {
    pub(super) const fn new(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: Cow::Borrowed(description) }
    }

    pub(super) fn answer(&self) -> Response<Vec<u8>> {
        answer::oauth_error(self.status, self.error, &self.description)
    }
}

impl From<Repeated> for Denied {
    fn from(_: Repeated) -> Self {
        Self::new("invalid_request", "A parameter is there more than once.")
    }
}

/// Auth0 answers a refresh that its Action denies with 403.
impl From<Ended> for Denied {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Denied(reason) => {
                Self { status: StatusCode::FORBIDDEN, error: "access_denied", description: reason.into() }
            }
            Ended::Failed => Self { status: StatusCode::INTERNAL_SERVER_ERROR, ..Self::new("server_error", FAILED) },
        }
    }
}

/// What goes into an answer, once it is signed.
struct Issued {
    consent: Consent,
    scope: Scope,
    nonce: Option<String>,
    /// Of the tenant's Action.
    claims: Map<String, Value>,
    access_token: String,
    refresh_token: Option<String>,
}

/// `POST oauth/token`
pub(super) fn respond(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let issued = client_form(issuer, call).and_then(|form| match form.get("grant_type")? {
        Some("authorization_code") => code::exchange(issuer, form, call.now),
        Some("refresh_token") => refresh::renew(issuer, form, call.now),
        Some(_) => Err(Denied::new("unsupported_grant_type", "Only authorization_code and refresh_token are.")),
        None => Err(Denied::new("invalid_request", "Missing required parameter: grant_type")),
    });
    match issued.map(|issued| body(issuer, &issued, call.now)) {
        Ok(Some(body)) => answer::json(StatusCode::OK, &body),
        Ok(None) => answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Signing failed."),
        Err(denied) => denied.answer(),
    }
}

/// The form of a request by the registered client, each parameter once.
pub(super) fn client_form<'a>(issuer: &Issuer, call: &'a Call) -> Result<&'a Parameters, Denied> {
    let Some(form) = &call.form else {
        return Err(Denied::new("invalid_request", "The body must be application/x-www-form-urlencoded."));
    };
    if !call.query.is_empty() {
        return Err(Denied::new("invalid_request", "Parameters belong into the body, not into the address."));
    }
    form.each_once()?;
    let unauthorized =
        |description| Denied { status: StatusCode::UNAUTHORIZED, ..Denied::new("invalid_client", description) };
    let secret = ["client_secret", "client_assertion"].iter().any(|name| form.get(name) != Ok(None));
    if secret || call.headers.contains_key(header::AUTHORIZATION) {
        return Err(unauthorized("This client is public: it has no secret to send."));
    }
    match form.get("client_id")? {
        Some(id) if id == issuer.registration.client_id() => Ok(form),
        Some(_) => Err(unauthorized("Unknown client")),
        None => Err(Denied::new("invalid_request", "Missing required parameter: client_id")),
    }
}

/// A new access token of a grant.
fn new_access_token(issuer: &Issuer, state: &mut State, grant: &str, scope: Scope, now: OffsetDateTime) -> String {
    let id = ticket::new_id();
    let (token, seal) = ticket::mint(&id);
    let kept = AccessToken { seal, grant: grant.to_owned(), scope };
    state.access_tokens.put(id, kept, now + issuer.config.lifetimes.access_token, now);
    token
}

/// `None` where nothing can be signed.
fn body(issuer: &Issuer, issued: &Issued, now: OffsetDateTime) -> Option<Value> {
    let lifetimes = issuer.config.lifetimes;
    let consent = &issued.consent;
    let transaction = Transaction {
        issuer: &issuer.config.issuer_url,
        client_id: issuer.registration.client_id(),
        scope: issued.scope,
        nonce: issued.nonce.as_deref(),
        sid: &consent.sid,
        signed_in: consent.signed_in,
        tell_auth_time: consent.tell_auth_time,
        issued: now,
        expires: now + lifetimes.id_token,
        custom: &issued.claims,
    };
    let claims = claims(consent.person, consent.person.connection, &transaction);
    let id_token = issuer.key.get().ok()?.sign(&claims).ok()?;
    let mut body = json!({
        "access_token": issued.access_token,
        "id_token": id_token,
        "scope": issued.scope.to_string(),
        "expires_in": lifetimes.access_token.whole_seconds(),
        "token_type": "Bearer",
    });
    if let Some(refresh_token) = &issued.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    Some(body)
}
