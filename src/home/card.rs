//! One pet in the list: its picture, its sentence, and what may be done with it.

use domain::{Pet, PetId, PetType};
use leptos::prelude::*;

use super::{
    cards::pixels,
    desk::{Desk, use_desk},
};
use crate::{browser, picture::PetPicture, routes, visit::use_visit};

/// Where the card is in a long list.
#[derive(Clone, Copy)]
pub struct Place {
    /// From 0.
    pub index: Signal<usize>,
    /// How many cards the list has, if it is long: then most of them aren't in the document.
    pub size: Signal<Option<usize>>,
    /// How far down the list it is, in pixels, if it is far from the cards that are seen.
    pub far: Signal<Option<f64>>,
}

/// A pet.
#[component]
pub fn Card(
    /// Which one.
    pet: Pet,
    /// To whom it was sold, as far as this person may know.
    #[prop(into)]
    sold_to: Signal<Option<String>>,
    /// Where it is.
    place: Place,
) -> impl IntoView {
    let visit = use_visit();
    let desk = use_desk();
    let price = browser::price(pet.price, &visit.shop().config().currency);
    let kind = pet.kind.to_string();
    let article = article(&pet.kind);
    let (id, is_sold) = (card_id(pet.id), pet.is_sold);
    let sentence = if is_sold {
        let to = move || sold_to.get().map(|name| view! { " to " <strong>{name}</strong> });
        view! { "Sold " {article} " " <span class="pet-kind">{kind}</span> {to} " for " <span class="pet-price">{price}</span> }
            .into_any()
    } else {
        view! {
            "We have " {article} " " <span class="pet-kind">{kind}</span> " for sale for "
            <span class="pet-price">{price}</span>
        }
        .into_any()
    };
    view! {
        <li
            class="pet"
            id=id
            tabindex="-1"
            data-sold=is_sold.then_some("")
            aria-setsize=move || place.size.get()
            aria-posinset=move || place.size.get().map(|_| place.index.get() + 1)
            data-away=move || place.far.get().map(|_| "")
            style:inset-block-start=move || place.far.get().map(pixels)
        >
            <PetPicture kind=pet.kind.clone() size=88 />
            <p>{sentence}</p>
            <Actions pet desk />
        </li>
    }
}

/// The element of a pet's card, which can take the focus.
pub fn card_id(id: PetId) -> String {
    format!("pet-{id}")
}

/// The pet whose card has this id.
pub fn pet_of(card: &str) -> Option<PetId> {
    card.strip_prefix("pet-")?.parse().ok()
}

/// What may be done, or what may not and is shown all the same.
#[component]
fn Actions(pet: Pet, desk: Desk) -> impl IntoView {
    let (id, sold) = (pet.id, pet.is_sold);
    // A button's name says which pet it is for; the sentence above says it to the eye.
    let buy = format!("Buy {} {id}", pet.kind);
    let remove = format!("Remove {} {id}", pet.kind);
    let buying = move || {
        let name = buy.clone();
        if sold {
            ().into_any()
        } else if desk.may_buy() {
            let href = routes::purchase(id);
            view! { <a class="button" data-tone="primary" href=href aria-label=name>"Buy"</a> }.into_any()
        } else if desk.shows_forbidden() {
            view! {
                <button
                    class="button"
                    data-forbidden=""
                    type="button"
                    aria-label=name
                    disabled=move || desk.is_buying()
                    on:click=move |_| desk.buy_forbidden(id)
                >
                    "Buy"
                </button>
            }
            .into_any()
        } else {
            ().into_any()
        }
    };
    let removing = move || {
        let forbidden = !desk.may_manage();
        let (name, pet) = (remove.clone(), pet.clone());
        (!forbidden || desk.shows_forbidden()).then(|| {
            view! {
                <button
                    class="button"
                    data-forbidden=forbidden.then_some("")
                    type="button"
                    aria-label=name
                    on:click=move |_| desk.ask_to_remove(Some(pet.clone()))
                >
                    "Remove"
                </button>
            }
        })
    };
    view! { <p class="pet-actions">{buying} {removing}</p> }
}

/// English's indefinite article, by the first letter: right for nearly all animals.
fn article(kind: &PetType) -> &'static str {
    let kind = kind.as_str().as_bytes();
    let vowel = kind.first().is_some_and(|first| b"aeiou".contains(&first.to_ascii_lowercase()));
    let unicorn = kind.get(..3).is_some_and(|first| first.eq_ignore_ascii_case(b"uni"));
    if vowel && !unicorn { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_known_by_its_pet() {
        let id = PetId::new(7).unwrap();
        assert_eq!(pet_of(&card_id(id)), Some(id));
        assert_eq!((pet_of("heading"), pet_of("pet-"), pet_of("pet-x")), (None, None, None));
    }

    #[test]
    fn the_article_fits_the_animal() {
        let check = |kind: &str, expected: &str| assert_eq!(article(&kind.parse().unwrap()), expected, "{kind}");
        check("dog", "a");
        check("Owl", "an");
        check("unicorn", "a");
        check("iguana", "an");
    }
}
