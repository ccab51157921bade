//! The form for a new pet. Each field has its own message; what the server says about a field goes to that field. What is
//! typed survives a reload, until it is saved or given up.

use domain::{ADD, Invalid, NewPet};
use leptos::prelude::*;

use super::{desk::use_desk, listing::Loaded};
use crate::{
    api::CallError,
    browser,
    ui::{Dialog, Field, Notice, Tone, Work, use_draft},
    visit::use_visit,
};

/// Whether somebody was about to add a pet when the page went.
pub fn was_adding() -> bool {
    [KIND, PRICE].into_iter().any(|name| browser::draft(name).is_some())
}

/// The fields' ids.
const KIND: &str = "pet-type";
const PRICE: &str = "pet-price";

/// The dialog.
#[component]
pub fn AddPet(
    /// Where the new pet shows.
    loaded: Loaded,
) -> impl IntoView {
    let desk = use_desk();
    view! {
        <Dialog
            open=Signal::derive(move || desk.is_adding())
            on_close=move |()| desk.set_adding(false)
            id="add-title"
            title="Add a pet"
        >
            <Form loaded />
        </Dialog>
    }
}

/// What is wrong with each field.
#[derive(Clone, Default)]
struct Wrong {
    kind: Option<String>,
    price: Option<String>,
}

#[component]
fn Form(loaded: Loaded) -> impl IntoView {
    let visit = use_visit();
    let desk = use_desk();
    let (kind, price) = (use_draft(KIND), use_draft(PRICE));
    let wrong = RwSignal::new(Wrong::default());
    let close = move || {
        kind.set(String::new());
        price.set(String::new());
        desk.set_adding(false);
    };
    let adding = Work::new();
    let add = move |pet: NewPet| {
        let shop = visit.shop();
        adding.begin(async move {
            match shop.calls().add(&pet).await {
                Ok(pet) => {
                    loaded.add(pet);
                    close();
                    None
                }
                Err(CallError::Shop(body)) if body.field.is_some() => {
                    let price = body.field.as_deref() == Some("price");
                    let message = Some(body.message);
                    wrong.set(if price {
                        Wrong { price: message, kind: None }
                    } else {
                        Wrong { kind: message, price: None }
                    });
                    None
                }
                Err(error @ CallError::Refused(_)) => {
                    close();
                    desk.show_answer(Some((ADD, Err(error))));
                    None
                }
                Err(error) => Some(error),
            }
        });
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match read(&kind.get_untracked(), &price.get_untracked()) {
            Ok(pet) => {
                wrong.set(Wrong::default());
                add(pet);
            }
            Err(found) => {
                browser::focus(if found.kind.is_some() { KIND } else { PRICE });
                wrong.set(found);
            }
        }
    };
    let failed = move || adding.answer().flatten().map(|error| error.to_string());
    view! {
        <form novalidate on:submit=save>
            <Field
                id=KIND
                label="Type"
                hint="What kind of animal it is, such as frog."
                value=kind
                error=Signal::derive(move || wrong.with(|wrong| wrong.kind.clone()))
            />
            <Field
                id=PRICE
                label="Price"
                hint=format!("In {}, such as 4.99.", visit.shop().config().currency)
                inputmode="decimal"
                value=price
                error=Signal::derive(move || wrong.with(|wrong| wrong.price.clone()))
            />
            {move || failed().map(|text| view! { <Notice tone=Tone::Problem text /> })}
            <p class="actions">
                <button class="button" type="button" on:click=move |_| close()>"Cancel"</button>
                <button class="button" data-tone="primary" type="submit" disabled=move || adding.is_pending()>
                    {move || if adding.is_pending() { "Saving …" } else { "Save" }}
                </button>
            </p>
        </form>
    }
}

/// What was typed, as a pet. A comma is a decimal point to half of the world, and nothing else here.
fn read(kind: &str, price: &str) -> Result<NewPet, Wrong> {
    let message = |invalid: Invalid| invalid.message;
    let kind = kind.parse().map_err(message);
    let price = price.trim().replacen(',', ".", 1).parse().map_err(message);
    match (kind, price) {
        (Ok(kind), Ok(price)) => Ok(NewPet { kind, price }),
        (kind, price) => Err(Wrong { kind: kind.err(), price: price.err() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_a_pet_or_names_each_field() {
        let pet = read(" frog ", " 4,99 ").ok().unwrap();
        assert_eq!((pet.kind.as_str(), pet.price.cents()), ("frog", 499));
        let wrong = |kind, price| {
            let wrong = read(kind, price).err().unwrap();
            (wrong.kind.is_some(), wrong.price.is_some())
        };
        assert_eq!(wrong("", ""), (true, true));
        assert_eq!(wrong("frog", "1,000.00"), (false, true));
        assert_eq!(wrong("frog", "1.000"), (false, true));
        assert_eq!(wrong("\u{200b}", "1"), (true, false));
    }
}
