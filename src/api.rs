//! The calls of the shop's API: unsigned lists, and everything else signed with the session's credentials.
//!
//! No call asks first whether the role allows it: who decides is IAM, and a forbidden call brings its refusal back as
//! data. Somebody without credentials sends the call unsigned and is refused for that. The page's views use
//! `domain::may_buy` and `domain::may_manage` to offer only what will work.

mod answer;
mod call;
mod error;
mod link;
mod patience;
mod sign;
mod trial;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use domain::{ListQuery, NewPet, Pet, PetId, Purchase};
use serde::{Deserialize, Serialize};

use self::call::Call;
use crate::{
    config::Config,
    session::{Platform, Secret, Session},
};

pub use error::CallError;
pub use sign::DerivedKey;
pub use trial::Trial;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// In the order of the list.
    pub pets: Vec<Pet>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// A page of pets for somebody who needs no session: the same call as [`Shop::list`].
pub async fn list(platform: &impl Platform, config: &Config, query: &ListQuery) -> Result<Page, CallError> {
    answer::page(&call::send(platform, config, &call::list(query)).await?)
}

/// The shop as the page sees it: a session and the calls. A clone is the same shop.
pub struct Shop<P> {
    session: Rc<Session<P>>,
}

impl<P> Clone for Shop<P> {
    fn clone(&self) -> Self {
        Self { session: Rc::clone(&self.session) }
    }
}

impl<P: Platform> Shop<P> {
    /// A shop around a session.
    pub fn new(session: Session<P>) -> Self {
        Self { session: Rc::new(session) }
    }

    /// Who is here.
    pub fn session(&self) -> &Session<P> {
        &self.session
    }

    /// What the page was configured with.
    pub fn config(&self) -> &Config {
        self.session.config()
    }

    /// A page of pets; unsigned, for everybody.
    pub async fn list(&self, query: &ListQuery) -> Result<Page, CallError> {
        answer::page(&self.unsigned(&call::list(query)).await?)
    }

    /// Adds a pet. Never repeated after a network error, which may have hidden a success: there would be two.
    pub async fn add(&self, pet: &NewPet) -> Result<Pet, CallError> {
        let call = Call::new("POST", "/pets").json(pet);
        answer::read(&self.signed(&call).await?)
    }

    /// Removes a pet. Never repeated after a network error: a success would read as "there is no such pet".
    pub async fn remove(&self, id: PetId) -> Result<(), CallError> {
        let call = Call::new("DELETE", &format!("/pets/{id}"));
        answer::nothing(&self.signed(&call).await?)
    }

    /// Buys a pet. Safe to repeat: the same buyer gets the same answer.
    pub async fn purchase(&self, id: PetId) -> Result<Pet, CallError> {
        let call = |token: Option<Secret>| {
            let auth_token = token.map(|token| token.to_string());
            let purchase = Purchase { pet_id: id, auth_token, user_name: None };
            Call::new("POST", "/pets/purchase").json(&purchase).repeatable()
        };
        answer::read(&self.identified(call).await?)
    }

    /// What was sold, to whom and when; for admins.
    pub async fn sales(&self, cursor: Option<&str>) -> Result<Page, CallError> {
        let call = Call::new("GET", "/pets/sales").cursor(cursor).repeatable();
        answer::page(&self.signed(&call).await?)
    }

    /// What the caller has bought; for buyers.
    pub async fn purchases(&self, cursor: Option<&str>) -> Result<Page, CallError> {
        let call = |token| Call::new("GET", "/pets/purchases").cursor(cursor).identity(token).repeatable();
        answer::page(&self.identified(call).await?)
    }
}
