//! What the shop's logic needs from the world around it, and nothing more. Neither a window nor a store is in it, so
//! that a worker can be one. An implementation decides nothing.

use serde::{Deserialize, Serialize};

use super::{Answer, Request, Secret};

/// The world as the session and the signed calls see it. Futures need not be `Send`: a page has one thread.
#[expect(async_fn_in_trait, reason = "used with known types in one thread; no caller needs the future to be Send")]
pub trait Platform {
    /// Sends a request without cookies, follows no redirect, reads at most [`MAX_ANSWER_BYTES`] of the answer, and
    /// gives up after `timeout_ms`. Only headers that CORS exposes are in the answer. [`NetworkError::Offline`] says that
    /// nothing was sent: whoever can't tell says [`NetworkError::Unreachable`]. So they do of a request that can't be one,
    /// by its address or by a header that has more than visible characters in it.
    async fn send(&self, request: Request, timeout_ms: u32) -> Result<Answer, NetworkError>;

    /// The device's clock in milliseconds since 1970. It may be wrong, and may jump: the session corrects it.
    fn now_ms(&self) -> i64;

    /// Fills `bytes` from the system's cryptographic source.
    fn random(&self, bytes: &mut [u8]);

    /// Waits. It may end late (a device that slept), and never early by a clock that doesn't jump.
    async fn sleep(&self, ms: u32);

    /// Held while this tab alone renews for all tabs of its browser. Dropped, the next may.
    type Turn;

    /// Waits for the turn.
    async fn turn(&self) -> Self::Turn;

    /// What the tabs of this browser have together: the session as a secret text, if there is one.
    async fn shared(&self) -> Option<Secret>;

    /// Puts the session there for the other tabs, which are told and call [`super::Session::adopt`]. `None` when it is
    /// over.
    fn share(&self, session: Option<&str>, why: Share);
}

/// Why a session is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// A person has signed in or out: that counts, whatever the others do.
    Person,
    /// It was renewed. That counts only if no other tab has shared anything that this one hasn't seen.
    Renewal,
}

/// No answer is longer than this: a page of the largest list has less than a tenth of it.
pub const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NetworkError {
    /// The device says that it has no network: nothing was sent.
    #[error("You are offline. Check your connection and try again.")]
    Offline,
    /// The server could not be reached, or did not allow this page to read its answer (CORS); a page can't tell which.
    #[error("The server could not be reached. Try again in a moment.")]
    Unreachable,
    /// Nothing came in time.
    #[error("The server took too long to answer. Try again in a moment.")]
    TimedOut,
    /// The answer was longer than [`MAX_ANSWER_BYTES`].
    #[error("The server's answer was too long to be right.")]
    TooLong,
}
