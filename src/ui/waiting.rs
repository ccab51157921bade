//! A sentence while something is under way. If it takes long, it says so.

use std::time::Duration;

use leptos::prelude::*;

/// After this long nobody is sure any more that something happens.
const LONG: Duration = Duration::from_secs(4);

/// The sentence.
#[component]
pub fn Waiting(
    /// What is under way: "Fetching the pet …".
    text: &'static str,
) -> impl IntoView {
    let (late, set_late) = signal(false);
    if let Ok(timer) = set_timeout_with_handle(move || set_late.set(true), LONG) {
        on_cleanup(move || timer.clear());
    }
    view! {
        <p class="lead" role="status">
            {text}
            {move || late.get().then_some(" It takes longer than usual; the network or the shop is slow.")}
        </p>
    }
}
