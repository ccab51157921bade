//! A pet that is for sale, and the button, for whom it works.

use domain::{ErrorCode, PURCHASE, Pet, PetId, Role};
use leptos::prelude::*;

use super::{Home, Late, Receipt};
use crate::{
    access::why,
    api::CallError,
    browser,
    picture::PetPicture,
    routes,
    ui::{Notice, Page, Tone, Work},
    visit::use_visit,
};

/// The offer; after a purchase, what came of it.
#[component]
pub fn Offer(pet: Pet) -> impl IntoView {
    let visit = use_visit();
    let bought = Work::new();
    let buy = Callback::new(move |id: PetId| {
        let shop = visit.shop();
        bought.begin(async move { shop.calls().purchase(id).await });
    });
    move || match bought.answer() {
        Some(Ok(pet)) => view! { <Receipt pet /> }.into_any(),
        Some(Err(CallError::Shop(body))) if body.code == ErrorCode::PetNotAvailable => {
            view! { <Late pet=pet.clone() /> }.into_any()
        }
        answer => {
            let failure = answer.and_then(Result::err);
            view! { <Question pet=pet.clone() buy bought failure /> }.into_any()
        }
    }
}

#[component]
fn Question(
    pet: Pet,
    buy: Callback<PetId>,
    bought: Work<Result<Pet, CallError>>,
    failure: Option<CallError>,
) -> impl IntoView {
    let visit = use_visit();
    let id = pet.id;
    let price = browser::price(pet.price, &visit.shop().config().currency);
    let title = format!("Buy a pet: {}", pet.kind);
    let confirm = move || {
        match visit.person() {
        Some(person) if person.role == Some(Role::Buyer) => view! {
            <p>{format!("You buy as {}.", person.name)}</p>
            <button
                class="button"
                data-tone="primary"
                type="button"
                disabled=move || bought.is_pending()
                on:click=move |_| buy.run(id)
            >
                {move || if bought.is_pending() { "Buying …" } else { "Buy this pet" }}
            </button>
        }
        .into_any(),
        Some(person) if person.role == Some(Role::Admin) => view! {
            <Notice tone=Tone::Note text="You are here as an admin, and admins don\u{2019}t buy. To buy, sign out and sign in with a social account.">
                <a class="button" href=routes::why(&PURCHASE)>"Why?"</a>
            </Notice>
        }
        .into_any(),
        Some(_) => view! {
            <Notice tone=Tone::Note text="This shop has no role for the way you signed in, so you can\u{2019}t buy here. To buy, sign out and sign in with a social account.">
                <a class="button" href=routes::WHY_NO_ROLE>"Why?"</a>
            </Notice>
        }
        .into_any(),
        None => view! {
            <p>"To buy it, sign in with a social account. You come back here."</p>
            <a class="button" data-tone="primary" href=routes::login(&routes::purchase(id))>"Sign in to buy"</a>
        }
        .into_any(),
    }
    };
    let failed = failure.map(|error| {
        let sign_in = matches!(error, CallError::SignInNeeded | CallError::SignedOut | CallError::Session(_));
        view! {
            <Notice tone=Tone::Problem text=error.to_string()>
                {why(PURCHASE, &error)}
                {sign_in.then(|| view! { <a class="button" href=routes::login(&routes::purchase(id))>"Sign in again"</a> })}
                <Home />
            </Notice>
        }
    });
    view! {
        <Page title>
            <div class="offer">
                <PetPicture kind=pet.kind.clone() size=144 />
                <div class="offer-text">
                    <p>{format!("Number {id}")}</p>
                    <p class="offer-price">{price}</p>
                    {confirm}
                </div>
            </div>
            {failed}
        </Page>
    }
}
