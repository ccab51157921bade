//! The calls of the shop's API: unsigned lists, and everything else signed with the session's credentials.

mod error;

use std::rc::Rc;

use domain::{ListQuery, NewPet, Pet, PetId};

use crate::{
    config::Config,
    session::{Platform, Session},
};

pub use error::CallError;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In the order of the list.
    pub pets: Vec<Pet>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
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
    /// A shop that nobody has signed in to.
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
    /// A page of pets; unsigned.
    pub async fn list(&self, _query: &ListQuery) -> Result<Page, CallError> {
        Ok(Page { pets: vec![], next: None })
    }
    /// Adds a pet. Never repeated by itself.
    pub async fn add(&self, _pet: &NewPet) -> Result<Pet, CallError> {
        Err(CallError::SignInNeeded)
    }
    /// Removes a pet.
    pub async fn remove(&self, _id: PetId) -> Result<(), CallError> {
        Err(CallError::SignInNeeded)
    }
    /// Buys a pet. Safe to repeat.
    pub async fn purchase(&self, _id: PetId) -> Result<Pet, CallError> {
        Err(CallError::SignInNeeded)
    }
    /// What was sold, for admins.
    pub async fn sales(&self, _cursor: Option<&str>) -> Result<Page, CallError> {
        Err(CallError::SignInNeeded)
    }
    /// What the caller has bought.
    pub async fn purchases(&self, _cursor: Option<&str>) -> Result<Page, CallError> {
        Err(CallError::SignInNeeded)
    }
}
