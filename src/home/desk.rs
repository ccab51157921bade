//! The counter of the shop: what the home page's parts tell each other. Which pet is about to be removed, whether the
//! form for a new one is open, which refusal is shown.

use domain::{Pet, PetId, Role, may_buy, may_manage};
use leptos::prelude::*;

use crate::{
    api::CallError,
    visit::{Visit, use_visit},
};

/// What is going on. The parts read it and ask it to change.
#[derive(Clone, Copy)]
pub struct Desk {
    visit: Visit,
    forbidden: RwSignal<bool>,
    adding: RwSignal<bool>,
    removing: RwSignal<Option<Pet>>,
    refused: RwSignal<Option<CallError>>,
    buying: Action<PetId, Result<Pet, CallError>>,
}

/// Opens the counter for every part below.
pub fn provide_desk() -> Desk {
    let visit = use_visit();
    let refused = RwSignal::new(None);
    let buying = Action::new_local(move |id: &PetId| {
        let (shop, id) = (visit.shop(), *id);
        async move {
            let bought = shop.purchase(id).await;
            if let Err(error) = &bought {
                refused.set(Some(error.clone()));
            }
            bought
        }
    });
    let desk = Desk {
        visit,
        forbidden: RwSignal::new(false),
        adding: RwSignal::new(false),
        removing: RwSignal::new(None),
        refused,
        buying,
    };
    provide_context(desk);
    desk
}

/// The counter.
pub fn use_desk() -> Desk {
    expect_context()
}

impl Desk {
    /// Whether forbidden buttons are shown.
    pub fn shows_forbidden(&self) -> bool {
        self.forbidden.get()
    }

    /// The switch.
    pub fn toggle_forbidden(&self) {
        self.forbidden.update(|shown| *shown = !*shown);
    }

    fn role(&self) -> Option<Role> {
        self.visit.role()
    }

    /// Whether buying works.
    pub fn may_buy(&self) -> bool {
        may_buy(self.role())
    }

    /// Whether adding and removing work.
    pub fn may_manage(&self) -> bool {
        may_manage(self.role())
    }

    /// The pet that a person is asked about.
    pub fn removing(&self) -> Option<Pet> {
        self.removing.get()
    }

    /// Asks whether to remove this pet; `None` ends it.
    pub fn ask_to_remove(&self, pet: Option<Pet>) {
        self.removing.set(pet);
    }

    /// Whether the form for a new pet is open.
    pub fn is_adding(&self) -> bool {
        self.adding.get()
    }

    /// Opens or closes that form.
    pub fn set_adding(&self, adding: bool) {
        self.adding.set(adding);
    }

    /// What the server refused last, as long as it is shown.
    pub fn refused(&self) -> Option<CallError> {
        self.refused.get()
    }

    /// Shows a refusal; `None` takes it away.
    pub fn show_refused(&self, error: Option<CallError>) {
        self.refused.set(error);
    }

    /// The purchase by somebody who may not buy: what it brings is a refusal.
    pub fn buying(&self) -> Action<PetId, Result<Pet, CallError>> {
        self.buying
    }
}
