//! STS's XML.

use http::{HeaderValue, Response, StatusCode, header};
use time::{OffsetDateTime, macros::format_description};

use crate::credentials::Credentials;

/// What a successful call gives.
pub struct Assumed {
    /// The credentials.
    pub credentials: Credentials,
    /// The ARN of the session.
    pub arn: String,
    /// The role's id.
    pub role_id: String,
    /// When the credentials end.
    pub expiration: OffsetDateTime,
}

impl Assumed {
    /// The answer.
    pub fn answer(&self, request_id: &str) -> Response<Vec<u8>> {
        let Credentials { session, secret_access_key, session_token } = &self.credentials;
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let expiration = self.expiration.to_utc().format(format).unwrap_or_default();
        let credentials = element("AccessKeyId", &session.access_key_id)
            + &element("SecretAccessKey", secret_access_key)
            + &element("SessionToken", session_token)
            + &element("Expiration", &expiration);
        let user = element("Arn", &self.arn) + &element("AssumedRoleId", &format!("{}:{}", self.role_id, session.name));
        let result = format!(
            "<Credentials>{credentials}</Credentials><AssumedRoleUser>{user}</AssumedRoleUser>{}{}{}",
            element("SubjectFromWebIdentityToken", &session.subject),
            element("Provider", &session.provider_arn),
            element("Audience", &session.audience),
        );
        let body = format!(
            "<AssumeRoleWithWebIdentityResult>{result}</AssumeRoleWithWebIdentityResult>\
             <ResponseMetadata>{}</ResponseMetadata>",
            element("RequestId", request_id)
        );
        xml(StatusCode::OK, "AssumeRoleWithWebIdentityResponse", &body)
    }
}

/// `<name>text</name>`, escaped.
pub fn element(name: &str, text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            char if char.is_control() => escaped.push('\u{fffd}'),
            char => escaped.push(char),
        }
    }
    format!("<{name}>{escaped}</{name}>")
}

/// A document of STS's namespace.
pub fn xml(status: StatusCode, root: &str, body: &str) -> Response<Vec<u8>> {
    let document = format!("<{root} xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">{body}</{root}>");
    let mut response = Response::new(document.into_bytes());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}

/// The answer to a preflight request.
pub fn preflight() -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("content-type, amz-sdk-invocation-id, amz-sdk-request, x-amz-user-agent"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    response
}

/// Every page may read STS's answers, as with AWS: what they are worth is decided by the token in the request.
pub fn with_headers(mut response: Response<Vec<u8>>, request_id: &str) -> Response<Vec<u8>> {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Date, x-amzn-RequestId"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
