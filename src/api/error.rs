//! Why a call brought nothing, in words.

use domain::ErrorBody;
use serde::{Deserialize, Serialize};

use crate::session::{NetworkError, Refusal, SessionError};

/// What can go wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CallError {
    /// No answer came, and nothing was changed or a repeat is harmless.
    #[error(transparent)]
    Network(NetworkError),
    /// No answer came to a change: nobody knows whether it happened.
    #[error("No answer came, so it is not known whether this was done. Look at the list before you try again.")]
    Uncertain(NetworkError),
    /// The sign-in has ended and can't be renewed.
    #[error("Your sign-in has ended. Sign in again.")]
    SignInNeeded,
    /// Somebody signed out while the call was under way; its answer was dropped.
    #[error("You were signed out.")]
    SignedOut,
    /// The sign-in could not be renewed for a reason of its own.
    #[error(transparent)]
    Session(SessionError),
    /// AWS refused: the gateway before the shop saw the call, or STS before there were credentials for it.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// The shop itself said no.
    #[error("{}", .0.message)]
    Shop(ErrorBody),
    /// The answer is none that the API gives.
    #[error("The shop gave an answer that this page does not understand (status {status}). Try again in a moment.")]
    Unexpected {
        /// The HTTP status.
        status: u16,
    },
}

impl From<SessionError> for CallError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Network(error) => Self::Network(error),
            SessionError::Ended => Self::SignInNeeded,
            SessionError::SignedOut => Self::SignedOut,
            SessionError::Sts(refusal) => Self::Refused(refusal),
            other => Self::Session(other),
        }
    }
}
