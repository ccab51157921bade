//! The whole page: it starts here, has its header and footer here, and finds its view by the path here.
//!
//! Until the shop is open (configuration read, and the person known again after a reload) the shell of `index.html`
//! stands in its place; then the app takes over as a whole, so nothing jumps and nothing is half-configured.

mod connection;
mod header;
mod not_found;
mod start;

use leptos::prelude::*;

use crate::{
    browser,
    home::Home,
    members::{later, members},
    office::office,
    routes::Route,
    shop::PageShop,
    ui::{provide_first_page, provide_place},
    visit::provide_visit,
};
use connection::Connection;
use header::Header;
use not_found::NotFound;

pub use start::start;

/// The page around every view.
#[component]
fn App(
    /// An open shop.
    shop: PageShop,
) -> impl IntoView {
    provide_visit(shop);
    provide_first_page();
    let place = provide_place();
    // Another query or another pet is the same page.
    let route = Memo::new(move |_| Route::of(&place.path()));
    let page = move || match route.get() {
        Route::Home => view! { <Home /> }.into_any(),
        Route::Access => later(office, |office| office.access_page()),
        Route::Login => later(members, |members| members.login_page()),
        Route::Callback => later(members, |members| members.callback_page()),
        Route::Purchase => later(members, |members| members.purchase_page()),
        Route::Nowhere => view! { <NotFound /> }.into_any(),
    };
    // The router would take the link for a change of page, and move no focus.
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    };
    view! {
        <a class="skip" href="#main" on:click=skip>"Skip to the content"</a>
        <Header />
        <main class="main" id="main" tabindex="-1">
            <Connection />
            {page}
        </main>
        <Footer />
    }
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <p>
                {"Every right in this shop comes from how you signed in. Pictures: "}
                <a href="https://github.com/microsoft/fluentui-emoji">{"Fluent Emoji"}</a> " by Microsoft, MIT licence."
            </p>
        </footer>
    }
}
