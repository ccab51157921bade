//! One visit to the shop as the views see it: the shop, and who is in front of it.

use domain::Role;
use leptos::prelude::*;

use crate::{browser::PageShop, session::Person};

/// The shop and the person, for every view.
#[derive(Clone, Copy)]
pub struct Visit {
    shop: StoredValue<PageShop, LocalStorage>,
    person: ReadSignal<Option<Person>>,
}

/// Makes the visit known to every view below.
pub fn provide_visit(shop: PageShop) {
    let (person, set_person) = signal(shop.session().person());
    let watched = shop.clone();
    shop.session().on_change(move || set_person.set(watched.session().person()));
    provide_context(Visit { shop: StoredValue::new_local(shop), person });
}

/// The visit.
pub fn use_visit() -> Visit {
    expect_context()
}

impl Visit {
    /// The shop; a clone is the same shop.
    pub fn shop(&self) -> PageShop {
        self.shop.get_value()
    }

    /// Who is signed in; follows it.
    pub fn person(&self) -> Option<Person> {
        self.person.get()
    }

    /// What they are in this shop; follows it.
    pub fn role(&self) -> Option<Role> {
        self.person.with(|person| person.as_ref().and_then(|person| person.role))
    }
}
