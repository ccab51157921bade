//! The whole page: it starts here, has its header and footer here, and finds its view by the path here.
//!
//! Until the shop is open (configuration read, and the person known again after a reload) the shell of `index.html`
//! stands in its place; then the app takes over as a whole, so nothing jumps and nothing is half-configured.

mod connection;
mod header;
mod not_found;
mod start;

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    access::AccessPage,
    browser,
    home::Home,
    login::{Callback, Login},
    purchase::PurchasePage,
    shop::PageShop,
    ui::provide_first_page,
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
    // The router would take the link for a change of page, and move no focus.
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    };
    view! {
        <Router>
            <a class="skip" href="#main" on:click=skip>"Skip to the content"</a>
            <Header />
            <main class="main" id="main" tabindex="-1">
                <Connection />
                <FlatRoutes fallback=|| view! { <NotFound /> }>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/access") view=AccessPage />
                    <Route path=path!("/login") view=Login />
                    <Route path=path!("/callback") view=Callback />
                    <Route path=path!("/pets/:id/purchase") view=PurchasePage />
                </FlatRoutes>
            </main>
            <Footer />
        </Router>
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
