//! The local issuer: an OpenID provider in Auth0's shape (its paths, its discovery fields, its `sub` and claims) for a
//! machine without an account or a network. It signs sample people in and gives signed ID tokens; what a token is worth
//! is decided elsewhere, by trust policies, so this module knows nothing of STS or the gateway, and another provider
//! can stand in its place. It must never redirect to an address that isn't registered, never give a code without PKCE,
//! and never log or echo a token. The next step of the journey is the app's `/callback`, then STS.

mod answer;
mod authorize;
mod call;
mod claims;
mod config;
mod cookies;
mod discovery;
mod error;
mod event;
mod key;
mod logout;
mod pages;
mod parameters;
mod people;
mod post_login;
mod registration;
mod revoke;
mod scope;
mod session;
mod shelf;
mod sign_in;
mod state;
#[cfg(test)]
mod tests;
mod ticket;
mod token;
mod userinfo;

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{Method, Request, Response, StatusCode};
use time::OffsetDateTime;

pub use self::config::{Config, Lifetimes};
pub use self::error::Error;
pub use self::event::Event;
pub use self::people::{Connection, SamplePerson};
pub use self::post_login::PostLogin;

use self::call::{Call, Refusal};
use self::key::{Hint, SigningKey, WaitingKey};
use self::pages::Pages;
use self::registration::Registration;
use self::state::State;

/// An OpenID provider under one URL. Everything it remembers but its key is in memory: after a restart everybody signs
/// in again.
pub struct Issuer {
    config: Config,
    registration: Registration,
    pages: Pages,
    key: WaitingKey,
    state: Mutex<State>,
}

/// An operation of the issuer.
type Operation = fn(&Issuer, &Call) -> Response<Vec<u8>>;

impl Issuer {
    /// Checks the configuration, then loads the signing key from the data folder. Where there is none, a thread begins to
    /// make one, and who needs it waits for it.
    pub fn new(config: Config) -> Result<Self, Error> {
        let registration = Registration::new(&config)?;
        let key = WaitingKey::load_or_generate(config.data_dir.as_deref())?;
        Ok(Self::with_key(config, registration, key))
    }

    fn with_key(config: Config, registration: Registration, key: WaitingKey) -> Self {
        let pages = Pages::new(&registration, &config);
        Self { config, registration, pages, key, state: Mutex::new(State::default()) }
    }

    /// Answers a request whose path is the full one, `/idp/…`. `now` is the time of the request. It signs and runs the
    /// tenant's Action, which may take as long as its time limit: call it on a thread that may wait.
    pub fn respond(&self, request: &Request<Vec<u8>>, now: OffsetDateTime) -> Response<Vec<u8>> {
        let Some((operation, methods, open)) = self.find(request.uri().path()) else {
            return self.refuse(&Refusal::new(
                StatusCode::NOT_FOUND,
                "Nothing is here",
                "The issuer has no such page.",
            ));
        };
        let origin = if open { self.registration.known_origin(request.headers()) } else { None };
        let answer = if open && request.method() == Method::OPTIONS {
            answer::preflight(methods)
        } else if !methods.contains(request.method()) {
            answer::wrong_method(methods)
        } else {
            match Call::read(request, now) {
                Ok(call) => operation(self, &call),
                Err(refusal) => self.refuse(&refusal),
            }
        };
        if open { answer::with_cors(answer, origin.as_deref()) } else { answer }
    }

    /// The public keys, as `.well-known/jwks.json` serves them. Blocks while the key is being made.
    pub fn jwks(&self) -> Result<serde_json::Value, &Error> {
        self.key.get().map(SigningKey::jwks)
    }

    /// As [`SigningKey::read_hint`] for this issuer and its client.
    fn read_hint(&self, token: &str) -> Option<Hint> {
        self.key.get().ok()?.read_hint(token, &self.config.issuer_url, self.registration.client_id())
    }

    /// The people who can sign in, for a start-up message. Their passwords are public.
    pub fn samples(&self) -> &[SamplePerson] {
        people::samples()
    }

    /// The operation at a path, its methods, and whether pages of the app may read its answers (CORS).
    fn find(&self, path: &str) -> Option<(Operation, &'static [Method], bool)> {
        const GET: &[Method] = &[Method::GET];
        const POST: &[Method] = &[Method::POST];
        const BOTH: &[Method] = &[Method::GET, Method::POST];
        Some(match path.strip_prefix(self.registration.path())? {
            ".well-known/openid-configuration" => (discovery::document, GET, true),
            ".well-known/jwks.json" => (discovery::keys, GET, true),
            "authorize" => (authorize::respond, BOTH, false),
            "u/login" => (sign_in::respond, BOTH, false),
            "oauth/token" => (token::respond, POST, true),
            "oauth/revoke" => (revoke::respond, POST, true),
            "userinfo" => (userinfo::respond, BOTH, true),
            "v2/logout" => (logout::auth0, GET, false),
            "oidc/logout" => (logout::rp_initiated, BOTH, false),
            "oidc/logout/confirm" => (logout::confirmed, POST, false),
            _ => return None,
        })
    }

    /// What is remembered. It stays locked while an Action runs, so that nobody signs out in the middle of a sign-in. A
    /// panic elsewhere can't leave it half changed in a way that matters: each operation makes its changes in one go.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A refusal as a page: whoever asks is a person, or not to be trusted with a redirect.
    fn refuse(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        self.pages.refusal(refusal)
    }

    fn log(&self, event: Event) {
        (self.config.log)(&event);
    }
}
