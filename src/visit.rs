//! One visit to the shop as the views see it: the shop, and who is in front of it.

use domain::Role;
use leptos::prelude::*;

use crate::{
    browser,
    session::{Person, Phase, Refusal, Status},
    shop::PageShop,
};

/// The shop and the person, for every view.
#[derive(Clone, Copy)]
pub struct Visit {
    shop: StoredValue<PageShop, LocalStorage>,
    person: Memo<Option<Person>>,
    expired: Memo<bool>,
    online: ReadSignal<bool>,
    /// The call that was refused last, and what AWS said.
    refusal: StoredValue<Option<(String, Refusal)>>,
}

/// Makes the visit known to every view below.
pub fn provide_visit(shop: PageShop) {
    let (status, set_status) = signal(shop.session().status());
    let watched = shop.clone();
    shop.session().on_change(move || set_status.set(watched.session().status()));
    let (online, set_online) = signal(browser::is_online());
    browser::on_network(move || set_online.set(browser::is_online()));
    // Who is here doesn't change when their session is renewed: nothing that they look at begins anew for that.
    let person = Memo::new(move |_| status.with(|status: &Status| status.person.clone()));
    let expired = Memo::new(move |_| status.with(|status| status.phase == Phase::Expired));
    provide_context(Visit {
        shop: StoredValue::new_local(shop),
        person,
        expired,
        online,
        refusal: StoredValue::new(None),
    });
}

/// Calls `again` when the network is back, as long as the view that asks for it is there.
pub fn when_back_online(again: impl Fn() + 'static) {
    let online = use_visit().online;
    Effect::new(move |was: Option<bool>| {
        let is = online.get();
        if is && was == Some(false) {
            again();
        }
        is
    });
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

    /// Keeps what AWS said to a call, for whoever asks why.
    pub fn keep_refusal(&self, call: String, refusal: Refusal) {
        self.refusal.set_value(Some((call, refusal)));
    }

    /// What AWS said to this call, if it was the last that was kept.
    pub fn refusal(&self, call: &str) -> Option<Refusal> {
        self.refusal
            .with_value(|kept| kept.as_ref().filter(|(kept, _)| kept == call).map(|(_, refusal)| refusal.clone()))
    }

    /// Whether the device has a network; follows it.
    pub fn is_online(&self) -> bool {
        self.online.get()
    }

    /// Whether their sign-in has ended and they have to sign in again; follows it.
    pub fn has_expired(&self) -> bool {
        self.expired.get()
    }
}
