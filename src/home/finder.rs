//! Finding a pet: what is typed narrows what is loaded, at once; Enter asks the whole shop for that kind. Kind, status
//! and order are in the address, so a list can be kept and sent to somebody.

use domain::{ListQuery, PetType, Sort, Status};
use leptos::prelude::*;

use super::spot;
use crate::{
    browser, routes,
    ui::{Go, use_place},
};

/// What is typed, for the list below: text that isn't asked for yet, else the kind that the address asks for.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What was typed, and over which kind in the address: at another address it is gone.
    text: RwSignal<(String, String)>,
    kind: Memo<String>,
}

/// What is typed.
pub fn use_typed() -> Typed {
    expect_context()
}

/// Makes it known.
pub fn provide_typed(query: Memo<ListQuery>) -> Typed {
    let kind = Memo::new(move |_| query.with(|query| query.kind.as_ref().map(ToString::to_string).unwrap_or_default()));
    let over = kind.get_untracked();
    // Whoever comes back finds what they had typed.
    let text = spot::kept().map_or_else(|| over.clone(), |spot| spot.typed);
    let typed = Typed { text: RwSignal::new((text, over)), kind };
    provide_context(typed);
    typed
}

impl Typed {
    fn with<T>(&self, read: impl Fn(&str) -> T) -> T {
        self.kind.with(|kind| self.text.with(|(text, over)| read(if over == kind { text } else { kind })))
    }

    /// What a kind's name must have in it, in small letters.
    pub fn needle(&self) -> String {
        self.with(|text| browser::lowercase(text.trim()))
    }

    /// The text, trimmed.
    pub fn get(&self) -> String {
        self.with(|text| text.trim().to_owned())
    }

    /// The text as it is in the field.
    pub fn raw(&self) -> String {
        self.with(str::to_owned)
    }

    /// Puts another text there, to narrow the list of all kinds.
    fn set(&self, text: String) {
        self.text.set((text, String::new()));
    }

    /// The text is in the address from now on, and goes with it.
    fn asked(&self, kind: &PetType) {
        self.text.set((kind.to_string(), kind.to_string()));
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
    let place = use_place();
    let go = Callback::new(move |query: ListQuery| {
        place.go(&routes::home(&query.to_pairs()), Go::Quietly);
    });
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // What is no kind finds nothing; it stays a filter of what is loaded.
        let text = typed.get();
        if text.is_empty() {
            go.run(ListQuery { kind: None, ..query.get_untracked() });
        } else if let Ok(kind) = text.parse::<PetType>() {
            typed.asked(&kind);
            go.run(ListQuery { kind: Some(kind), ..query.get_untracked() });
        }
    };
    // A list of one kind has no other kinds to narrow: what is typed instead is looked for among all.
    let narrow = move |text: String| {
        typed.set(text);
        if query.with_untracked(|query| query.kind.is_some()) {
            go.run(ListQuery { kind: None, ..query.get_untracked() });
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
                <label for="kind">{"Filter by type"}</label>
                <input
                    class="input"
                    id="kind"
                    type="search"
                    enterkeyhint="search"
                    autocomplete="off"
                    placeholder="dog, cat, parrot …"
                    prop:value=move || typed.raw()
                    on:input:target=move |event| narrow(event.target().value())
                />
            </div>
            <div class="field">
                <label for="status">{"Show"}</label>
                <select class="input" id="status" prop:value=shown on:change:target=move |event| status(&event.target().value())>
                    <option value="" selected=move || shown().is_empty()>"All"</option>
                    <option value="available" selected=move || shown() == "available">"For sale"</option>
                    <option value="sold" selected=move || shown() == "sold">"Sold"</option>
                </select>
            </div>
            <div class="field">
                <label for="sort">{"Order"}</label>
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
