//! `/access`: who somebody is here, what they may do, and who decided: five steps from how they signed in to a table of
//! every call by every role. `?call=` opens a call's row, `#role` and the like lead to a step. It only shows: nothing
//! here decides, and no token or key is shown but for its end.

mod countdown;
mod known;
mod parts;
mod seen;
mod steps;
mod table;
mod trials;
mod why;

use domain::{StepName, Verdict};
use leptos::prelude::*;

use crate::{
    routes::CALL,
    session::shown,
    ui::{Notice, Page, Tone, Waiting, Work, use_place},
    visit::use_visit,
};
use parts::{mark, verdict, word};
use seen::{Seen, look};
use steps::{anchor, before, card};
use table::{row_id, table};
use trials::use_trials;

pub use why::why;

/// The page.
#[component]
pub fn AccessPage() -> impl IntoView {
    let visit = use_visit();
    let place = use_place();
    let asked = Memo::new(move |_| place.parameter(CALL).map(|call| shown(&call, 100)));
    let seen = Work::following(move || {
        let (shop, person) = (visit.shop(), visit.person());
        async move { look(&shop, person).await }
    });
    move || match seen.answer() {
        None => {
            view! { <Page title="Access" waiting=true><Waiting text="Looking up your rights …" /></Page> }.into_any()
        }
        Some(seen) => journey(seen, asked.get()),
    }
}

fn journey(seen: Seen, asked: Option<String>) -> AnyView {
    let row = asked.as_deref().and_then(|call| seen.row(call));
    let in_question = row.and_then(|row| seen.access.table.calls[row].cells.get(seen.own)).map(|step| step.verdict);
    let title = match (&asked, in_question) {
        (Some(call), Some(found @ (Verdict::Allowed | Verdict::Refused))) => format!("Why {call} is {}", word(found)),
        _ => "Access".to_owned(),
    };
    let nowhere = asked.filter(|_| row.is_none()).map(|call| {
        view! { <Notice tone=Tone::Note text=format!("The API has no call {call}. These are all that it has.") /> }
    });
    let lead_to = row.map(row_id).or_else(step_in_question);
    let trials = use_trials();
    let own = seen.access.table.calls.iter().filter_map(|call| call.cells.get(seen.own));
    let allowed = own.filter(|step| step.verdict == Verdict::Allowed).count();
    let count = format!("{allowed} of {}", seen.access.table.calls.len());
    let (kind, sign) = match in_question {
        Some(found) => (word(found), verdict(found)),
        None => ("some", mark("some", format!("{count} allowed"))),
    };
    let rest = view! { <div class="calls-part">{trials.button()} {table(&seen, row, trials)}</div> }.into_any();
    let calls = card(StepName::Call, kind, sign, format!("You may make {count} calls of the API."), rest);
    let mut cards = before(&seen);
    cards.push(calls);
    let source = if seen.documents {
        "The local stack says what the policy documents say of you, with the line that decides."
    } else {
        "This page can\u{2019}t read the policy documents: AWS shows them to administrators only. It shows what your \
         browser knows and what it expects; ask the server for what really happens."
    };
    view! {
        <Page title lead_to>
            <p class="lead">{"How you signed in leads in five steps to what you may do. None of them is decided by this page."}</p>
            {seen.trouble.map(|trouble| view! {
                <Notice tone=Tone::Problem text=format!("The documents could not be asked. {trouble}") />
            })}
            {nowhere}
            <p class="source">{source}</p>
            <ol class="steps">{cards}</ol>
        </Page>
    }
    .into_any()
}

/// The step that the address names.
fn step_in_question() -> Option<String> {
    let fragment = untrack(|| use_place().fragment());
    let steps = steps::BEFORE.into_iter().chain([StepName::Call]).map(anchor);
    steps.into_iter().find(|id| fragment == *id).map(str::to_owned)
}
