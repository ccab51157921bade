//! What a path leads to that is none of ours.

use leptos::prelude::*;

use crate::{
    routes,
    ui::{Notice, Page, Tone},
};

/// Says so, with the way home.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Page title="Not found">
            <Notice tone=Tone::Note text="This address leads nowhere. It may be mistyped, or what it showed is gone.">
                <a class="button" data-tone="primary" href=routes::HOME>"See the pets"</a>
            </Notice>
        </Page>
    }
}
