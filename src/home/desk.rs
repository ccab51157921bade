//! The counter of the shop: what the home page's parts tell each other. Which pet is about to be removed, whether the
//! form for a new one is open, what the server answered to a forbidden button.

use domain::{ApiCall, PURCHASE, Pet, PetId, Role, may_buy, may_manage};
use leptos::prelude::*;

use super::add::was_adding;
use crate::{
    api::CallError,
    ui::Work,
    visit::{Visit, use_visit},
};

/// What is going on. The parts read it and ask it to change.
#[derive(Clone, Copy)]
pub struct Desk {
    visit: Visit,
    forbidden: RwSignal<bool>,
    adding: RwSignal<bool>,
    removing: RwSignal<Option<Pet>>,
    answer: RwSignal<Option<(ApiCall, Answer)>>,
    buying: Work<()>,
    loads: RwSignal<u32>,
}

/// What came of a forbidden button: a refusal, unless the policies allow more than the page expects.
pub type Answer = Result<Pet, CallError>;

/// Opens the counter for every part below.
pub fn provide_desk() -> Desk {
    let visit = use_visit();
    let (answer, loads) = (RwSignal::new(None), RwSignal::new(0));
    let desk = Desk {
        visit,
        forbidden: RwSignal::new(false),
        adding: RwSignal::new(may_manage(untrack(|| visit.role())) && was_adding()),
        removing: RwSignal::new(None),
        answer,
        buying: Work::new(),
        loads,
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

    /// What the server answered last, and to what, as long as it is shown.
    pub fn answer(&self) -> Option<(ApiCall, Answer)> {
        self.answer.get()
    }

    /// Whether there is one; follows it.
    pub fn is_answered(&self) -> bool {
        self.answer.with(Option::is_some)
    }

    /// Whether somebody is here who adds and removes, or is about to.
    pub fn is_managed(&self) -> bool {
        self.may_manage() || self.is_adding() || self.removing.with(Option::is_some)
    }

    /// Shows an answer; `None` takes it away.
    pub fn show_answer(&self, answer: Option<(ApiCall, Answer)>) {
        self.answer.set(answer);
    }

    /// The purchase by somebody who may not buy: what it brings is a refusal.
    pub fn buy_forbidden(self, id: PetId) {
        let shop = self.visit.shop();
        self.buying.begin(async move {
            let bought = shop.purchase(id).await;
            if bought.is_ok() {
                self.reload();
            }
            self.show_answer(Some((PURCHASE, bought)));
        });
    }

    /// Whether such a purchase is under way; follows it.
    pub fn is_buying(&self) -> bool {
        self.buying.is_pending()
    }

    /// How often the list was asked for again; follows it.
    pub fn loads(&self) -> u32 {
        self.loads.get()
    }

    /// Asks for the list again.
    pub fn reload(&self) {
        self.loads.update(|loads| *loads += 1);
    }
}
