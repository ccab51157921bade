//! Finding a pet: what is typed narrows what is loaded, at once; Enter asks the whole shop for that kind. Kind, status
//! and order are in the address, so a list can be kept and sent to somebody.

use domain::{ListQuery, Sort, Status};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::routes;

/// What is typed, for the list below.
#[derive(Clone, Copy)]
pub struct Typed(RwSignal<String>);

/// What is typed.
pub fn use_typed() -> Typed {
    expect_context()
}

/// Makes it known; starts with the kind that the address asks for.
pub fn provide_typed(query: Memo<ListQuery>) -> Typed {
    let kind = query.with_untracked(|query| query.kind.as_ref().map(ToString::to_string));
    let typed = Typed(RwSignal::new(kind.unwrap_or_default()));
    provide_context(typed);
    typed
}

impl Typed {
    /// Whether the text is in this kind's name; an empty one is in all.
    pub fn fits(&self, key: &str) -> bool {
        self.0.with(|typed| key.contains(&typed.trim().to_lowercase()))
    }

    /// The text, trimmed.
    pub fn get(&self) -> String {
        self.0.with(|typed| typed.trim().to_owned())
    }

    /// Puts another text there.
    pub fn set(&self, text: String) {
        self.0.set(text);
    }
}

/// The form above the list.
#[component]
pub fn Finder(
    /// What the address asks for.
    query: Memo<ListQuery>,
    /// What is typed.
    typed: Typed,
) -> impl IntoView {
    let navigate = use_navigate();
    let go = Callback::new(move |query: ListQuery| {
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&routes::home(&query.to_pairs()), options);
    });
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // What is no kind finds nothing; it stays a filter of what is loaded.
        let text = typed.get();
        if text.is_empty() {
            go.run(ListQuery { kind: None, ..query.get_untracked() });
        } else if let Ok(kind) = text.parse() {
            go.run(ListQuery { kind: Some(kind), ..query.get_untracked() });
        }
    };
    let status = move |value: &str| {
        let status = [Status::Available, Status::Sold].into_iter().find(|status| status.as_str() == value);
        go.run(ListQuery { status, ..query.get_untracked() });
    };
    let sort = move |value: &str| {
        let sort = Sort::ALL.into_iter().find(|sort| sort.as_str() == value).unwrap_or_default();
        go.run(ListQuery { sort, ..query.get_untracked() });
    };
    let shown = move || query.with(|query| query.status.map_or("", Status::as_str));
    let order = move || query.with(|query| query.sort.as_str());
    view! {
        <form class="finder" role="search" on:submit=search>
            <div class="field">
                <label for="kind">"Filter by type"</label>
                <input
                    class="input"
                    id="kind"
                    type="search"
                    enterkeyhint="search"
                    autocomplete="off"
                    placeholder="dog, cat, parrot …"
                    prop:value=move || typed.0.get()
                    on:input:target=move |event| typed.set(event.target().value())
                />
            </div>
            <div class="field">
                <label for="status">"Show"</label>
                <select class="input" id="status" prop:value=shown on:change:target=move |event| status(&event.target().value())>
                    <option value="" selected=move || shown().is_empty()>"All"</option>
                    <option value="available" selected=move || shown() == "available">"For sale"</option>
                    <option value="sold" selected=move || shown() == "sold">"Sold"</option>
                </select>
            </div>
            <div class="field">
                <label for="sort">"Order"</label>
                <select class="input" id="sort" prop:value=order on:change:target=move |event| sort(&event.target().value())>
                    <option value="id" selected=move || order() == "id">"Longest here"</option>
                    <option value="-id" selected=move || order() == "-id">"Newest"</option>
                    <option value="price" selected=move || order() == "price">"Cheapest"</option>
                    <option value="-price" selected=move || order() == "-price">"Dearest"</option>
                </select>
            </div>
        </form>
    }
}
