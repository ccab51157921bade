//! What a deployment decides: who may read answers from another origin (the Fetch standard's CORS protocol), and how
//! a buyer is known.

use domain::{ErrorCode, IdentitySource, may_buy, role_for};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use super::{refusal::Refusal, route::Route};
use crate::{Identity, TokenVerifier};

/// The settings of a [`crate::Router`].
#[derive(Clone, Debug)]
pub struct RouterSettings {
    /// The page's origin, `https://shop.example.com`, or `*`.
    pub allowed_origin: HeaderValue,
    /// How a buyer is known.
    pub buyer_identity: BuyerIdentity,
    /// The Social Connections whose people are buyers: a verified identity of anybody else buys nothing, whoever
    /// signed the call.
    pub social_connections: Vec<String>,
}

/// Where a buyer's name comes from. The template's parameter `BuyerIdentity`.
#[derive(Clone, Debug)]
pub enum BuyerIdentity {
    /// From a verified ID token.
    Verified(TokenVerifier),
    /// From `userName` in the body, as the caller says: the older tutorial contract, for a console test. Nobody has
    /// purchases of their own then, for nobody is known.
    Claimed,
}

const ALLOWED_HEADERS: &str =
    "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-identity-token";
const EXPOSED_HEADERS: &str = "Date, Link, x-amzn-ErrorType, x-amzn-RequestId";
/// Ten minutes, in seconds.
const MAX_AGE: &str = "600";

impl RouterSettings {
    /// Refuses an identity that isn't a buyer's. IAM has decided over the call's signature; this is over the name that
    /// would be written.
    pub(super) fn check_buyer(&self, identity: &Identity) -> Result<(), Refusal> {
        let source = IdentitySource::from_subject(&identity.sub, &self.social_connections);
        if may_buy(role_for(&source)) {
            return Ok(());
        }
        let message = "Only somebody who signed in through a Social Connection of this shop buys pets.";
        Err(Refusal::new(ErrorCode::Forbidden, message))
    }

    pub(super) fn add_cors(&self, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, self.allowed_origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
        if self.allowed_origin != "*" {
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        }
    }
}

/// The answer to a preflight request.
pub(super) fn preflight(route: Route) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let methods = HeaderValue::from_str(&route.allow()).expect("methods are plain ASCII");
    headers.insert(header::ALLOW, methods.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    response
}
