//! `/pets/{id}/purchase`: one pet, its price, and the button that buys it; then the receipt. Whoever may not buy is told
//! so in words, and whoever comes second too.

mod offer;
mod receipt;

use domain::{ListQuery, PURCHASES, Pet, PetId, Role};
use leptos::prelude::*;

use crate::{
    access::why,
    api::CallError,
    routes,
    shop::PageShop,
    ui::{Notice, Page, Tone, Waiting, Work, use_place},
    visit::{use_visit, when_back_online},
};
use offer::Offer;
use receipt::Receipt;

/// What there is to say about a pet.
#[derive(Clone)]
enum Found {
    /// It is for sale.
    ForSale(Pet),
    /// This person has bought it.
    Own(Pet),
    /// Somebody else has.
    Sold(Pet),
    /// There is none.
    Nothing,
}

/// The page.
#[component]
pub fn PurchasePage() -> impl IntoView {
    let visit = use_visit();
    let place = use_place();
    let id = Memo::new(move |_| routes::to_buy(&place.path()).and_then(|text| text.parse::<PetId>().ok()));
    let (tries, set_tries) = signal(0);
    let found = Work::following(move || {
        tries.track();
        let (shop, id, role) = (visit.shop(), id.get(), visit.role());
        async move { find(&shop, id, role).await }
    });
    let again = move || set_tries.update(|tries| *tries += 1);
    move || match found.answer() {
        None => view! { <Page title="Buy a pet" waiting=true><Waiting text="Fetching the pet …" /></Page> }.into_any(),
        Some(Ok(Found::ForSale(pet))) => view! { <Offer pet /> }.into_any(),
        Some(Ok(Found::Own(pet))) => view! { <Receipt pet /> }.into_any(),
        Some(Ok(Found::Sold(pet))) => view! { <Late pet /> }.into_any(),
        Some(Ok(Found::Nothing)) => view! {
            <Page title="No such pet">
                <Notice tone=Tone::Note text="There is no pet with this number. It may have been removed.">
                    <Home />
                </Notice>
            </Page>
        }
        .into_any(),
        Some(Err(error)) => {
            when_back_online(again);
            view! {
                <Page title="Buy a pet">
                    <Notice tone=Tone::Problem text=error.to_string()>
                        <button class="button" type="button" on:click=move |_| again()>"Try again"</button>
                        {why(PURCHASES, &error)}
                        <Home />
                    </Notice>
                </Page>
            }
            .into_any()
        }
    }
}

/// Somebody was faster.
#[component]
fn Late(pet: Pet) -> impl IntoView {
    let text =
        format!("Somebody was faster: this {} has just been sold, or was sold before. It costs you nothing.", pet.kind);
    view! {
        <Page title="Too late">
            <Notice tone=Tone::Note text><Home /></Notice>
        </Page>
    }
}

/// The way on.
#[component]
fn Home() -> impl IntoView {
    view! { <a class="button" data-tone="primary" href=routes::HOME>"See the other pets"</a> }
}

async fn find(shop: &PageShop, id: Option<PetId>, role: Option<Role>) -> Result<Found, CallError> {
    let Some(id) = id else { return Ok(Found::Nothing) };
    let page = shop.calls().list(&ListQuery { id: Some(id), ..ListQuery::default() }).await?;
    let Some(pet) = page.pets.into_iter().next() else { return Ok(Found::Nothing) };
    if !pet.is_sold {
        return Ok(Found::ForSale(pet));
    }
    // Only the latest purchases: a receipt is for somebody who comes back to it.
    let own = match role {
        Some(Role::Buyer) => shop.calls().purchases(None).await?.pets.into_iter().find(|own| own.id == id),
        _ => None,
    };
    Ok(own.map_or(Found::Sold(pet), Found::Own))
}
