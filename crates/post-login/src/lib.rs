//! Runs an Auth0 post-login Action, the file that a tenant deploys, in an embedded JavaScript engine: given what Auth0
//! would tell it of a login, says which claims it sets, whether it denies the login, and what it logs. The local issuer
//! asks it at every sign-in and every refresh; `try-action` asks it for a sample user.
//!
//! An Action gets no file, no network, no module and no timer, and is stopped when it takes too long or too much memory.
//! What Auth0 offers and isn't here ends the login with an error that names it: nothing is silently left undone.

mod action;
mod claims;
mod engine;
mod event;
mod failure;
mod log;

pub use action::{Action, Claims, LoadError, Run, Stopped};
pub use engine::Limits;
pub use event::{DEFAULT_SOCIAL_CONNECTIONS, Event, EventError};
pub use failure::Failure;
