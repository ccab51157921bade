//! To whom each sold pet went, as far as this person may know: an admin all, a buyer the own, others what the public
//! list has. The list never waits for it: names appear when they are known.

use std::collections::HashMap;

use domain::{Pet, PetId, Role};
use leptos::prelude::*;

use crate::{api::CallError, shop::PageShop, ui::Work, visit::use_visit};

type Known = Result<HashMap<PetId, String>, CallError>;

/// The names, for the list below.
#[derive(Clone, Copy)]
pub struct Names(Work<Known>);

/// Asks for them, again for each person.
pub fn provide_names() {
    let visit = use_visit();
    let names = Work::following(move || {
        let (shop, role) = (visit.shop(), visit.role());
        async move { names(&shop, role).await }
    });
    provide_context(Names(names));
}

/// The names.
pub fn use_names() -> Names {
    expect_context()
}

impl Names {
    /// Who bought this pet; masked where the person may not know.
    pub fn of(&self, pet: &Pet) -> Option<String> {
        let known = self.0.with(|known| known?.as_ref().ok()?.get(&pet.id).cloned());
        known.or_else(|| pet.sold_to.clone())
    }

    /// Why they aren't known, though this person may know them.
    pub fn failure(&self) -> Option<CallError> {
        self.0.with(|known| known?.as_ref().err().cloned())
    }
}

async fn names(shop: &PageShop, role: Option<Role>) -> Known {
    // More than this many pages would make somebody wait who only wants to look; the rest stays masked.
    const PAGES: usize = 10;
    let mut names = HashMap::new();
    let mut cursor = None;
    for _ in 0..PAGES {
        let page = match role {
            Some(Role::Admin) => shop.sales(cursor).await?,
            Some(Role::Buyer) => shop.purchases(cursor).await?,
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
