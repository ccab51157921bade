//! The top of every page: the shop's name, who is here and as what, and the way in or out.

use domain::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{browser, routes, visit::use_visit};

/// The header.
#[component]
pub fn Header() -> impl IntoView {
    let visit = use_visit();
    let location = use_location();
    let sign_in = move || {
        let path = location.pathname.get();
        let query = location.search.get();
        let back = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        let elsewhere = path != routes::LOGIN && path != routes::CALLBACK;
        elsewhere.then(|| view! { <a class="button" href=routes::login(&back)>"Sign in"</a> })
    };
    view! {
        <header class="header">
            <a class="brand" href=routes::HOME>
                <img src="/favicon.svg" alt="" width="32" height="32" />
                "Pets"
            </a>
            {move || match visit.person() {
                Some(person) => view! { <Who name=person.name role=person.role /> }.into_any(),
                None => sign_in().into_any(),
            }}
        </header>
    }
}

#[component]
fn Who(name: String, role: Option<Role>) -> impl IntoView {
    let visit = use_visit();
    let sign_out = Action::new_local(move |(): &()| {
        let shop = visit.shop();
        async move { browser::go_to(&shop.session().sign_out().await) }
    });
    let (tone, word) = match role {
        Some(Role::Admin) => ("role", "admin"),
        Some(Role::Buyer) => ("role", "buyer"),
        None => ("none", "no role"),
    };
    view! {
        <div class="who">
            <span class="who-name">{name}</span>
            <span class="badge" data-tone=tone>{word}</span>
            <button class="button" type="button" on:click=move |_| { sign_out.dispatch(()); }>
                "Sign out"
            </button>
        </div>
    }
}
