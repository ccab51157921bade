//! What was bought: the answer of the server, which is sent after the sale is on record.

use domain::Pet;
use leptos::prelude::*;

use super::Home;
use crate::{browser, picture::PetPicture, ui::Page, visit::use_visit};

/// The receipt.
#[component]
pub fn Receipt(pet: Pet) -> impl IntoView {
    let price = browser::price(pet.price, &use_visit().shop().config().currency);
    let facts = [
        ("Pet", Some(format!("{}, number {}", pet.kind, pet.id))),
        ("Price", Some(price)),
        ("Sold to", pet.sold_to),
        ("On", pet.sold_at.as_deref().map(browser::instant)),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    view! {
        <Page title=format!("The {} is yours", pet.kind)>
            <div class="offer">
                <PetPicture kind=pet.kind.clone() size=144 />
                <div class="offer-text">
                    <h2>{"Your receipt"}</h2>
                    <dl class="facts">
                        {facts.map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> }).collect_view()}
                    </dl>
                    <Home />
                </div>
            </div>
        </Page>
    }
}
