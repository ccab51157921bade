//! What comes after what is loaded: the next page, asked for when the end comes near, so that it is there when the button
//! is pressed. There is never more than one ahead, and one that couldn't be had is asked for again by the button alone.

use domain::ListQuery;
use leptos::prelude::*;

use super::{cards::Moved, listing::Loaded};
use crate::{
    api::{CallError, Page},
    browser,
    ui::{Notice, Tone, Work},
    visit::use_visit,
};

const BUTTON: &str = "more";

/// The button, and what went wrong behind it.
#[component]
pub fn More(
    /// What is loaded.
    loaded: Loaded,
    /// Of which list.
    query: ListQuery,
    /// When the end may have come near.
    moved: Moved,
) -> impl IntoView {
    let visit = use_visit();
    let query = StoredValue::new(query);
    let is_wanted = RwSignal::new(false);
    // The page that is ahead, and the cursor that was asked for last.
    let (ahead, asked) = (StoredValue::new(None::<Page>), StoredValue::new(None::<String>));
    let work = Work::<Option<CallError>>::new();
    let show = move || {
        // The view may have gone meanwhile.
        let Some(page) = ahead.try_update_value(Option::take).flatten() else { return };
        is_wanted.set(false);
        // The button goes with the last page. A keyboard goes on with what is new.
        if let Some(id) = loaded.append(page) {
            moved.seek(id);
        }
    };
    let ask = move |cursor: String| {
        asked.set_value(Some(cursor.clone()));
        let (shop, query) = (visit.shop(), ListQuery { cursor: Some(cursor), ..query.get_value() });
        work.begin(async move {
            match shop.list(&query).await {
                Ok(page) => {
                    ahead.try_set_value(Some(page));
                    if is_wanted.try_get_untracked() == Some(true) {
                        show();
                    }
                    None
                }
                // What nobody waits for may fail in silence.
                Err(error) => (is_wanted.try_update(std::mem::take) == Some(true)).then_some(error),
            }
        });
    };
    let press = move |_| {
        is_wanted.set(true);
        if ahead.with_value(Option::is_some) {
            show();
        } else if let Some(cursor) = loaded.next().filter(|_| !untrack(|| work.is_pending())) {
            ask(cursor);
        }
    };
    let look = move || {
        let Some(cursor) = loaded.next() else { return };
        if asked.try_get_value().is_some_and(|asked| asked.as_ref() != Some(&cursor)) && browser::is_near(BUTTON) {
            ask(cursor);
        }
    };
    Effect::new(move |_| {
        moved.follow();
        loaded.has_more();
        // What is seen comes first.
        request_animation_frame(look);
    });
    view! {
        {move || work.answer().flatten().map(|error| view! { <Notice tone=Tone::Problem text=error.to_string() /> })}
        <Show when=move || loaded.has_more()>
            <button
                class="button more"
                id=BUTTON
                type="button"
                aria-disabled=move || is_wanted.get().to_string()
                on:click=press
            >
                "Show more"
            </button>
        </Show>
    }
}
