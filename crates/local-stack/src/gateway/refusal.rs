//! What the gateway says no with, in API Gateway's words: the status, the error type in a header, a message. A message
//! never repeats a token, a key or a signature. The page reads the type and shows the message.

use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

use template::Api;

/// A refusal of the gateway itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in the request says who asks; also what every unknown path and method gets.
    MissingAuthenticationToken,
    /// There is a signature, but not all of it.
    IncompleteSignature(String),
    /// The signature is not the request's, or not of now, or not for here.
    InvalidSignature(String),
    /// The session token or the key id isn't known.
    UnrecognizedClient,
    /// The session has ended.
    ExpiredToken,
    /// IAM says no.
    AccessDenied(String),
    /// The request can't be understood.
    BadRequest(&'static str),
    /// More than the gateway takes.
    RequestTooLarge,
}

impl Refusal {
    /// `x-amzn-ErrorType`.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::IncompleteSignature(_) => "IncompleteSignatureException",
            Self::InvalidSignature(_) => "InvalidSignatureException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::BadRequest(_) => "BadRequestException",
            Self::RequestTooLarge => "RequestTooLargeException",
        }
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        match self {
            Self::MissingAuthenticationToken => "Missing Authentication Token",
            Self::IncompleteSignature(message) | Self::InvalidSignature(message) | Self::AccessDenied(message) => {
                message
            }
            Self::UnrecognizedClient => "The security token included in the request is invalid.",
            Self::ExpiredToken => "The security token included in the request is expired",
            Self::BadRequest(message) => message,
            Self::RequestTooLarge => "Request Too Long",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::RequestTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// The `ResponseType` of the template's gateway responses that speaks of it.
    fn response_type(&self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MISSING_AUTHENTICATION_TOKEN",
            Self::InvalidSignature(_) => "INVALID_SIGNATURE",
            Self::ExpiredToken => "EXPIRED_TOKEN",
            Self::AccessDenied(_) => "ACCESS_DENIED",
            Self::RequestTooLarge => "REQUEST_TOO_LARGE",
            Self::IncompleteSignature(_) | Self::UnrecognizedClient | Self::BadRequest(_) => "DEFAULT_4XX",
        }
    }

    /// The answer, with the headers that the template gives its kind.
    pub fn answer(&self, api: &Api) -> Response<Vec<u8>> {
        let body = serde_json::json!({ "message": self.message() }).to_string();
        let mut response = Response::new(body.into_bytes());
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        let responses = &api.gateway_responses;
        for (name, value) in responses.get(self.response_type()).or(responses.get("DEFAULT_4XX")).into_iter().flatten()
        {
            headers.insert(name, value.clone());
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-amzn-errortype", HeaderValue::from_static(self.error_type()));
        response
    }
}
