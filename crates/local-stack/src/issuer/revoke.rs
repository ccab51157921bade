//! `oauth/revoke`: a client hands a token back (RFC 7009). A refresh token takes its whole family along, the access
//! tokens too; an access token only itself. An unknown token is answered like a known one.

use http::{Response, StatusCode};
use serde_json::json;
use time::OffsetDateTime;

use super::call::Call;
use super::token::{Denied, client_form};
use super::{Issuer, answer, ticket};

/// `POST oauth/revoke`
pub(super) fn respond(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let missing = Denied::new("invalid_request", "Missing required parameter: token");
    let token = client_form(issuer, call).and_then(|form| form.get("token")?.ok_or(missing));
    match token {
        Ok(token) => {
            revoke(issuer, token, call.now);
            answer::json(StatusCode::OK, &json!({}))
        }
        Err(denied) => denied.answer(),
    }
}

fn revoke(issuer: &Issuer, token: &str, now: OffsetDateTime) {
    let Some((id, seal)) = ticket::read(token) else { return };
    let mut state = issuer.state();
    // A replaced refresh token ends the family as well: whoever has one had the family.
    if state.grants.get(id, now).is_some_and(|grant| grant.refresh.is_some()) {
        state.grants.remove(id);
    } else if state.access_tokens.get(id, now).is_some_and(|access| access.seal.fits(seal)) {
        state.access_tokens.remove(id);
    }
}
