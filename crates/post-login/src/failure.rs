//! Why an Action failed, for its author.

use std::time::Duration;

/// What went wrong in an Action. At Auth0, too, a login fails with its Action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It threw, or doesn't parse.
    #[error("{place}: {message}")]
    Thrown {
        /// File, line and column, as far as they are known.
        place: String,
        /// The error's name and message.
        message: String,
    },
    /// It doesn't come to an end.
    #[error("{name}: stopped after {limit:?}; it may be in an endless loop")]
    TimeLimit {
        /// The Action.
        name: String,
        /// How long it may run.
        limit: Duration,
    },
    /// It wants more and more memory.
    #[error("{name}: stopped, because it needs more than {limit} MiB of memory")]
    MemoryLimit {
        /// The Action.
        name: String,
        /// How much it may have.
        limit: usize,
    },
    /// It awaits something that nothing here can bring about.
    #[error("{name}: waits for something that never comes; there are no timers and no network here")]
    NeverSettles {
        /// The Action.
        name: String,
    },
    /// There is nothing to call.
    #[error(
        "{name}: exports no function onExecutePostLogin; write exports.onExecutePostLogin = async (event, api) => {{ … }}"
    )]
    NothingToCall {
        /// The Action.
        name: String,
    },
    /// More than a token can hold.
    #[error("{name}: its claims are larger than {limit} kB, the most that Auth0 takes")]
    ClaimsTooLarge {
        /// The Action.
        name: String,
        /// How large they may be.
        limit: usize,
    },
    /// The engine has no room to begin.
    #[error("the JavaScript engine can't be started: {0}")]
    Engine(String),
}
