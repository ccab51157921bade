//! The session as the tabs of one browser hand it on: all that one of them knows, as one secret text.

use aws_credential_types::Credentials;
use serde::{Deserialize, Serialize};

use super::{
    Person, Platform, Secret, Session, SessionCredentials, Share, State,
    tokens::{Life, Tokens},
};

#[derive(Serialize, Deserialize)]
struct Shared {
    name: String,
    subject: String,
    id_token: Secret,
    refresh_token: Option<Secret>,
    life: Life,
    nonce: Secret,
    session_id: Option<String>,
    credentials: Option<SharedCredentials>,
}

#[derive(Serialize, Deserialize)]
struct SharedCredentials {
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
    life: Life,
}

impl<P: Platform> Session<P> {
    /// Takes over what another tab shares: at the start, and whenever it changes. `None` when nobody is signed in there
    /// any more. Somebody else's session takes the place of this one.
    pub fn adopt(&self, shared: Option<&str>) {
        let Some(shared) = shared.and_then(|text| serde_json::from_str::<Shared>(text).ok()) else {
            return drop(self.take());
        };
        let person = self.person_of(shared.name.clone(), shared.subject.clone());
        let mut state = shared.into_state(person);
        let refused = self.refused_key.borrow();
        state.credentials.take_if(|held| refused.as_deref() == Some(held.keys.access_key_id()));
        let held = self.state.borrow().as_ref().map(|held| held.person.clone());
        if held.as_ref() == Some(&state.person) {
            *self.state.borrow_mut() = Some(state);
        } else {
            self.become_person(state);
        }
    }

    pub(super) fn share(&self, why: Share) {
        let text = self.state.borrow().as_ref().map(|state| {
            Secret::new(serde_json::to_string(&Shared::from(state)).expect("texts and numbers always serialize"))
        });
        self.platform.share(text.as_ref().map(|text| text.as_str()), why);
    }
}

impl From<&State> for Shared {
    fn from(state: &State) -> Self {
        let credentials = state.credentials.as_ref().map(|held| SharedCredentials {
            access_key_id: held.keys.access_key_id().to_owned(),
            secret_access_key: held.keys.secret_access_key().to_owned().into(),
            session_token: held.keys.session_token().unwrap_or_default().to_owned().into(),
            life: held.life,
        });
        Self {
            name: state.person.name.clone(),
            subject: state.person.subject.clone(),
            id_token: state.tokens.id_token.clone(),
            refresh_token: state.tokens.refresh_token.clone(),
            life: state.tokens.life,
            nonce: state.nonce.clone(),
            session_id: state.session_id.clone(),
            credentials,
        }
    }
}

impl Shared {
    fn into_state(self, person: Person) -> State {
        let credentials = self.credentials.map(|held| {
            let SharedCredentials { access_key_id, secret_access_key, session_token, life } = held;
            let keys = Credentials::new(
                access_key_id,
                secret_access_key.to_string(),
                Some(session_token.to_string()),
                None,
                "sts",
            );
            SessionCredentials { keys, life }
        });
        State {
            person,
            tokens: Tokens { id_token: self.id_token, refresh_token: self.refresh_token, life: self.life },
            nonce: self.nonce,
            session_id: self.session_id,
            credentials,
        }
    }
}
