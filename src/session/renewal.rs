//! Tokens and credentials that are good for a while, renewed before they end. Whoever needs one waits here; however
//! many wait, one renews, and the others get what it got: a success, or its failure.

use std::cell::{Cell, RefCell};

use super::{Platform, Secret, Session, SessionCredentials, SessionError, Share, State};

/// The one that renews, and how it went.
#[derive(Default)]
pub(super) struct Renewal {
    turn: async_lock::Mutex<()>,
    /// How many attempts have ended.
    ended: Cell<u64>,
    last_failure: RefCell<Option<(Need, SessionError)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    IdToken,
    Credentials,
}

impl<P: Platform> Session<P> {
    /// The ID token, good for a while; nothing if nobody is signed in.
    pub(crate) async fn id_token(&self) -> Result<Option<Secret>, SessionError> {
        if self.state.borrow().is_none() {
            return Ok(None);
        }
        self.renew(Need::IdToken).await?;
        Ok(self.state.borrow().as_ref().map(|state| state.tokens.id_token.clone()))
    }

    /// Credentials, good for a while; nothing if nobody is signed in, or somebody without a role.
    pub(crate) async fn credentials(&self) -> Result<Option<SessionCredentials>, SessionError> {
        if self.state.borrow().as_ref().is_none_or(|state| state.person.role.is_none()) {
            return Ok(None);
        }
        self.renew(Need::Credentials).await?;
        Ok(self.state.borrow().as_ref().and_then(|state| state.credentials.clone()))
    }

    /// Renews ahead of the end, for ever.
    pub async fn keep_fresh(&self) {
        loop {
            let _ = self.id_token().await;
            self.prepare().await;
            self.platform.sleep(1000).await;
        }
    }

    /// Something may be different now: online again, or the device woke.
    pub fn nudge(&self) {}

    /// Fetches credentials ahead of the first call that needs them. A failure shows at that call.
    pub async fn prepare(&self) {
        // The call that needs them tries again, and tells.
        let _ = self.credentials().await;
    }

    /// Lets go of credentials that AWS calls expired, unless others have taken their place already.
    pub(crate) fn discard(&self, expired: &SessionCredentials) {
        if let Some(state) = self.state.borrow_mut().as_mut() {
            let same = |held: &SessionCredentials| held.keys.access_key_id() == expired.keys.access_key_id();
            state.credentials.take_if(|held| same(held));
            *self.refused_key.borrow_mut() = Some(expired.keys.access_key_id().to_owned());
        }
    }

    /// Changes the state if the person is still the one of that generation.
    pub(super) fn in_generation<T>(
        &self,
        generation: u64,
        change: impl FnOnce(&mut State) -> T,
    ) -> Result<T, SessionError> {
        let changed = match self.state.borrow_mut().as_mut() {
            Some(state) if self.generation.get() == generation => change(state),
            _ => return Err(SessionError::SignedOut),
        };
        // At once: a refresh token that was used is known to all before anything else is tried.
        self.share(Share::Renewal);
        Ok(changed)
    }

    async fn renew(&self, need: Need) -> Result<(), SessionError> {
        if self.holds(need, true) {
            return Ok(());
        }
        let generation = self.generation();
        let ended = self.renewal.ended.get();
        let _turn = self.renewal.turn.lock().await;
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        if self.holds(need, true) {
            return Ok(());
        }
        // One tab renews for all: whoever has the turn looks first whether another has done it.
        let _all_tabs = self.platform.turn().await;
        if let Some(shared) = self.platform.shared().await {
            self.adopt(Some(&shared));
        }
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        if self.holds(need, true) {
            return Ok(());
        }
        let result = match self.renewal.last_failure.borrow().clone() {
            Some((failed, error)) if failed == need && self.renewal.ended.get() != ended => Err(error),
            _ => Ok(()),
        };
        let result = match result {
            Err(shared) => Err(shared),
            Ok(()) => {
                let result = self.fetch(need, generation).await;
                self.renewal.ended.set(self.renewal.ended.get() + 1);
                *self.renewal.last_failure.borrow_mut() = result.as_ref().err().map(|error| (need, error.clone()));
                result
            }
        };
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        match result {
            // What is held lasts a little longer; the next call tries again.
            Err(SessionError::Network(_)) if self.holds(need, false) => Ok(()),
            Err(SessionError::Ended) => {
                self.forget();
                Err(SessionError::Ended)
            }
            result => result,
        }
    }

    fn holds(&self, need: Need, fresh: bool) -> bool {
        let now_ms = self.now_ms();
        let state = self.state.borrow();
        let life = state.as_ref().and_then(|state| match need {
            Need::IdToken => Some(state.tokens.life),
            Need::Credentials => state.credentials.as_ref().map(|held| held.life),
        });
        life.is_some_and(|life| if fresh { life.is_fresh(now_ms) } else { life.lasts(now_ms) })
    }

    async fn fetch(&self, need: Need, generation: u64) -> Result<(), SessionError> {
        if !self.holds(Need::IdToken, true) {
            self.refresh_or_keep(generation).await?;
        }
        if need == Need::IdToken {
            return Ok(());
        }
        let credentials = match self.exchange_for_credentials(generation).await {
            // The token ended on its way, or the clocks differ: another one may do.
            Err(SessionError::Sts(refusal)) if refusal.error_type.starts_with("ExpiredToken") => {
                self.refresh(generation).await?;
                self.exchange_for_credentials(generation).await?
            }
            exchanged => exchanged?,
        };
        self.in_generation(generation, |state| state.credentials = Some(credentials))
    }

    /// A token near its end is renewed; if that can't be done now, it serves as long as it lasts.
    async fn refresh_or_keep(&self, generation: u64) -> Result<(), SessionError> {
        match self.refresh(generation).await {
            Err(SessionError::Network(_) | SessionError::Ended) if self.holds(Need::IdToken, false) => Ok(()),
            refreshed => refreshed,
        }
    }

    async fn exchange_for_credentials(&self, generation: u64) -> Result<SessionCredentials, SessionError> {
        let (role, subject, id_token) = self.in_generation(generation, |state| {
            let role = state.person.role.ok_or(SessionError::Ended)?;
            Ok::<_, SessionError>((role, state.person.subject.clone(), state.tokens.id_token.clone()))
        })??;
        self.assume_role(role, &subject, &id_token).await
    }
}
