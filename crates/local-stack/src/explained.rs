//! `GET /explain`: what the bearer of an ID token may do here and why, for the page of the shop. The token is believed as
//! STS believes it, and what is said of it is what STS and the gateway would ask. Nobody gets a right by it. The
//! deployed API has no such path: documents are at hand on a developer's machine only.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use serde_json::json;
use template::Template;

use crate::{
    caller::Caller,
    sts::{Fault, Sts},
};

/// The ID token.
const TOKEN: HeaderName = HeaderName::from_static("x-identity-token");

/// Why there is no answer.
struct Refusal(StatusCode, String);

/// Answers a request to `/explain`. `origins` are those whose pages may ask.
pub async fn respond(
    request: &Request<Vec<u8>>,
    caller: &Caller,
    template: &Template,
    sts: &Sts,
    origins: &[String],
) -> Response<Vec<u8>> {
    let origin = origin(request.headers(), origins);
    let answered = match (&origin, request.method()) {
        (Err(_), _) => {
            Err(Refusal::new(StatusCode::FORBIDDEN, "Only pages of --app-origin and of the stack itself may ask."))
        }
        (Ok(_), &Method::OPTIONS) => Ok(preflight()),
        (Ok(_), &Method::GET) => explain(request, caller, template, sts).await,
        (Ok(_), _) => Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Ask with GET.")),
    };
    let answer = answered.unwrap_or_else(|Refusal(status, message)| {
        let mut answer = answer(status, json!({ "message": message }).to_string().into_bytes());
        if status == StatusCode::METHOD_NOT_ALLOWED {
            answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, OPTIONS"));
        }
        answer
    });
    finish(answer, caller, origin.ok().flatten())
}

/// A page of somebody else asks, or several at once.
struct Stranger;

/// The origin of the page that asks, if one does.
fn origin(headers: &HeaderMap, origins: &[String]) -> Result<Option<HeaderValue>, Stranger> {
    let mut given = headers.get_all(header::ORIGIN).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(origin), None) if origins.iter().any(|known| known.as_bytes() == origin.as_bytes()) => {
            Ok(Some(origin.clone()))
        }
        _ => Err(Stranger),
    }
}

async fn explain(
    request: &Request<Vec<u8>>,
    caller: &Caller,
    template: &Template,
    sts: &Sts,
) -> Result<Response<Vec<u8>>, Refusal> {
    let bad = |message: &str| Refusal::new(StatusCode::BAD_REQUEST, message);
    if !request.body().is_empty() || request.uri().query().is_some_and(|query| !query.is_empty()) {
        return Err(bad("Send the ID token in the header X-Identity-Token, and nothing in the body or the address."));
    }
    let mut tokens = request.headers().get_all(TOKEN).iter();
    let person = match (tokens.next(), tokens.next()) {
        (None, _) => None,
        (Some(_), Some(_)) => return Err(bad("The header X-Identity-Token is there more than once.")),
        (Some(token), None) => {
            let token =
                token.to_str().map_err(|_| bad("The header X-Identity-Token holds more than visible ASCII."))?;
            Some(sts.believe(token, caller.now).await?.1)
        }
    };
    let access = explain::access(template.documents(), person.as_ref(), &caller.circumstances());
    let body = serde_json::to_vec(&access);
    Ok(answer(StatusCode::OK, body.expect("texts, lists and names are JSON")))
}

impl Refusal {
    fn new(status: StatusCode, message: &str) -> Self {
        Self(status, message.to_owned())
    }
}

/// In STS's words, which never repeat a token.
impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let status = match fault {
            // A later try may work.
            Fault::IdpCommunication(_) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        };
        Self(status, format!("{}. {}", fault.code(), fault.message()))
    }
}

fn answer(status: StatusCode, body: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn preflight() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("x-identity-token"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

/// What every answer has.
fn finish(mut response: Response<Vec<u8>>, caller: &Caller, origin: Option<HeaderValue>) -> Response<Vec<u8>> {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Ok(id) = HeaderValue::from_str(&caller.request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Date, x-amzn-RequestId"));
    }
    response
}
