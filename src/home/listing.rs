//! The list itself: what is loaded, the unsold above the sold. What this person
//! adds or removes shows at once, after the server has said that it is done.

use std::{
    collections::{BinaryHeap, HashSet},
    sync::Arc,
    time::Duration,
};

use domain::{ListQuery, PURCHASES, Pet, PetId, SALES, Sort, Status};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{
    cards::{Cards, Moved, Row, use_moved},
    desk::use_desk,
    finder::{Typed, use_typed},
    more::More,
    names::use_names,
    spot::{self, Spot},
    window::WHOLE,
};
use crate::{
    access::why,
    api::Page,
    browser,
    members::later,
    office::office,
    routes,
    ui::{Notice, Tone, use_place},
};

/// What is loaded of one list.
#[derive(Clone, Copy)]
pub struct Loaded {
    pets: RwSignal<Vec<Arc<Row>>>,
    next: RwSignal<Option<String>>,
    /// How many pages that are.
    pages: RwSignal<u16>,
}

impl Loaded {
    /// A pet that was added stands first, where the person sees it.
    pub fn add(&self, pet: Pet) {
        self.pets.update(|pets| pets.insert(0, Arc::new(pet.into())));
    }

    /// A pet that was removed is gone.
    pub fn remove(&self, id: PetId) {
        self.pets.update(|pets| pets.retain(|row| row.pet.id != id));
    }

    /// A next page. What is there already (it was added meanwhile) isn't there twice. Answers the first that is new.
    pub(super) fn append(&self, page: Page) -> Option<PetId> {
        let known = self.pets.with_untracked(|pets| pets.iter().map(|row| row.pet.id).collect::<HashSet<_>>());
        let new: Vec<Pet> = page.pets.into_iter().filter(|pet| !known.contains(&pet.id)).collect();
        let first = new.first().map(|pet| pet.id);
        self.pets.update(|pets| pets.extend(rows(new)));
        self.next.set(page.next);
        self.pages.update(|pages| *pages = pages.saturating_add(1));
        first
    }

    /// The cursor of the next page; nothing for a list that is gone.
    pub(super) fn next(&self) -> Option<String> {
        self.next.try_get_untracked().flatten()
    }

    /// Whether there is a next page; follows it.
    pub(super) fn has_more(&self) -> bool {
        self.next.with(Option::is_some)
    }
}

/// The elements of the unsold and of the sold.
const SECTIONS: [&str; 2] = ["pets-unsold", "pets-sold"];

/// The list from its first page on.
#[component]
pub fn Listing(
    /// What is loaded.
    page: Page,
    /// Of which list.
    of: ListQuery,
    /// How many pages that are.
    pages: u16,
    /// What the address asks for: as long as the answer to that is on its way, what is loaded is shown by it.
    query: Memo<ListQuery>,
) -> impl IntoView {
    let desk = use_desk();
    let typed = use_typed();
    let loaded = Loaded {
        pets: RwSignal::new(rows(page.pets).collect()),
        next: RwSignal::new(page.next),
        pages: RwSignal::new(pages),
    };
    let names = use_names();
    let moved = use_moved();
    let whole_shop = StoredValue::new(of.clone());
    stay(loaded, whole_shop, typed, moved);

    let shelf = move |sold: bool| {
        Memo::new(move |_| {
            let (status, sort) = query.with(|query| (query.status, query.sort));
            if status.is_some_and(|status| (status == Status::Sold) != sold) {
                return Vec::new();
            }
            let needle = typed.needle();
            let fits = |row: &&Arc<Row>| row.pet.is_sold == sold && row.key.contains(&needle);
            let mut rows: Vec<_> = loaded.pets.with(|pets| pets.iter().filter(fits).cloned().collect());
            if whole_shop.with_value(|of| of.sort != sort) {
                // A heap sorts in a tenth of the code that a slice takes for it.
                let heap: BinaryHeap<_> =
                    rows.iter().enumerate().map(|(at, row)| (order(&row.pet, sort), at)).collect();
                rows = heap.into_sorted_vec().into_iter().map(|(_, at)| Arc::clone(&rows[at])).collect();
            }
            rows
        })
    };
    let (unsold, sold) = (shelf(false), shelf(true));
    let is_answered = move || query.with(|query| whole_shop.with_value(|of| of == query));
    let nothing = move || unsold.with(Vec::is_empty) && sold.with(Vec::is_empty) && is_answered();
    let even = Memo::new(move |was: Option<&bool>| {
        was.is_some_and(|was| *was) || loaded.has_more() || loaded.pets.with(|pets| pets.len() > WHOLE)
    });
    // What was typed, asked of the whole shop, where that could find more than is loaded.
    let elsewhere = move || {
        let kind = loaded.has_more().then(|| typed.get().parse().ok()).flatten()?;
        Some(routes::home(&ListQuery { kind: Some(kind), ..whole_shop.get_value() }.to_pairs()))
    };
    // An admin has the forms from the start, and waits for no code when one opens. What was there once stays until this list
    // goes: a dialog says itself when it is open.
    let managed =
        Memo::new(move |was: Option<&bool>| was.is_some_and(|was| *was) || desk.may_manage() || desk.is_managed());

    view! {
        <p class="finder-note" role="status">{move || count(unsold.with(Vec::len), sold.with(Vec::len), loaded.has_more())}</p>
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
                <Cards id=SECTIONS[0] rows=unsold names=None moved even />
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
                <Cards id=SECTIONS[1] rows=sold names=Some(names) moved even />
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
        <More loaded query=of moved />
        {move || managed.get().then(|| later(office, move |office| view! { {office.add_pet(loaded)} {office.remove_pet(loaded)} }.into_any()))}
    }
}

fn rows(pets: Vec<Pet>) -> impl Iterator<Item = Arc<Row>> {
    pets.into_iter().map(|pet| Arc::new(pet.into()))
}

/// What comes first in this order is the least.
fn order(pet: &Pet, sort: Sort) -> (i64, i64) {
    let (id, price) = (pet.id.get() as i64, pet.price.cents() as i64);
    match sort {
        Sort::Id => (id, 0),
        Sort::IdDescending => (-id, 0),
        Sort::Price => (price, id),
        Sort::PriceDescending => (-price, -id),
    }
}

/// Brings the person to where they were when they come back to this list, and keeps where they are.
fn stay(loaded: Loaded, of: StoredValue<ListQuery>, typed: Typed, moved: Moved) {
    let place = use_place();
    let keep = move || {
        let (Some(of), Some(pages)) = (of.try_get_value(), loaded.pages.try_get_untracked()) else { return };
        let card = SECTIONS.into_iter().find_map(browser::focused_child).map(|(card, _)| card).unwrap_or_default();
        let spot = Spot { scrolled: browser::scrolled() as u32, card, typed: untrack(|| typed.raw()) };
        spot::keep(place, &of, pages, &spot);
    };
    let was = spot::kept().filter(|spot| *spot != Spot::default());
    if let Some(spot) = was {
        request_animation_frame(move || {
            browser::scroll_to(spot.scrolled.into());
            moved.tell();
            // The card may only be there once that is seen.
            request_animation_frame(move || browser::focus_again(&spot.card));
        });
    }
    // Not at every step of a scroll: browsers refuse more than a few in a second.
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        moved.follow();
        loaded.pages.track();
        typed.raw();
        if let Some(Some(timer)) = before {
            timer.clear();
        }
        before.and_then(|_| set_timeout_with_handle(keep, Duration::from_millis(300)).ok())
    });
    let leave = window_event_listener_untyped("pagehide", move |_| keep());
    on_cleanup(move || {
        leave.remove();
        keep();
    });
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
