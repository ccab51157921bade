//! The top of every page: the shop's name, who is here and as what, and the way in or out.

use domain::Role;
use leptos::{prelude::*, task::spawn_local};

use crate::{routes, ui::use_place, visit::use_visit};

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let visit = use_visit();
    let place = use_place();
    // On the way out nobody is offered a way in: it would cut the way to the issuer, whose session has to end too.
    let leaving = RwSignal::new(false);
    let sign_in = move || {
        let path = place.path();
        let query = place.query();
        let back = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        let elsewhere = path != routes::LOGIN && path != routes::CALLBACK;
        elsewhere.then(|| view! { <a class="button" href=routes::login(&back)>"Sign in"</a> })
    };
    view! {
        <header class="header">
            <a class="brand" href=routes::HOME>
                <img src="/favicon.svg" alt={""} width="32" height="32" />
                "Pets"
            </a>
            <nav aria-label="Shop">
                <a class="nav-link" href=routes::ACCESS aria-current=move || (place.path() == routes::ACCESS).then_some("page")>
                    "Access"
                </a>
            </nav>
            {move || match visit.person() {
                _ if leaving.get() => view! { <p role="status">"Signing out …"</p> }.into_any(),
                Some(person) => view! { <Who name=person.name role=person.role leaving /> }.into_any(),
                None => sign_in().into_any(),
            }}
        </header>
    }
}

#[component]
fn Who(name: String, role: Option<Role>, leaving: RwSignal<bool>) -> impl IntoView {
    let visit = use_visit();
    let sign_out = move |_| {
        leaving.set(true);
        let shop = visit.shop();
        // It outlives this view, which goes with the person.
        spawn_local(async move { shop.sign_out().await });
    };
    let (tone, word) = match role {
        Some(Role::Admin) => ("role", "admin"),
        Some(Role::Buyer) => ("role", "buyer"),
        None => ("none", "no role"),
    };
    view! {
        <div class="who">
            <span class="who-name">{name}</span>
            <span class="badge" data-tone=tone>{word}</span>
            <button class="button" type="button" on:click=sign_out>
                "Sign out"
            </button>
        </div>
    }
}
