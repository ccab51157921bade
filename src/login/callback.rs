//! `/callback`: the issuer's answer becomes a person, and the page goes on to where they were. The answer has left the
//! address bar and the history before anything else has happened.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    routes::{HOME, LOGIN},
    session::SessionError,
    ui::{Go, Notice, Page, Tone, Waiting, use_place},
    visit::use_visit,
};

/// The page.
#[component]
pub fn Callback() -> impl IntoView {
    let visit = use_visit();
    let place = use_place();
    let (failure, set_failure) = signal(None::<SessionError>);
    // It outlives this view: an answer is used once, and must not be lost half-way.
    spawn_local(async move {
        let shop = visit.shop();
        let finished = shop.finish_sign_in().await;
        let (path, failed) = match finished {
            Ok(path) => (path, None),
            // A used answer is no harm to somebody who is signed in: they came here by the way back.
            Err(SessionError::NotUnderWay) if shop.session().person().is_some() => (HOME.to_owned(), None),
            Err(error) => (String::new(), Some(error)),
        };
        if failed.is_some() {
            set_failure.set(failed);
            return;
        }
        place.go(&path, Go::Instead);
    });
    view! {
        {move || match failure.get() {
            None => view! {
                <Page title="Signing in">
                    <Waiting text="One moment …" />
                </Page>
            }.into_any(),
            Some(error) => view! {
                <Page title="Not signed in">
                    <Notice tone=Tone::Problem text=error.to_string()>
                        <a class="button" data-tone="primary" href=LOGIN>"Sign in again"</a>
                        <a class="button" href=HOME>"See the pets"</a>
                    </Notice>
                </Page>
            }.into_any(),
        }}
    }
}
