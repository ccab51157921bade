//! Where in the list a person is, for the way back and for a reload. How many pages they have loaded stands in the address
//! (`pages`); how far they have scrolled, which card has the focus and what is typed stand beside it in the browser's
//! history, at the entry that they belong to. It is read as something that anybody may have written there.

use std::collections::HashSet;

use domain::{DEFAULT_LIMIT, Limit, ListQuery, MAX_LIMIT, Pet, PetId};

use super::query;
use crate::{
    api::{CallError, Page},
    browser, routes,
    shop::PageShop,
    ui::Place,
};

/// Where somebody is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// How far the window is scrolled, in whole CSS pixels.
    pub scrolled: u32,
    /// The element of the card that has the focus, if one has it.
    pub card: String,
    /// What is typed.
    pub typed: String,
}

const PAGES: &str = "pages";
/// What is loaded again in one go; whoever was further down comes as far as this.
const MOST_PAGES: u16 = 40;

/// Where the person was when the page's address was this one.
pub fn kept() -> Option<Spot> {
    read(&browser::kept_state()?)
}

/// Keeps it, with the number of pages, as long as the address is this list's. What is known already isn't written again: an
/// address stays as somebody gave it until they move.
pub fn keep(place: Place, of: &ListQuery, pages: u16, spot: &Spot) {
    if pages == self::pages() && *spot == kept().unwrap_or_default() {
        return;
    }
    let is_here = Place::shown()
        .is_some_and(|url| url.path() == routes::HOME && query::read(|name| url.search_params().get(name)) == *of);
    if is_here {
        let mut pairs = of.to_pairs();
        if pages > 1 {
            pairs.push((PAGES, pages.to_string()));
        }
        place.keep(&routes::home(&pairs), &write(spot));
    }
}

/// How many pages the address asks for.
pub fn pages() -> u16 {
    let pages = Place::shown().and_then(|url| url.search_params().get(PAGES)?.parse().ok());
    pages.unwrap_or(1u16).clamp(1, MOST_PAGES)
}

/// So many pages as one. What of the later ones can't be had now is still to come.
pub async fn load(shop: &PageShop, query: &ListQuery, pages: u16) -> Result<Page, CallError> {
    let mut page = shop.list(query).await?;
    for _ in 1..pages {
        let rest = usize::from(pages * DEFAULT_LIMIT).saturating_sub(page.pets.len()).min(MAX_LIMIT.into());
        let (Ok(limit), Some(cursor)) = (Limit::new(rest as u16), page.next.clone()) else { break };
        let Ok(next) = shop.list(&ListQuery { limit, cursor: Some(cursor), ..query.clone() }).await else { break };
        append(&mut page.pets, next.pets);
        page.next = next.next;
    }
    Ok(page)
}

/// What is there already (it was sold meanwhile, and stands further down) isn't there twice.
fn append(pets: &mut Vec<Pet>, more: Vec<Pet>) {
    let known: HashSet<PetId> = pets.iter().map(|pet| pet.id).collect();
    pets.extend(more.into_iter().filter(|pet| !known.contains(&pet.id)));
}

fn write(spot: &Spot) -> String {
    format!("{}\n{}\n{}", spot.scrolled, spot.card, spot.typed)
}

fn read(text: &str) -> Option<Spot> {
    let mut parts = text.splitn(3, '\n').map(str::to_owned);
    Some(Spot { scrolled: parts.next()?.parse().ok()?, card: parts.next()?, typed: parts.next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_survives_the_round_trip_and_what_is_none_counts_as_absent() {
        for (card, typed) in [("", ""), ("pet-7", "guinea pig"), ("", "a\nb")] {
            let spot = Spot { scrolled: 1234, card: card.to_owned(), typed: typed.to_owned() };
            assert_eq!(read(&write(&spot)), Some(spot));
        }
        for text in ["", "1", "1\n", "x\n\n", "-1\n\n", "1.5\n\n"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
