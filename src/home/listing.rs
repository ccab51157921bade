//! The list itself: what is loaded, the unsold above the sold, and more at the press of a button. What this person
//! adds or removes shows at once, after the server has said that it is done.

use std::collections::HashMap;

use domain::{ListQuery, Pet, PetId, Role};
use leptos::prelude::*;

use super::{add::AddPet, card::Card, desk::use_desk, finder::use_typed, remove::RemovePet};
use crate::{
    api::{CallError, Page},
    browser::PageShop,
    ui::{Notice, Tone},
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

    /// A next page. What is there already (it was added meanwhile) isn't there twice.
    fn append(&self, page: Page) {
        self.pets.update(|pets| {
            for pet in page.pets {
                if pets.iter().all(|known| known.id != pet.id) {
                    pets.push(pet);
                }
            }
        });
        self.next.set(page.next);
    }
}

/// The list from its first page on.
#[component]
pub fn Listing(page: Page, query: ListQuery) -> impl IntoView {
    let visit = use_visit();
    let desk = use_desk();
    let typed = use_typed();
    let loaded = Loaded { pets: RwSignal::new(page.pets), next: RwSignal::new(page.next) };
    let names = LocalResource::new(move || {
        let (shop, role) = (visit.shop(), visit.role());
        async move { names(&shop, role).await }
    });
    let name_of = move |pet: &Pet| {
        let known = names.with(|names| names.as_ref().and_then(|names| names.as_ref().ok()?.get(&pet.id).cloned()));
        known.or_else(|| pet.sold_to.clone())
    };

    let shelf = move |sold: bool| {
        Memo::new(move |_| {
            let fits = |pet: &&Pet| pet.is_sold == sold && typed.fits(&pet.kind.key());
            loaded.pets.with(|pets| pets.iter().filter(fits).cloned().collect::<Vec<_>>())
        })
    };
    let (unsold, sold) = (shelf(false), shelf(true));
    let nothing = move || unsold.with(Vec::is_empty) && sold.with(Vec::is_empty);
    let more = Action::new_local(move |cursor: &String| {
        let (shop, query) = (visit.shop(), ListQuery { cursor: Some(cursor.clone()), ..query.clone() });
        async move { shop.list(&query).await.map(|page| loaded.append(page)) }
    });

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
                <h2 id="unsold">"For sale"</h2>
                <ul class="pets">
                    <For each=move || unsold.get() key=|pet| pet.id let:pet>
                        <Card pet sold_to=None />
                    </For>
                </ul>
            </section>
        </Show>
        <Show when=move || !sold.with(Vec::is_empty)>
            <section class="section" aria-labelledby="sold">
                <h2 id="sold">"Sold"</h2>
                {move || names.with(|names| names.as_ref().and_then(|names| names.as_ref().err().map(ToString::to_string)))
                    .map(|error| view! { <Notice tone=Tone::Note text=format!("Who bought what is not known at the moment. {error}") /> })}
                <ul class="pets">
                    <For each=move || sold.get() key=|pet| pet.id let:pet>
                        {
                            let of = pet.clone();
                            view! { <Card pet sold_to=Signal::derive(move || name_of(&of)) /> }
                        }
                    </For>
                </ul>
            </section>
        </Show>
        <Show when=nothing>
            <Notice tone=Tone::Note text=move || {
                if typed.get().is_empty() { "There is no pet here at the moment.".to_owned() }
                else { format!("No pet here is called \u{201c}{}\u{201d}.", typed.get()) }
            } />
        </Show>
        {move || match more.value().get() {
            Some(Err(error)) => Some(view! { <Notice tone=Tone::Problem text=error.to_string() /> }),
            _ => None,
        }}
        {move || loaded.next.get().map(|cursor| view! {
            <button
                class="button more"
                type="button"
                disabled=move || more.pending().get()
                on:click=move |_| { more.dispatch_local(cursor.clone()); }
            >
                "Show more"
            </button>
        })}
        <AddPet loaded />
        <RemovePet loaded />
    }
}

/// The names of the buyers as far as this person may know them: an admin all, a buyer the own. Others see what the
/// public list has.
async fn names(shop: &PageShop, role: Option<Role>) -> Result<HashMap<PetId, String>, CallError> {
    // More than this many pages would make somebody wait who only wants to look; the rest stays masked.
    const PAGES: usize = 10;
    let mut names = HashMap::new();
    let mut cursor = None;
    for _ in 0..PAGES {
        let page = match role {
            Some(Role::Admin) => shop.sales(cursor.as_deref()).await?,
            Some(Role::Buyer) => shop.purchases(cursor.as_deref()).await?,
            None => break,
        };
        let own = role == Some(Role::Buyer);
        names.extend(
            page.pets.into_iter().filter_map(|pet| Some((pet.id, if own { "you".to_owned() } else { pet.sold_to? }))),
        );
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(names)
}

/// What is shown, in words.
fn count(unsold: usize, sold: usize, more: bool) -> String {
    let pets = if unsold + sold == 1 { "pet" } else { "pets" };
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
        assert_eq!(count(0, 3, false), "3 pets sold.");
    }
}
