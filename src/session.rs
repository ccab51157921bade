//! Who is in front of the shop, and the credentials that follow from it.
//!
//! A sign-in is OpenID Connect's Authorization Code flow with PKCE ([`Session::begin_sign_in`],
//! [`Session::finish_sign_in`]); its ID token becomes a [`Person`] and, through STS, credentials for signing. Tokens and
//! credentials stay in memory: nothing here may write one to a store, a log or a message. Nothing here knows a page
//! either: the world is a [`Platform`]. The next step of the journey is `api`, which signs calls with what this gives.

mod error;
mod platform;
mod words;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{IdentitySource, Role};

use crate::config::Config;

pub use error::{Refusal, SessionError};
pub use platform::{MAX_ANSWER_BYTES, NetworkError, Platform};

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name to greet them by.
    pub name: String,
    /// How they signed in.
    pub source: IdentitySource,
    /// What that makes them; nothing for some, who must be told so.
    pub role: Option<Role>,
    /// The issuer's name for them: the ID token's `sub`.
    pub subject: String,
}

/// How to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// Auth0's name of a connection, to go straight to it; otherwise the issuer asks.
    pub connection: Option<String>,
    /// Where to be afterwards: a path of this page with its query. Anything else becomes `/`.
    pub return_to: String,
}

/// One page's session. Cheap to share behind an `Rc`; never borrowed over an `await`.
pub struct Session<P> {
    config: Config,
    origin: String,
    platform: P,
    generation: Cell<u64>,
    listeners: RefCell<Vec<Rc<dyn Fn()>>>,
}

impl<P: Platform> Session<P> {
    /// A session with nobody in it. `origin` is the page's own, without a slash at its end: `https://shop.example`.
    pub fn new(config: Config, origin: String, platform: P) -> Self {
        Self { config, origin, platform, generation: Cell::default(), listeners: RefCell::default() }
    }
    /// What the page was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }
    /// Who is signed in.
    pub fn person(&self) -> Option<Person> {
        None
    }
    /// Calls `listener` whenever [`Session::person`] may have changed.
    pub fn on_change(&self, listener: impl Fn() + 'static) {
        self.listeners.borrow_mut().push(Rc::new(listener));
    }
    /// Where to go to restore the session.
    pub async fn restore(&self, _return_to: &str) -> Result<Option<String>, SessionError> {
        Ok(None)
    }
    /// Where to go to sign in.
    pub async fn begin_sign_in(&self, _sign_in: &SignIn) -> Result<String, SessionError> {
        Err(SessionError::Ended)
    }
    /// Finishes a sign-in.
    pub async fn finish_sign_in(&self, _query: &str) -> Result<String, SessionError> {
        Err(SessionError::Ended)
    }
    /// Fetches credentials ahead of the first call.
    pub async fn prepare(&self) {}
    /// Forgets everything, tells the other tabs.
    pub async fn sign_out(&self) -> String {
        self.origin.clone()
    }
    /// Forgets everything.
    pub fn forget(&self) {
        self.generation.set(self.generation.get() + 1);
    }
}
