//! What STS says no with: code, status and message as AWS has them. Messages never repeat what was sent.

use http::{Response, StatusCode};

use super::answer::{element, xml};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Only `POST` is answered: a token has no place in an address.
    Method,
    /// No such action, or none at all.
    InvalidAction(String),
    /// A parameter is missing or wrong.
    Validation(String),
    /// The session policy is none.
    MalformedPolicy(String),
    /// The token's issuer is no provider.
    UnknownProvider,
    /// The token is not to be believed.
    InvalidToken(String),
    /// The token was good once.
    ExpiredToken,
    /// The issuer's keys can't be had.
    IdpCommunication(String),
    /// The trust policy says no, or there is no such role.
    AccessDenied,
    /// Our own fault.
    Internal,
}

impl Fault {
    /// `Error/Code`
    pub fn code(&self) -> &'static str {
        match self {
            Self::Method | Self::InvalidAction(_) => "InvalidAction",
            Self::Validation(_) => "ValidationError",
            Self::MalformedPolicy(_) => "MalformedPolicyDocument",
            Self::UnknownProvider | Self::InvalidToken(_) => "InvalidIdentityToken",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::IdpCommunication(_) => "IDPCommunicationError",
            Self::AccessDenied => "AccessDenied",
            Self::Internal => "InternalFailure",
        }
    }

    /// `Error/Message`
    pub fn message(&self) -> &str {
        match self {
            Self::Method => "Send the parameters with POST, as a form.",
            Self::InvalidAction(message)
            | Self::Validation(message)
            | Self::MalformedPolicy(message)
            | Self::InvalidToken(message)
            | Self::IdpCommunication(message) => message,
            Self::UnknownProvider => "No OpenIDConnect provider found in your account for the token's issuer",
            Self::ExpiredToken => "Token expired: the current time must be before its expiration time",
            Self::AccessDenied => "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            Self::Internal => "The request could not be answered.",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::AccessDenied => StatusCode::FORBIDDEN,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer in XML.
    pub fn answer(&self, request_id: &str) -> Response<Vec<u8>> {
        let kind = if *self == Self::Internal { "Receiver" } else { "Sender" };
        let error = element("Type", kind) + &element("Code", self.code()) + &element("Message", self.message());
        xml(self.status(), "ErrorResponse", &format!("<Error>{error}</Error>{}", element("RequestId", request_id)))
    }
}
