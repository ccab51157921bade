//! How answers are put together: JSON, redirects, refused methods, and what CORS needs.

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, Response, StatusCode};
use serde_json::Value;
use url::Url;

/// An answer with these headers. Every value is of our own making, or checked to be visible ASCII.
pub(super) fn with_headers<N: Into<HeaderName>>(
    status: StatusCode,
    headers: impl IntoIterator<Item = (N, String)>,
    body: Vec<u8>,
) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(name.into(), value);
        }
    }
    response
}

/// JSON that nobody may keep (RFC 6749 §5.1).
pub(super) fn json(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::PRAGMA, "no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    with_headers(status, headers, body.to_string().into_bytes())
}

/// An OAuth error (RFC 6749 §5.2).
pub(super) fn oauth_error(status: StatusCode, error: &str, description: &str) -> Response<Vec<u8>> {
    json(status, &serde_json::json!({ "error": error, "error_description": description }))
}

/// Sends the browser on with a GET, whatever it came with.
pub(super) fn redirect(location: &str, cookies: impl IntoIterator<Item = String>) -> Response<Vec<u8>> {
    let headers = [
        (header::LOCATION, location.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    let cookies = cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie));
    with_headers(StatusCode::SEE_OTHER, headers.into_iter().chain(cookies), Vec::new())
}

/// An address with parameters added to its query. The address is a registered one.
pub(super) fn with_query<'a>(address: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut url = Url::parse(address).expect("a registered address begins with an origin that was parsed");
    url.query_pairs_mut().extend_pairs(parameters);
    if url.query() == Some("") {
        url.set_query(None);
    }
    url.into()
}

/// 405 with the methods there are.
pub(super) fn wrong_method(methods: &[Method]) -> Response<Vec<u8>> {
    let headers = [
        (header::ALLOW, names(methods)),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let body = format!("This address takes {} only.\n", names(methods));
    with_headers(StatusCode::METHOD_NOT_ALLOWED, headers, body.into_bytes())
}

/// The answer to a CORS preflight; `with_cors` adds whom it is for.
pub(super) fn preflight(methods: &[Method]) -> Response<Vec<u8>> {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, names(methods)),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type".to_owned()),
        (header::ACCESS_CONTROL_MAX_AGE, "600".to_owned()),
    ];
    with_headers(StatusCode::NO_CONTENT, headers, Vec::new())
}

/// Lets pages of a known origin read the answer. Cookies are not part of it.
pub(super) fn with_cors(mut response: Response<Vec<u8>>, origin: Option<&str>) -> Response<Vec<u8>> {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("Date, WWW-Authenticate");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

fn names(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}
