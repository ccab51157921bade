//! A view whose code is the members'.

use leptos::{prelude::*, task::spawn_local};

use super::{Members, members};
use crate::{
    session::NetworkError,
    ui::{Notice, Tone},
};

/// Nothing until the code is there, then what it makes. Code that can't be had says so, with a way to ask again.
pub fn later(view: impl Fn(&dyn Members) -> AnyView + Send + 'static) -> AnyView {
    boxed(Box::new(view))
}

/// What makes a view.
type View = Box<dyn Fn(&dyn Members) -> AnyView + Send>;

/// Once for all views: what is made anew for each is in the first file each time.
fn boxed(view: View) -> AnyView {
    let code = RwSignal::new(None::<Result<&'static dyn Members, NetworkError>>);
    let load = move || {
        spawn_local(async move {
            let loaded = members().await;
            // The view may have gone meanwhile.
            code.try_set(Some(loaded));
        });
    };
    load();
    let shown = move || match code.get() {
        None => ().into_any(),
        Some(Ok(members)) => view(members),
        Some(Err(error)) => view! {
            <Notice tone=Tone::Problem text=error.to_string()>
                <button class="button" type="button" on:click=move |_| load()>"Try again"</button>
            </Notice>
        }
        .into_any(),
    };
    shown.into_any()
}
