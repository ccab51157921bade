//! The five steps as connected cards. The line between them goes as far as the rights do.

use domain::{Step, StepName, Verdict};
use leptos::prelude::*;

use super::{
    countdown::{countdown, use_holding},
    parts::{Shown, grounds, mark, verdict, word},
    seen::Seen,
};

/// The element of a step, which takes the focus. It is the step's name on the wire.
pub fn anchor(name: StepName) -> &'static str {
    heading(name).0
}

/// The steps before the calls, in their order.
pub const BEFORE: [StepName; 4] =
    [StepName::Connection, StepName::IdentitySource, StepName::Role, StepName::TrustPolicy];

fn heading(name: StepName) -> (&'static str, &'static str) {
    match name {
        StepName::Connection => ("connection", "Connection"),
        StepName::IdentitySource => ("identity-source", "Identity source"),
        StepName::Role => ("role", "Role"),
        StepName::TrustPolicy => ("trust-policy", "Trust policy"),
        StepName::Call => ("call", "Calls"),
    }
}

/// A card. `kind` is the verdict's, as the style sheet knows it.
pub fn card(name: StepName, kind: &'static str, mark: AnyView, says: String, rest: AnyView) -> AnyView {
    let (id, heading) = heading(name);
    view! {
        <li class="step" id=id tabindex="-1" data-verdict=kind>
            <h2>{heading}</h2>
            {mark}
            <p class="step-says">{says}</p>
            {rest}
        </li>
    }
    .into_any()
}

/// The four cards before the calls.
pub fn before(seen: &Seen) -> Vec<AnyView> {
    let holding = use_holding();
    let signed_in = seen.access.steps.len() > 1;
    let end_of = |name: &str, of: fn(&crate::session::Holding) -> Option<i64>| -> Shown {
        // Only a text that has changed is written.
        (name.to_owned(), Memo::new(move |_| holding.with(|holding| countdown(of(holding)))).into())
    };
    let step = |name: StepName| {
        let Some(step) = seen.step(name).cloned() else {
            return card(name, "none", mark("none", "not reached"), missing(seen), ().into_any());
        };
        let mut more = Vec::new();
        let mut really = ().into_any();
        if name == StepName::Connection && signed_in {
            more.push(end_of("ID token ends in", |holding| holding.id_token_ms));
        }
        if name == StepName::TrustPolicy {
            if untrack(|| holding.with(|holding| holding.key_end.is_some())) {
                let key = move || holding.with(|held| format!("… {}", held.key_end.as_deref().unwrap_or_default()));
                more.push(("Access key".to_owned(), Memo::new(move |_| key()).into()));
                more.push(end_of("Credentials end in", |holding| holding.credentials_ms));
            }
            if seen.documents {
                really = seen.sts.clone().map(|sts| reality(&step, sts)).into_any();
            }
        }
        let (kind, says) = (word(step.verdict), step.says.clone());
        let sign =
            if signed_in || name != StepName::Connection { verdict(step.verdict) } else { mark("none", "nobody") };
        card(name, kind, sign, says, view! { {really} {grounds(step, more)} }.into_any())
    };
    BEFORE.map(step).into()
}

/// What STS really said, beside what the documents say that it does.
fn reality(documents: &Step, sts: Step) -> AnyView {
    view! {
        <p class="reality">
            {sts.says}
            " "
            {differs(documents.verdict, sts.verdict).then(|| mark("differs", "differs from the documents"))}
        </p>
    }
    .into_any()
}

/// Whether one says yes where the other says no.
pub fn differs(one: Verdict, other: Verdict) -> bool {
    one != other && one != Verdict::Unknown && other != Verdict::Unknown
}

fn missing(seen: &Seen) -> String {
    let ended = seen.access.steps.iter().any(|step| step.verdict == Verdict::Refused);
    if ended { "The way has ended above." } else { "Nobody is asked before somebody signs in." }.to_owned()
}
