//! The list itself: what is loaded, the unsold above the sold, and more at the press of a button. What this person
//! adds or removes shows at once, after the server has said that it is done.

use std::collections::HashSet;

use domain::{ListQuery, PURCHASES, Pet, PetId, SALES, Status};
use leptos::prelude::*;

use super::{
    card::{Card, card_id},
    desk::use_desk,
    finder::use_typed,
    names::use_names,
};
use crate::{
    access::why,
    api::{CallError, Page},
    browser,
    members::later,
    routes,
    ui::{Notice, Tone, Work},
    visit::use_visit,
};

/// What is loaded of one list.
#[derive(Clone, Copy)]
pub struct Loaded {
    pets: RwSignal<Vec<Pet>>,
    next: RwSignal<Option<String>>,
}

impl Loaded {
    /// A pet that was added stands first, where the person sees it.
    pub fn add(&self, pet: Pet) {
        self.pets.update(|pets| pets.insert(0, pet));
    }

    /// A pet that was removed is gone.
    pub fn remove(&self, id: PetId) {
        self.pets.update(|pets| pets.retain(|pet| pet.id != id));
    }

    /// A next page. What is there already (it was added meanwhile) isn't there twice. Answers the first that is new.
    fn append(&self, page: Page) -> Option<PetId> {
        let known = self.pets.with_untracked(|pets| pets.iter().map(|pet| pet.id).collect::<HashSet<_>>());
        let new: Vec<Pet> = page.pets.into_iter().filter(|pet| !known.contains(&pet.id)).collect();
        let first = new.first().map(|pet| pet.id);
        self.pets.update(|pets| pets.extend(new));
        self.next.set(page.next);
        first
    }
}

/// The list from its first page on.
#[component]
pub fn Listing(page: Page, query: ListQuery) -> impl IntoView {
    let visit = use_visit();
    let desk = use_desk();
    let typed = use_typed();
    let loaded = Loaded { pets: RwSignal::new(page.pets), next: RwSignal::new(page.next) };
    let names = use_names();

    let wanted = query.status.map(|status| status == Status::Sold);
    let shelf = move |sold: bool| {
        Memo::new(move |_| {
            if wanted.is_some_and(|wanted| wanted != sold) {
                return Vec::new();
            }
            let fits = |pet: &&Pet| pet.is_sold == sold && typed.fits(&pet.kind.key());
            loaded.pets.with(|pets| pets.iter().filter(fits).cloned().collect())
        })
    };
    let (unsold, sold) = (shelf(false), shelf(true));
    let nothing = move || unsold.with(Vec::is_empty) && sold.with(Vec::is_empty);
    let whole_shop = StoredValue::new(query);
    // What was typed, asked of the whole shop, where that could find more than is loaded.
    let elsewhere = move || {
        let kind = loaded.next.with(Option::is_some).then(|| typed.get().parse().ok()).flatten()?;
        Some(routes::home(&ListQuery { kind: Some(kind), ..whole_shop.get_value() }.to_pairs()))
    };
    let more = Work::new();
    let load_more = move |cursor: String| {
        let (shop, query) = (visit.shop(), ListQuery { cursor: Some(cursor), ..whole_shop.get_value() });
        more.begin(async move {
            let first = loaded.append(shop.list(&query).await?);
            // The button goes with the last page. A keyboard goes on with what is new, once it is there.
            request_animation_frame(move || {
                if let Some(id) = first {
                    browser::focus(&card_id(id));
                }
            });
            Ok::<_, CallError>(())
        });
    };
    // What was opened once stays until this list goes: a dialog says itself when it is open.
    let managed = Memo::new(move |was: Option<&bool>| was.is_some_and(|was| *was) || desk.is_managed());
    let show_more = move |_| {
        if let Some(cursor) = loaded.next.get_untracked().filter(|_| !untrack(|| more.is_pending())) {
            load_more(cursor);
        }
    };

    view! {
        <p class="finder-note" role="status">{move || count(unsold.with(Vec::len), sold.with(Vec::len), loaded.next.with(Option::is_some))}</p>
        {move || (desk.may_manage() || desk.shows_forbidden()).then(|| view! {
            <p>
                <button
                    class="button"
                    data-tone=desk.may_manage().then_some("primary")
                    data-forbidden=(!desk.may_manage()).then_some("")
                    type="button"
                    on:click=move |_| desk.set_adding(true)
                >
                    "Add a pet"
                </button>
            </p>
        })}
        <Show when=move || !unsold.with(Vec::is_empty)>
            <section class="section" aria-labelledby="unsold">
                <h2 id="unsold">{"For sale"}</h2>
                <ul class="pets">
                    <For each=move || unsold.get() key=|pet| pet.id let:pet>
                        <Card pet sold_to=None />
                    </For>
                </ul>
            </section>
        </Show>
        <Show when=move || !sold.with(Vec::is_empty)>
            <section class="section" aria-labelledby="sold">
                <h2 id="sold">{"Sold"}</h2>
                {move || names.failure().map(|error| view! {
                    <Notice tone=Tone::Note text=format!("Who bought what is not known at the moment. {error}")>
                        {why(if desk.may_manage() { SALES } else { PURCHASES }, &error)}
                    </Notice>
                })}
                <ul class="pets">
                    <For each=move || sold.get() key=|pet| pet.id let:pet>
                        {
                            let of = pet.clone();
                            view! { <Card pet sold_to=Signal::derive(move || names.of(&of)) /> }
                        }
                    </For>
                </ul>
            </section>
        </Show>
        <Show when=nothing>
            <Notice tone=Tone::Note text=move || {
                if typed.get().is_empty() { "There is no pet here at the moment.".to_owned() }
                else { format!("No pet here is called \u{201c}{}\u{201d}.", typed.get()) }
            }>
                {move || elsewhere().map(|href| view! { <a class="button" href=href>"Ask the whole shop"</a> })}
            </Notice>
        </Show>
        {move || match more.answer() {
            Some(Err(error)) => Some(view! { <Notice tone=Tone::Problem text=error.to_string() /> }),
            _ => None,
        }}
        <Show when=move || loaded.next.with(Option::is_some)>
            <button class="button more" type="button" aria-disabled=move || more.is_pending().to_string() on:click=show_more>
                "Show more"
            </button>
        </Show>
        {move || managed.get().then(|| later(move |members| view! { {members.add_pet(loaded)} {members.remove_pet(loaded)} }.into_any()))}
    }
}

/// What is shown, in words.
fn count(unsold: usize, sold: usize, more: bool) -> String {
    // The noun stands behind the first number.
    let pets = if (if unsold > 0 { unsold } else { sold }) == 1 { "pet" } else { "pets" };
    let more = if more { ", and there are more" } else { "" };
    match (unsold, sold) {
        (0, 0) => String::new(),
        (unsold, 0) => format!("{unsold} {pets} for sale{more}."),
        (0, sold) => format!("{sold} {pets} sold{more}."),
        (unsold, sold) => format!("{unsold} {pets} for sale, {sold} sold{more}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_counted() {
        assert_eq!(count(0, 0, false), "");
        assert_eq!(count(1, 0, false), "1 pet for sale.");
        assert_eq!(count(2, 1, true), "2 pets for sale, 1 sold, and there are more.");
        assert_eq!(count(1, 1, false), "1 pet for sale, 1 sold.");
        assert_eq!(count(2, 1, false), "2 pets for sale, 1 sold.");
        assert_eq!(count(0, 3, false), "3 pets sold.");
    }
}
