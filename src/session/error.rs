//! Why a person could not be signed in, or stay so, in words. No token, key or name is in any of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::NetworkError;

/// What can go wrong between a person and their credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SessionError {
    /// No answer came.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The issuer's discovery document can't be used; the text says why.
    #[error("The sign-in service is not set up as this shop needs it: {0}.")]
    Discovery(Cow<'static, str>),
    /// For the page to say: the browser keeps nothing for it, so that it would not know its own question when the answer comes.
    #[error("This browser stores nothing for this page, and a sign-in needs that. Allow site data and try again.")]
    NotKept,
    /// This tab has no sign-in under way: it was finished already, or began in another tab.
    #[error("This sign-in was already used, or it began in another tab. Sign in again.")]
    NotUnderWay,
    /// The sign-in took more than ten minutes.
    #[error("The sign-in took too long. Sign in again.")]
    TooLate,
    /// The answer isn't one to this tab's question.
    #[error("The answer from the sign-in service does not belong to this sign-in ({0}). Sign in again.")]
    Mismatch(Cow<'static, str>),
    /// The issuer said no; `code` is OAuth's, `description` what it said to it, if anything.
    #[error("{}", super::words::denied(code, description))]
    Denied {
        /// `access_denied`, `server_error`, … (RFC 6749, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6).
        code: String,
        /// The issuer's own words, made safe to show.
        description: String,
    },
    /// The token endpoint's answer can't be used; the text says why.
    #[error("The sign-in service gave an answer that this shop can't use: {0}. Sign in again.")]
    Answer(Cow<'static, str>),
    /// A claim of the ID token is wrong; the text names it.
    #[error("The sign-in can't be believed: {0}. Sign in again.")]
    Claim(Cow<'static, str>),
    /// The sign-in has ended and can't be renewed.
    #[error("Your sign-in has ended. Sign in again.")]
    Ended,
    /// Somebody signed out while this was under way; its answer was dropped.
    #[error("You were signed out.")]
    SignedOut,
    /// STS refused to give credentials.
    #[error(transparent)]
    Sts(Box<Refusal>),
}

/// A refusal by AWS (the gateway or STS) as data: what the negative test shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", super::words::refused(self))]
pub struct Refusal {
    /// AWS's error type without its suffix: `AccessDeniedException`, `MissingAuthenticationTokenException`, …
    pub error_type: String,
    /// AWS's own message, made safe to show.
    pub message: String,
    /// Who was refused: an `assumed-role` ARN, where the message names it.
    pub principal: Option<String>,
    /// What was refused: `execute-api:Invoke`, where the message names it.
    pub action: Option<String>,
    /// On what it was refused: the method's ARN, where the message names it.
    pub resource: Option<String>,
    /// For finding the request in a log.
    pub request_id: Option<String>,
    /// STS refused, so that there were no credentials for the call.
    pub by_sts: bool,
}

impl SessionError {
    /// Whether it may be better in a moment, without anybody doing anything.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Network(error) => *error != NetworkError::TooLong,
            Self::Denied { code, .. } => super::words::is_passing(code),
            Self::Sts(refusal) => super::words::is_throttling(&refusal.error_type),
            _ => false,
        }
    }

    /// The sign-in service or STS can't answer at the moment.
    pub(super) fn trouble() -> Self {
        Self::Denied { code: "temporarily_unavailable".to_owned(), description: String::new() }
    }

    pub(super) fn discovery(why: &'static str) -> Self {
        Self::Discovery(Cow::Borrowed(why))
    }

    pub(super) fn mismatch(what: &'static str) -> Self {
        Self::Mismatch(Cow::Borrowed(what))
    }

    pub(super) fn answer(why: &'static str) -> Self {
        Self::Answer(Cow::Borrowed(why))
    }

    pub(super) fn claim(what: &'static str) -> Self {
        Self::Claim(Cow::Borrowed(what))
    }
}
