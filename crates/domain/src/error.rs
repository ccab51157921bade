//! What can go wrong, as words that a machine and a person can both read.

use serde::{Deserialize, Serialize};

/// Bad input, with the field at fault. `message` is a whole sentence with the remedy in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// What the caller is told in [`ErrorBody::code`].
    pub code: ErrorCode,
    /// The field's name on the wire, if one field is at fault.
    pub field: Option<&'static str>,
    /// A sentence for a person.
    pub message: String,
}

impl Invalid {
    /// A fault of one field.
    pub fn field(code: ErrorCode, field: &'static str, message: impl Into<String>) -> Self {
        Self { code, field: Some(field), message: message.into() }
    }

    /// A fault of the request as a whole.
    pub fn request(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::InvalidRequest, field: None, message: message.into() }
    }

    pub(crate) fn price(message: &str) -> Self {
        Self::field(ErrorCode::InvalidPrice, "price", message)
    }
}

/// Why the shop refused a request. What the gateway refuses before the shop sees it has AWS's own error types instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: the body is no JSON object, or a query parameter is unknown in its value.
    InvalidRequest,
    /// 400: the pet's type is missing or not 1 to 40 visible characters.
    InvalidType,
    /// 400: the price is missing or not 0.01 to 1,000,000.00 with at most two decimals.
    InvalidPrice,
    /// 400: the pet's id is missing or no positive integer.
    InvalidPetId,
    /// 400: the cursor was not given by this list.
    InvalidCursor,
    /// 413: the body has more than [`crate::MAX_BODY_BYTES`].
    BodyTooLarge,
    /// 401: no identity token came with the request.
    MissingIdentityToken,
    /// 401: the identity token could not be believed.
    InvalidIdentityToken,
    /// 403: the identity may not do this.
    Forbidden,
    /// 404: there is no such pet.
    PetNotFound,
    /// 409: somebody else has bought the pet.
    PetNotAvailable,
    /// 404: the API has no such resource.
    NotFound,
    /// 405: the resource has no such method.
    MethodNotAllowed,
    /// 503: the store or the issuer's keys could not be reached; a later try may work.
    Unavailable,
    /// 500: our own fault.
    Internal,
    /// A code that this version does not know.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The HTTP status that goes with it.
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest
            | Self::InvalidType
            | Self::InvalidPrice
            | Self::InvalidPetId
            | Self::InvalidCursor => 400,
            Self::MissingIdentityToken | Self::InvalidIdentityToken => 401,
            Self::Forbidden => 403,
            Self::PetNotFound | Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::PetNotAvailable => 409,
            Self::BodyTooLarge => 413,
            Self::Unavailable => 503,
            Self::Internal | Self::Unknown => 500,
        }
    }
}

/// The body of every refusal of the shop: `{"code": "…", "message": "…", "requestId": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// For a program.
    pub code: ErrorCode,
    /// For a person.
    pub message: String,
    /// The field at fault, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For finding the request in a log.
    pub request_id: String,
}
