//! Removing a pet: asked first, done once, and the list follows what the server said.

use domain::{ErrorCode, PetId, REMOVE};
use leptos::prelude::*;

use super::{desk::use_desk, listing::Loaded};
use crate::{
    api::CallError,
    browser,
    ui::{Dialog, Notice, Tone, Work},
    visit::use_visit,
};

/// The question.
#[component]
pub fn RemovePet(
    /// Where the pet goes from.
    loaded: Loaded,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <Dialog
            open=Signal::derive(move || desk.removing().is_some())
            on_close=move |()| desk.ask_to_remove(None)
            id="remove-title"
            title="Remove this pet?"
        >
            <Question loaded />
        </Dialog>
    }
}

#[component]
fn Question(loaded: Loaded) -> impl IntoView {
    let visit = use_visit();
    let desk = use_desk();
    let removing = Work::new();
    let remove = move |id: PetId| {
        let shop = visit.shop();
        removing.begin(async move {
            let error = match shop.calls().remove(id).await {
                Ok(()) => None,
                // Somebody else has removed it: that is what was wanted.
                Err(CallError::Shop(body)) if body.code == ErrorCode::PetNotFound => None,
                Err(error) => Some(error),
            };
            match error {
                None => {
                    loaded.remove(id);
                    desk.ask_to_remove(None);
                    // The dialog, when it closes, gives the focus back to a button that is gone.
                    request_animation_frame(|| browser::focus("heading"));
                    None
                }
                Some(error @ CallError::Refused(_)) => {
                    desk.ask_to_remove(None);
                    desk.show_answer(Some((REMOVE, Err(error))));
                    None
                }
                error => error,
            }
        });
    };
    let question = move || {
        desk.removing().map(|pet| {
            let price = browser::price(pet.price, &visit.shop().config().currency);
            let rest = if pet.is_sold { "It is sold; the sale stays on record." } else { "Nobody can buy it then." };
            format!("The {} for {price}, number {}, leaves the shop. {rest}", pet.kind, pet.id)
        })
    };
    let failed = move || removing.answer().flatten().map(|error| error.to_string());
    let sure = move |_| {
        if let Some(pet) = desk.removing() {
            remove(pet.id);
        }
    };
    view! {
        <p>{question}</p>
        {move || failed().map(|text| view! { <Notice tone=Tone::Problem text /> })}
        <p class="actions">
            <button class="button" type="button" on:click=move |_| desk.ask_to_remove(None)>"Keep it"</button>
            <button class="button" data-tone="danger" type="button" disabled=move || removing.is_pending() on:click=sure>
                {move || if removing.is_pending() { "Removing …" } else { "Remove" }}
            </button>
        </p>
    }
}
