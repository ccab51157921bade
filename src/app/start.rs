//! The start: the configuration is read, a person who was signed in before a reload becomes so again, the app appears.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::{
    browser::{self, StartError},
    routes::CALLBACK,
    ui::{Notice, Tone},
};

/// Starts the app in the page. Returns at once; the shell stays until there is something to show.
pub fn start() {
    spawn_local(async {
        let shop = match browser::open_shop().await {
            Ok(shop) => shop,
            Err(error) => {
                mount_to(browser::mount_point(), move || view! { <CannotStart error /> }).forget();
                return;
            }
        };
        let here = browser::here();
        // The callback is an answer from the issuer; asking again would go around in circles.
        if !here.starts_with(CALLBACK)
            // An issuer that can't be reached leaves a visitor, who may look and sign in later.
            && let Ok(Some(url)) = shop.session().restore(&here).await
        {
            browser::replace(&url);
            return;
        }
        mount_to(browser::mount_point(), move || view! { <App shop /> }).forget();
    });
}

/// Says what is wrong with the configuration; there is no shop without it.
#[component]
fn CannotStart(error: StartError) -> impl IntoView {
    view! {
        <main class="main">
            <h1>{"The shop can't open"}</h1>
            <Notice tone=Tone::Problem text=error.to_string()>
                <a class="button" href="">"Try again"</a>
            </Notice>
        </main>
    }
}
