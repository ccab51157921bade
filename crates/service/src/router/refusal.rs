//! Every refusal of the shop as HTTP: which code, which words. What went wrong on our side is logged, not told.

use domain::{ErrorBody, ErrorCode, Invalid};
use http::{HeaderValue, Response, StatusCode, header};

use super::{json, route::Route};
use crate::{StoreError, TokenError};

/// An answer that says no.
pub(super) struct Refusal {
    code: ErrorCode,
    message: String,
    field: Option<&'static str>,
    allow: Option<String>,
    /// What is only for the log.
    cause: Option<String>,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, allow: None, cause: None }
    }

    pub(super) fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "The API has no such resource; pets are at /pets.")
    }

    pub(super) fn method_not_allowed(route: Route) -> Self {
        let allow = route.allow();
        let message = format!("This resource takes only {allow}.");
        Self { allow: Some(allow), ..Self::new(ErrorCode::MethodNotAllowed, message) }
    }

    pub(super) fn internal(cause: &impl ToString) -> Self {
        let message = "Something went wrong on our side. Try again later; if it stays, tell us the request's id.";
        Self { cause: Some(cause.to_string()), ..Self::new(ErrorCode::Internal, message) }
    }

    pub(super) fn unavailable(cause: &impl ToString) -> Self {
        let message = "The shop can't answer at the moment. Try again in a minute.";
        Self { cause: Some(cause.to_string()), ..Self::new(ErrorCode::Unavailable, message) }
    }

    pub(super) fn into_response(self, request_id: &str) -> Response<Vec<u8>> {
        if let Some(cause) = &self.cause {
            tracing::error!(requestId = request_id, code = ?self.code, "{cause}");
        }
        let body = ErrorBody {
            code: self.code,
            message: self.message,
            field: self.field.map(str::to_owned),
            request_id: request_id.to_owned(),
        };
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, &body).unwrap_or_default();
        if let Some(allow) = self.allow.and_then(|allow| HeaderValue::from_str(&allow).ok()) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self { field: invalid.field, ..Self::new(invalid.code, invalid.message) }
    }
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::KeysUnavailable(_) => Self::unavailable(&error),
            refused => {
                let message = format!("The identity token is refused: {refused}. Sign in again.");
                Self::new(ErrorCode::InvalidIdentityToken, message)
            }
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PetNotFound(id) => Self::new(ErrorCode::PetNotFound, format!("There is no pet {id}.")),
            StoreError::PetNotAvailable(_) => Self::new(ErrorCode::PetNotAvailable, "That pet is not available."),
            StoreError::InvalidCursor => Self {
                field: Some("cursor"),
                ..Self::new(ErrorCode::InvalidCursor, "The cursor is not of this list. Begin again without one.")
            },
            StoreError::Unavailable(_) => Self::unavailable(&error),
            StoreError::Refused(_)
            | StoreError::OtherShape { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Counter
            | StoreError::TooManySeeds(_) => Self::internal(&error),
        }
    }
}
