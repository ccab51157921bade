//! Who is in front of the shop, and the credentials that follow from it.
//!
//! A sign-in is OpenID Connect's Authorization Code flow with PKCE ([`Session::begin_sign_in`],
//! [`Session::finish_sign_in`]); its ID token becomes a [`Person`] and, through STS, credentials for signing. Tokens and
//! credentials stay in memory: nothing here may write one to a store, a log or a message. Nothing here knows a page
//! either: the world is a [`Platform`]. The next step of the journey is `api`, which signs calls with what this gives.

mod claims;
mod clock;
mod discovery;
mod error;
mod platform;
mod random;
mod renewal;
mod return_path;
mod role_session_name;
mod shared;
mod sign_in;
mod sign_out;
mod status;
mod sts;
mod tokens;
mod transaction;
mod words;
mod xml;

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{IdentitySource, role_for};
use zeroize::Zeroizing;

use crate::config::Config;

pub use error::{Refusal, SessionError};
pub use platform::{MAX_ANSWER_BYTES, NetworkError, Platform, Share};
pub use sign_in::{Arrival, Departure, SignIn};
pub use status::{Person, Phase, Status};
pub(crate) use sts::SessionCredentials;
pub(crate) use words::shown;

/// A text that is wiped when it is dropped, as far as one program can. It has no way into a log: don't derive `Debug`
/// on what holds one.
pub type Secret = Zeroizing<String>;

/// One page's session. Nothing in it is borrowed over an `await`.
pub struct Session<P> {
    config: Config,
    /// The page's own origin.
    origin: String,
    platform: P,
    clock: clock::Clock,
    discovery: RefCell<Option<Rc<discovery::Discovery>>>,
    state: RefCell<Option<State>>,
    /// Counts up whenever the person changes: an answer that began in another generation is dropped.
    generation: Cell<u64>,
    renewal: renewal::Renewal,
    /// The id of the last credentials that AWS called expired: another tab may still have them.
    refused_key: RefCell<Option<String>>,
    listeners: RefCell<Vec<Rc<dyn Fn()>>>,
}

/// What is held of a signed-in person.
struct State {
    person: Person,
    tokens: tokens::Tokens,
    /// What the sign-in's ID token carried; a renewed one may repeat it, and may not have another.
    nonce: Secret,
    /// The issuer's name for its own session, which says at the end which one is meant.
    session_id: Option<String>,
    credentials: Option<SessionCredentials>,
}

impl<P: Platform> Session<P> {
    /// A session with nobody in it. `origin` is the page's own, without a slash at its end: `https://shop.example`.
    pub fn new(config: Config, origin: String, platform: P) -> Self {
        Self {
            config,
            origin,
            platform,
            clock: clock::Clock::default(),
            discovery: RefCell::default(),
            state: RefCell::default(),
            generation: Cell::default(),
            renewal: renewal::Renewal::default(),
            refused_key: RefCell::default(),
            listeners: RefCell::default(),
        }
    }

    /// What the page was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How the session stands, and whose it is.
    pub fn status(&self) -> Status {
        let person = self.person();
        Status { phase: if person.is_some() { Phase::Ready } else { Phase::SignedOut }, person }
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<Person> {
        self.state.borrow().as_ref().map(|state| state.person.clone())
    }

    /// Calls `listener` whenever [`Session::status`] may have changed.
    pub fn on_change(&self, listener: impl Fn() + 'static) {
        self.listeners.borrow_mut().push(Rc::new(listener));
    }

    /// Forgets who was signed in, their tokens and credentials, and drops every answer that is still on its way. For
    /// what another tab announces; [`Session::sign_out`] is for the person's own wish.
    pub fn forget(&self) {
        drop(self.take());
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.get()
    }

    /// Sends, and learns from the answer what time it is.
    pub(crate) async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, NetworkError> {
        let answer = self.platform.send(request, TIMEOUT_MS).await?;
        self.clock.observe(answer.headers(), self.platform.now_ms());
        if answer.body().len() > MAX_ANSWER_BYTES { Err(NetworkError::TooLong) } else { Ok(answer) }
    }

    /// The true time, as far as a server has told it, in milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.correct(self.platform.now_ms())
    }

    fn person_of(&self, name: String, subject: String) -> Person {
        let source = IdentitySource::from_subject(&subject, &self.config.social_connections);
        let role = role_for(&source);
        Person { name, source, role, subject }
    }

    fn become_person(&self, state: State) {
        *self.state.borrow_mut() = Some(state);
        self.generation.set(self.generation.get() + 1);
        self.tell();
    }

    /// The state, for the last time.
    fn take(&self) -> Option<State> {
        let was = self.state.borrow_mut().take();
        self.generation.set(self.generation.get() + 1);
        if was.is_some() {
            self.tell();
        }
        was
    }

    /// Nothing is borrowed while a listener runs: it may ask for the person, or listen anew.
    fn tell(&self) {
        let listeners = self.listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener());
    }
}

/// How long a person waits before they are told that a server doesn't answer.
pub(crate) const TIMEOUT_MS: u32 = 20_000;
