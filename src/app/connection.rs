//! What is said above every page when the page can't do what it should by itself: no network, or a sign-in that has ended.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser,
    session::SessionError,
    ui::{Notice, Tone},
    visit::use_visit,
};

/// The notices; nothing while all is well.
#[component]
pub fn Connection() -> impl IntoView {
    let visit = use_visit();
    let failure = RwSignal::new(None::<SessionError>);
    let again = move |_| {
        let shop = visit.shop();
        spawn_local(async move {
            if let Err(error) = shop.renew_sign_in(&browser::here()).await {
                failure.set(Some(error));
            }
        });
    };
    view! {
        {move || (!visit.is_online()).then(|| view! {
            <Notice tone=Tone::Note text="You are offline. The shop goes on by itself when the network is back." />
        })}
        {move || visit.has_expired().then(|| view! {
            <Notice tone=Tone::Note text="Your sign-in has ended. What you have typed stays here.">
                <button class="button" data-tone="primary" type="button" on:click=again>{"Sign in again"}</button>
            </Notice>
        })}
        {move || failure.get().map(|error| view! { <Notice tone=Tone::Problem text=error.to_string() /> })}
    }
}
