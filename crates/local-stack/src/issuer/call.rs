//! A request as the operations see it: bounded in size, with its parameters read.

use http::{HeaderMap, Method, Request, StatusCode, header};
use time::OffsetDateTime;

use super::parameters::{Parameters, Repeated};

/// A sign-in needs a few hundred bytes and a sign-out one ID token.
const LONGEST: usize = 16 * 1024;
/// So many parameters and no more are looked at.
const MOST_PARAMETERS: usize = 64;

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// The parameters of the query.
    pub(super) query: Parameters,
    /// The parameters of the body, if it is a form.
    pub(super) form: Option<Parameters>,
    pub(super) now: OffsetDateTime,
}

/// Why a person gets a page instead of what was asked for.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, title: &'static str, message: impl Into<String>) -> Self {
        Self { status, title, message: message.into() }
    }

    pub(super) fn bad(title: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, title, message)
    }
}

impl From<Repeated> for Refusal {
    fn from(Repeated(name): Repeated) -> Self {
        Self::bad("That request is not valid", format!("The parameter “{name}” is there more than once."))
    }
}

impl Call {
    pub(super) fn read(request: &Request<Vec<u8>>, now: OffsetDateTime) -> Result<Self, Refusal> {
        let query = request.uri().query().unwrap_or_default().as_bytes();
        let body = request.body().as_slice();
        for (text, status) in [(query, StatusCode::URI_TOO_LONG), (body, StatusCode::PAYLOAD_TOO_LARGE)] {
            if text.len() > LONGEST {
                let message = format!("It is longer than {} KiB.", LONGEST / 1024);
                return Err(Refusal::new(status, "That request is too long", message));
            }
            if text.iter().filter(|byte| **byte == b'&').count() >= MOST_PARAMETERS {
                return Err(Refusal::bad("That request is not valid", "It has too many parameters."));
            }
        }
        Ok(Self {
            method: request.method().clone(),
            headers: request.headers().clone(),
            query: Parameters::parse(query),
            form: is_form(request.headers()).then(|| Parameters::parse(body)),
            now,
        })
    }

    /// The parameters of a page's request: the query of a GET, the form of a POST, never a mix.
    pub(super) fn parameters(&self) -> Result<&Parameters, Refusal> {
        if self.method == Method::GET {
            return Ok(&self.query);
        }
        self.form.as_ref().ok_or_else(|| {
            let message = "A form must be sent as application/x-www-form-urlencoded.";
            Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "That request is not valid", message)
        })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let media_type = value.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
