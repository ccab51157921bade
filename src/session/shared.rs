//! The session as the tabs of one browser hand it on: all that one of them knows, as one secret text. One tab renews for
//! all. It has the turn, and has looked first whether another has done it; what came of it is shared before the turn is
//! given back.

use aws_credential_types::Credentials;
use serde::{Deserialize, Serialize};

use super::{
    Platform, Secret, Session, SessionCredentials, Share, State, life::Life, machine::Event, random::same,
    tokens::Tokens,
};

/// Times are true ones, in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct Shared {
    subject: String,
    name: String,
    nonce: Secret,
    session_id: Option<String>,
    id_token: Secret,
    id_token_life: Span,
    /// Nothing while it is on its way to the issuer. Whoever has the turn and finds the session so, finds it spent: the tab
    /// that sent it is gone.
    refresh_token: Option<Secret>,
    credentials: Option<SharedCredentials>,
}

#[derive(Serialize, Deserialize)]
struct SharedCredentials {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
    life: Span,
}

/// From when until when.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Span(i64, i64);

impl Span {
    fn of(life: Life) -> Self {
        Self(life.began_ms(), life.until_ms())
    }
}

impl<P: Platform> Session<P> {
    /// Takes over what another tab shares: at the start, and whenever it changes. `None` when nobody is signed in there
    /// any more. Somebody else's session takes the place of this one. A text that is none changes nothing.
    pub fn adopt(&self, shared: Option<&str>) {
        match shared {
            Some(text) => self.adopt_text(text, false),
            None => drop(self.take()),
        }
    }

    /// `has_turn`: nobody else is renewing now.
    pub(super) fn adopt_text(&self, text: &str, has_turn: bool) {
        let Ok(shared) = serde_json::from_slice::<Shared>(text.as_bytes()) else { return };
        let is_held = self.state.borrow().as_ref().is_some_and(|held| same(&held.nonce, &shared.nonce));
        if !is_held {
            let Span(_, until_ms) = shared.id_token_life;
            let person = self.person_of(&shared.name, &shared.subject);
            let tokens = Tokens { id_token: shared.id_token.clone(), refresh_token: shared.refresh_token.clone() };
            let (nonce, session_id) = (shared.nonce.clone(), shared.session_id.clone());
            self.become_person(State { person, tokens, nonce, session_id, credentials: None }, until_ms);
        }
        self.take_over(shared, has_turn, !is_held);
        self.bell.ring();
    }

    /// What another tab knows better of the same sign-in.
    fn take_over(&self, shared: Shared, has_turn: bool, is_new: bool) {
        let Shared { id_token, id_token_life, refresh_token, credentials, .. } = shared;
        let refused = self.refused_key.borrow().clone();
        let renewable = refresh_token.is_some() || !has_turn;
        let mut event = (None, None);
        if let Some(state) = self.state.borrow_mut().as_mut() {
            if is_new || !same(&state.tokens.id_token, &id_token) {
                event.0 = Some(self.life_of(id_token_life));
            }
            state.tokens = Tokens { id_token, refresh_token };
            let held = state.credentials.as_ref().map(|held| held.keys.access_key_id().to_owned());
            let is_new = |keys: &&SharedCredentials| {
                Some(&keys.access_key_id) != held.as_ref() && Some(&keys.access_key_id) != refused.as_ref()
            };
            if let Some(new) = credentials.as_ref().filter(is_new) {
                event.1 = Some(self.life_of(new.life));
                state.credentials = Some(new.into());
            }
        }
        let (id_token, credentials) = event;
        self.handle(Event::TakenOver { id_token, renewable, credentials });
    }

    /// Another tab's life of something is this one's, but for the dice.
    fn life_of(&self, Span(from_ms, until_ms): Span) -> Life {
        Life::new(from_ms, until_ms, self.now().dice)
    }

    /// Puts what is known on the shelf. `spending`: the refresh token is on its way to the issuer.
    pub(super) fn share(&self, why: Share, spending: bool) {
        // A sign-in that has ended here ends in the other tabs by itself, if it does.
        if let Some(text) = self.shared_text(spending) {
            self.platform.share(Some(&text), why);
        }
    }

    fn shared_text(&self, spending: bool) -> Option<Secret> {
        let machine = self.machine.borrow();
        let state = self.state.borrow();
        let state = state.as_ref()?;
        let credentials = state.credentials.as_ref().zip(machine.credentials());
        let shared = Shared {
            subject: state.person.subject.clone(),
            name: state.person.name.clone(),
            nonce: state.nonce.clone(),
            session_id: state.session_id.clone(),
            id_token: state.tokens.id_token.clone(),
            id_token_life: Span::of(machine.id_token()?),
            refresh_token: state.tokens.refresh_token.clone().filter(|_| machine.is_renewable() && !spending),
            credentials: credentials.map(|(held, life)| SharedCredentials::new(held, life)),
        };
        Some(serde_json::to_string(&shared).expect("texts and numbers always serialize").into())
    }
}

impl SharedCredentials {
    fn new(held: &SessionCredentials, life: Life) -> Self {
        Self {
            access_key_id: held.keys.access_key_id().to_owned(),
            secret_access_key: held.keys.secret_access_key().to_owned().into(),
            session_token: held.keys.session_token().unwrap_or_default().to_owned().into(),
            life: Span::of(life),
        }
    }
}

impl From<&SharedCredentials> for SessionCredentials {
    fn from(shared: &SharedCredentials) -> Self {
        let SharedCredentials { access_key_id, secret_access_key, session_token, .. } = shared;
        let token = Some(session_token.to_string());
        Credentials::new(access_key_id, secret_access_key.as_str(), token, None, "sts").into()
    }
}
