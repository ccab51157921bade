//! `/login`: what each way of signing in makes of a person, and the button. Which way it was is the issuer's to ask and
//! to vouch for.

use leptos::prelude::*;

use crate::{
    routes::{HOME, RETURN_TO},
    session::SignIn,
    ui::{Notice, Page, Tone, Work, use_place},
    visit::use_visit,
};

/// The page.
#[component]
pub fn Login() -> impl IntoView {
    let visit = use_visit();
    let place = use_place();
    let signing_in = Work::new();
    let sign_in = move |_| {
        let shop = visit.shop();
        let return_to = untrack(|| place.parameter(RETURN_TO)).unwrap_or_else(|| HOME.to_owned());
        signing_in.begin(async move { shop.sign_in(&SignIn { connection: None, return_to }).await });
    };
    let failed = move || match signing_in.answer() {
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
                    disabled=move || signing_in.is_pending()
                    on:click=sign_in
                >
                    "Sign in"
                </button>
            </p>
        </Page>
    }
}
