//! What the shop's logic needs from the world around it, and nothing more. The page has one implementation
//! (`browser::Browser`), the tests another; a worker could have a third. An implementation decides nothing.

/// The world as the session and the signed calls see it. Futures need not be `Send`: a page has one thread.
#[expect(async_fn_in_trait, reason = "used with known types in one thread; no caller needs the future to be Send")]
pub trait Platform {
    /// Sends a request without cookies, follows no redirect, reads at most [`MAX_ANSWER_BYTES`] of the answer, and
    /// gives up after `timeout_ms`. Only headers that CORS exposes are in the answer.
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        timeout_ms: u32,
    ) -> Result<http::Response<Vec<u8>>, NetworkError>;

    /// The device's clock in milliseconds since 1970. It may be wrong: the session corrects it.
    fn now_ms(&self) -> i64;

    /// Fills `bytes` from the system's cryptographic source.
    fn random(&self, bytes: &mut [u8]);

    /// Keeps the sign-in that is under way while the page is away at the issuer: in this tab only. False if it can't.
    fn keep_sign_in(&self, transaction: &str) -> bool;

    /// Takes what [`Platform::keep_sign_in`] kept. A second call gets nothing.
    fn take_sign_in(&self) -> Option<String>;

    /// Remembers over reloads and tabs whether somebody was signed in. It says no more than that.
    fn set_was_signed_in(&self, was: bool);

    /// What [`Platform::set_was_signed_in`] remembers.
    fn was_signed_in(&self) -> bool;

    /// Tells the other tabs that somebody signed out. Nothing secret goes with it.
    fn announce_sign_out(&self);
}

/// No answer is longer than this: a page of the largest list has less than a tenth of it.
pub const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// The device says that it has no network.
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
