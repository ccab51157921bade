//! What the server refused, with what decides in AWS: the role, the action, the resource. The one place for it.

use leptos::prelude::*;

use super::desk::{Answer, use_desk};
use crate::{access::why, api::CallError, session::Refusal, ui::Dialog};

/// The dialog.
#[component]
pub fn Refused() -> impl IntoView {
    let desk = use_desk();
    view! {
        <Dialog
            open=Signal::derive(move || desk.answer().is_some())
            on_close=move |()| desk.show_answer(None)
            id="refused-title"
            title=Signal::derive(move || title(desk.answer().as_ref().map(|(_, answer)| answer)).to_owned())
        >
            {move || desk.answer().map(|(_, answer)| view! {
                <p>{words(&answer)}</p>
                {match answer {
                    Err(CallError::Refused(refusal)) => Some(view! { <Facts refusal=*refusal /> }),
                    _ => None,
                }}
            })}
            <p class="actions">
                {move || desk.answer().and_then(|(call, answer)| why(call, &answer.err()?))}
                <button class="button" data-tone="primary" type="button" on:click=move |_| desk.show_answer(None)>
                    "Close"
                </button>
            </p>
        </Dialog>
    }
}

fn title(answer: Option<&Answer>) -> &'static str {
    match answer {
        Some(Ok(_)) => "Allowed",
        Some(Err(CallError::Refused(_) | CallError::Shop(_))) | None => "Refused",
        Some(Err(_)) => "Not done",
    }
}

fn words(answer: &Answer) -> String {
    match answer {
        Ok(pet) => format!("The server let you buy the {}: the policies allow more than this page expects.", pet.kind),
        Err(error) => error.to_string(),
    }
}

#[component]
fn Facts(refusal: Refusal) -> impl IntoView {
    let facts = [
        ("Role", refusal.principal),
        ("Action", refusal.action),
        ("Resource", refusal.resource),
        ("Answer", Some(format!("403 {}", refusal.error_type))),
        ("Request", refusal.request_id),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    view! {
        <dl class="facts">
            {facts.map(|(name, value)| view! { <dt>{name}</dt> <dd><code>{value}</code></dd> }).collect_view()}
        </dl>
        <details class="more-words">
            <summary>{"In AWS\u{2019}s words"}</summary>
            <code>{refusal.message}</code>
        </details>
    }
}
