//! What must be remembered of a sign-in while the page is away at the issuer.

use serde::{Deserialize, Serialize};

use super::{Secret, SessionError};

/// Kept by the page in the tab that left, and nowhere else; taken once.
#[derive(Serialize, Deserialize)]
pub(super) struct Transaction {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    /// PKCE's `code_verifier`.
    pub(super) verifier: Secret,
    pub(super) return_to: String,
    /// Whether nobody was to be asked (`prompt=none`).
    pub(super) quiet: bool,
    /// When it began by the device's clock, in milliseconds since 1970.
    pub(super) began_ms: i64,
}

/// How long a sign-in may take.
const LIFE_MS: i64 = 10 * 60 * 1000;

impl Transaction {
    /// As text, for the page to keep.
    pub(super) fn to_text(&self) -> Secret {
        serde_json::to_string(self).expect("texts and numbers always serialize").into()
    }

    /// From text that the page kept; nothing if it isn't one.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_slice(text.as_bytes()).ok()
    }

    /// Refuses one that is too old, or from the future. `device_ms` is the same clock that it began by.
    pub(super) fn in_time(self, device_ms: i64) -> Result<Self, SessionError> {
        match device_ms.checked_sub(self.began_ms) {
            Some(0..=LIFE_MS) => Ok(self),
            _ => Err(SessionError::TooLate),
        }
    }
}
