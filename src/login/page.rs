//! `/login`: what each way of signing in makes of a person, and the button. Which way it was is the issuer's to ask and
//! to vouch for.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    routes::{HOME, RETURN_TO},
    session::SignIn,
    ui::{Notice, Page, Tone},
    visit::use_visit,
};

/// The page.
#[component]
pub fn Login() -> impl IntoView {
    let visit = use_visit();
    let query = use_query_map();
    let sign_in = Action::new_local(move |(): &()| {
        let shop = visit.shop();
        let return_to = query.read_untracked().get(RETURN_TO).unwrap_or_else(|| HOME.to_owned());
        async move { shop.sign_in(&SignIn { connection: None, return_to }).await }
    });
    let failed = move || match sign_in.value().get() {
        Some(Err(error)) => Some(view! { <Notice tone=Tone::Problem text=error.to_string() /> }),
        _ => None,
    };
    view! {
        <Page title="Sign in">
            <p class="lead">"How you sign in decides what you may do here. Nothing else does."</p>
            <div class="ways">
                <section class="way">
                    <h2>{"With a social account"}</h2>
                    <p>{"Amazon, Google and others. You come in as a "}<strong>{"buyer"}</strong>": you may buy pets."</p>
                </section>
                <section class="way">
                    <h2>{"With e-mail and password"}</h2>
                    <p>{"An account of this shop. You come in as an "}<strong>{"admin"}</strong>": you may add and remove pets."</p>
                </section>
            </div>
            {failed}
            <p>
                <button
                    class="button"
                    data-tone="primary"
                    type="button"
                    disabled=move || sign_in.pending().get()
                    on:click=move |_| { sign_in.dispatch(()); }
                >
                    "Sign in"
                </button>
            </p>
        </Page>
    }
}
