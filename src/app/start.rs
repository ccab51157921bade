//! The start: the configuration is read, a person who was signed in before a reload becomes so again, the app appears.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::{
    browser::{self, StartError},
    members::members,
    office::office,
    routes::{CALLBACK, Route},
    shop::PageShop,
    ui::{Notice, Tone},
};

/// Starts the app in the page. Returns at once; the shell stays until there is something to show.
pub fn start() {
    let answer = browser::take_answer(CALLBACK);
    let here = browser::here();
    let route = Route::of(here.split('?').next().unwrap_or_default());
    // Side by side with all else, and awaited below.
    spawn_local(load(route));
    spawn_local(async move {
        let shop = match PageShop::open(answer).await {
            Ok(shop) => shop,
            Err(error) => {
                mount(move || view! { <CannotStart error /> });
                return;
            }
        };
        // The callback is an answer from the issuer; asking again would go around in circles. An issuer that can't be
        // reached, and a vault that can't open, leave a visitor, who may look and sign in later.
        if route != Route::Callback && shop.restore(&here).await.unwrap_or(false) {
            return;
        }
        // A page that needs more code comes as a whole. Where that can't be had, the page says so itself.
        load(route).await;
        mount(move || view! { <App shop /> });
    });
}

/// The code that the page needs beside the first file.
async fn load(route: Route) {
    match route {
        Route::Home | Route::Nowhere => {}
        Route::Access => drop(office().await),
        Route::Login | Route::Callback | Route::Purchase => drop(members().await),
    }
}

fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) {
    browser::take_the_shells_place(|element| mount_to(element, view).forget());
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
