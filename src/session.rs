//! Who is in front of the shop, and the credentials that follow from it.
//!
//! A sign-in is OpenID Connect's Authorization Code flow with PKCE ([`Session::begin_sign_in`],
//! [`Session::finish_sign_in`]); its ID token becomes a [`Person`] and, through STS, credentials for signing. Tokens and
//! credentials stay in memory: nothing here may write one to a store, a log or a message. Nothing here knows a page
//! either: the world is a [`Platform`]. The next step of the journey is `api`, which signs calls with what this gives.

mod bell;
mod claims;
mod clock;
mod discovery;
mod error;
mod life;
mod machine;
mod message;
mod platform;
mod random;
mod renew;
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
mod simulation;
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
pub use message::{Answer, Headers, Request};
pub use platform::{MAX_ANSWER_BYTES, NetworkError, Platform, Share};
pub(crate) use random::dice;
pub use sign_in::{Arrival, Departure, SignIn};
pub use status::{Holding, Person, Phase, Status};
pub(crate) use sts::SessionCredentials;
pub(crate) use words::shown;

/// A text that is wiped when it is dropped, as far as one program can. It has no way into a log: don't derive `Debug`
/// on what holds one.
pub type Secret = Zeroizing<String>;

/// One page's session. Nothing in it is borrowed over an `await`, nor while a listener runs.
pub struct Session<P> {
    config: Config,
    /// The page's own origin.
    origin: String,
    platform: P,
    clock: clock::Clock,
    discovery: RefCell<Option<Rc<discovery::Discovery>>>,
    /// How it stands, without the secrets.
    machine: RefCell<machine::Machine>,
    /// The secrets, as long as the machine says that somebody is here.
    state: RefCell<Option<State>>,
    /// Who was here until their sign-in ended.
    departed: RefCell<Option<Person>>,
    /// Counts up whenever the person changes: an answer that began in another generation is dropped.
    generation: Cell<u64>,
    /// The id of the last credentials that AWS called expired: another tab may still have them.
    refused_key: RefCell<Option<String>>,
    /// Whose it is to do the machine's work.
    turn: async_lock::Mutex<renew::Round>,
    wake_ms: Cell<Option<i64>>,
    /// Things may be better, and the machine doesn't know yet.
    nudged: Cell<bool>,
    /// Rings when the person changes, or something else may have.
    bell: bell::Bell,
    listeners: RefCell<Vec<Rc<dyn Fn()>>>,
}

/// What is held of a signed-in person. How long each of it is good, the machine knows.
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
            machine: RefCell::default(),
            state: RefCell::default(),
            departed: RefCell::default(),
            generation: Cell::default(),
            refused_key: RefCell::default(),
            turn: async_lock::Mutex::default(),
            wake_ms: Cell::default(),
            nudged: Cell::default(),
            bell: bell::Bell::default(),
            listeners: RefCell::default(),
        }
    }

    /// What the page was configured with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How the session stands, and whose it is.
    pub fn status(&self) -> Status {
        let person = self.person().or_else(|| self.departed.borrow().clone());
        Status { phase: self.machine.borrow().phase(), person }
    }

    /// Who is signed in. Somebody whose sign-in has ended isn't.
    pub fn person(&self) -> Option<Person> {
        self.state.borrow().as_ref().map(|state| state.person.clone())
    }

    /// What is held for whoever is signed in.
    pub fn holding(&self) -> Holding {
        let (machine, now_ms) = (self.machine.borrow(), self.now_ms());
        let left = |life: life::Life| life.until_ms().saturating_sub(now_ms);
        let key_end = |state: &State| {
            let id = state.credentials.as_ref()?.keys.access_key_id();
            Some(id.get(id.len().saturating_sub(4)..).unwrap_or_default().to_owned())
        };
        Holding {
            key_end: self.state.borrow().as_ref().and_then(key_end),
            credentials_ms: machine.credentials().map(left),
            id_token_ms: machine.id_token().map(left),
        }
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
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, NetworkError> {
        self.send_within(request, TIMEOUT_MS).await
    }

    async fn send_within(&self, request: Request, timeout_ms: u32) -> Result<Answer, NetworkError> {
        let asked_ms = self.platform.now_ms();
        let sent = self.platform.send(request, timeout_ms).await;
        let came_ms = self.platform.now_ms();
        match sent {
            Ok(answer) => {
                self.clock.observe(answer.date_ms, asked_ms, came_ms, timeout_ms.into());
                if answer.body.len() > MAX_ANSWER_BYTES { Err(NetworkError::TooLong) } else { Ok(answer) }
            }
            Err(error) => {
                self.clock.check(asked_ms, came_ms, timeout_ms.into());
                Err(error)
            }
        }
    }

    /// Waits, or until there is reason to look again. For calls that failed and may be tried again.
    pub(crate) async fn pause(&self, ms: u32) {
        let rings = self.bell.rings();
        self.bell.cut_short(|| self.bell.rings() != rings, self.platform.sleep(ms)).await;
    }

    pub(crate) fn platform(&self) -> &P {
        &self.platform
    }

    /// The true time, as far as a server has told it.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.correct(self.platform.now_ms())
    }

    fn now(&self) -> machine::Now {
        let device_ms = self.platform.now_ms();
        let sure = self.clock.is_sure(device_ms);
        machine::Now { ms: self.clock.correct(device_ms), sure, dice: random::dice(&self.platform) }
    }

    /// The machine's turn; what follows on the spot, follows here. Work is left to who brought the event.
    fn handle(&self, event: machine::Event) -> Option<machine::Work> {
        let now = self.now();
        let machine::Effects { work, wake_ms, drop, tell } = self.machine.borrow_mut().handle(event, now);
        self.wake_ms.set(wake_ms);
        if drop {
            let state = self.state.borrow_mut().take();
            *self.departed.borrow_mut() = state.map(|state| state.person);
        }
        if tell {
            self.tell();
        }
        work
    }

    fn person_of(&self, name: &str, subject: &str) -> Person {
        let source = IdentitySource::from_subject(subject, &self.config.social_connections);
        let role = role_for(&source);
        Person { name: name.to_owned(), source, role, subject: subject.to_owned() }
    }

    fn become_person(&self, state: State, until_ms: i64) {
        let (renewable, has_role) = (state.tokens.refresh_token.is_some(), state.person.role.is_some());
        *self.state.borrow_mut() = Some(state);
        self.departed.take();
        self.generation.set(self.generation.get() + 1);
        self.handle(machine::Event::SignedIn { id_token: self.life(until_ms), renewable, has_role });
        self.bell.ring();
    }

    /// The state, for the last time.
    fn take(&self) -> Option<State> {
        let was = self.state.borrow_mut().take();
        self.departed.take();
        self.generation.set(self.generation.get() + 1);
        self.handle(machine::Event::Forgotten);
        self.bell.ring();
        was
    }

    /// Changes the state if the person is still the one of that generation.
    fn in_generation<T>(&self, generation: u64, change: impl FnOnce(&mut State) -> T) -> Result<T, SessionError> {
        match self.state.borrow_mut().as_mut() {
            Some(state) if self.generation.get() == generation => Ok(change(state)),
            _ => Err(SessionError::SignedOut),
        }
    }

    /// A listener may ask for the person, or listen anew.
    fn tell(&self) {
        let listeners = self.listeners.borrow().clone();
        listeners.iter().for_each(|listener| listener());
    }
}

/// How long a person waits before they are told that a server doesn't answer.
pub(crate) const TIMEOUT_MS: u32 = 20_000;
