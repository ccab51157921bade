//! `/`: the pets, the unsold above the sold. Everybody looks; an admin adds and removes, a buyer buys. What is offered
//! mirrors what IAM allows, unless somebody wants to see what it refuses.

mod add;
mod card;
mod cards;
mod desk;
mod finder;
mod listing;
mod more;
mod names;
mod query;
mod refused;
mod remove;
mod spot;
mod welcome;
mod window;

use leptos::prelude::*;

use crate::{
    browser,
    members::later,
    office::office,
    ui::{Notice, Page, Tone, Waiting, Work, use_place},
    visit::{use_visit, when_back_online},
};
pub use add::AddPet;
use desk::{Desk, provide_desk};
use finder::{Finder, provide_typed};
use listing::Listing;
pub use listing::Loaded;
use names::provide_names;
pub use refused::Refused;
pub use remove::RemovePet;
use welcome::Welcome;

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    let visit = use_visit();
    let desk = provide_desk();
    let place = use_place();
    let query = Memo::new(move |_| query::read(|name| place.parameter(name)));
    let typed = provide_typed(query);
    provide_names();
    let first_page = Work::following(move || {
        desk.loads();
        let (shop, query, pages) = (visit.shop(), query.get(), spot::pages());
        async move { spot::load(&shop, &query, pages).await.map(|page| (page, query, pages)) }
    });
    let list = move || match first_page.answer() {
        None => view! { <Skeleton /> }.into_any(),
        Some(Ok((page, of, pages))) => view! { <Listing page of pages query /> }.into_any(),
        Some(Err(error)) => {
            when_back_online(move || desk.reload());
            view! {
                <Notice tone=Tone::Problem text=error.to_string()>
                    <button class="button" type="button" on:click=move |_| desk.reload()>
                        "Try again"
                    </button>
                </Notice>
            }
            .into_any()
        }
    };
    // The dialog stays once it was there: it gives the focus back when it closes.
    let answered = Memo::new(move |was: Option<&bool>| was.is_some_and(|was| *was) || desk.is_answered());
    view! {
        <Page title="Pets" aside=move || view! { <NegativeTest desk /> }>
            <Welcome />
            <Finder query typed />
            {list}
            {move || answered.get().then(|| later(office, |office| office.refused()))}
        </Page>
    }
}

/// The tutorial's negative test: the forbidden buttons appear, and pressing one asks the server all the same.
#[component]
fn NegativeTest(desk: Desk) -> impl IntoView {
    view! {
        <button
            class="switch"
            type="button"
            role="switch"
            aria-checked=move || desk.shows_forbidden().to_string()
            on:click=move |_| desk.toggle_forbidden()
        >
            "Show what I may not do"
        </button>
    }
}

/// As the list will stand, and as `index.html` has it; what that one shows of it already goes on to be seen here.
#[component]
fn Skeleton() -> impl IntoView {
    // It takes its time, and nobody waits for it while the pets are on their way.
    browser::prepare_prices(&use_visit().shop().config().currency);
    view! {
        <Waiting text="Looking for the pets …" />
        <div class="pets-waiting" id=browser::WAITING>
            <section class="section" aria-hidden="true">
                <h2>{"For sale"}</h2>
                <ul class="pets">{(0..8).map(|_| view! { <li class="pet skeleton"></li> }).collect_view()}</ul>
            </section>
        </div>
    }
}
