//! A view whose code comes later.

use leptos::{prelude::*, task::spawn_local};

use super::Later;
use crate::{
    session::NetworkError,
    ui::{Notice, Tone},
};

/// What loads code: `members`, `office`.
type Load<C> = fn() -> Later<Result<C, NetworkError>>;

/// Nothing until the code is there, then what it makes. Code that can't be had says so, with a way to ask again.
pub fn later<C: Copy + Send + Sync + 'static>(load: Load<C>, view: impl Fn(C) -> AnyView + Send + 'static) -> AnyView {
    boxed(load, Box::new(view))
}

/// Once for all views: what is made anew for each is in the first file each time.
fn boxed<C: Copy + Send + Sync + 'static>(load: Load<C>, view: Box<dyn Fn(C) -> AnyView + Send>) -> AnyView {
    let code = RwSignal::new(None::<Result<C, NetworkError>>);
    let load = move || {
        spawn_local(async move {
            let loaded = load().await;
            // The view may have gone meanwhile.
            code.try_set(Some(loaded));
        });
    };
    load();
    let shown = move || match code.get() {
        None => ().into_any(),
        Some(Ok(code)) => view(code),
        Some(Err(error)) => view! {
            <Notice tone=Tone::Problem text=error.to_string()>
                <button class="button" type="button" on:click=move |_| load()>"Try again"</button>
            </Notice>
        }
        .into_any(),
    };
    shown.into_any()
}
