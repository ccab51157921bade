//! Every call by every role. A row opens to the reasons; beside what the documents say stands what the server answered.

use domain::{AccessCall, AccessRole, CALLS, Step, Verdict};
use leptos::prelude::*;

use super::{
    known::role_arn,
    parts::{grounds, mark, place, verdict, word},
    seen::Seen,
    steps::differs,
    trials::Trials,
};
use crate::{api::Trial, session::Refusal, visit::use_visit};

/// The button of a row, which takes the focus.
pub fn row_id(row: usize) -> String {
    format!("call-{row}")
}

/// The table; the row in question is open.
pub fn table(seen: &Seen, asked: Option<usize>, trials: Trials) -> AnyView {
    let labels: Vec<String> = seen.access.table.roles.iter().map(label).collect();
    let head = seen.access.table.roles.iter().zip(&labels).enumerate().map(|(column, (role, label))| {
        let own = column == seen.own;
        let name = (role.name != *label).then(|| role.name.clone());
        view! {
            <th scope="col" data-own=own.then_some("")>
                {label.clone()} " " {own.then(you)} {name.map(|name| view! { <code>{name}</code> })}
            </th>
        }
        .into_any()
    });
    let head: Vec<_> = head.collect();
    let calls = seen.access.table.calls.iter().enumerate();
    let rows: Vec<_> =
        calls.map(|(index, call)| row(seen, &labels, index, call, asked == Some(index), trials)).collect();
    view! {
        <table class="calls">
            <caption>{"Every call of the API: who may make it, and what decides. A call opens to the reasons."}</caption>
            <thead>
                <tr>
                    <th scope="col">{"Call"}</th>
                    {head}
                    {move || trials.begun().then(|| view! { <th scope="col">{"The server, to you"}</th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn you() -> AnyView {
    view! { <span class="badge">{"you"}</span> }.into_any()
}

/// What the shop calls a role.
fn label(role: &AccessRole) -> String {
    let visit = use_visit();
    let shop = visit.shop();
    let known = [domain::Role::Admin, domain::Role::Buyer].into_iter();
    let mut known =
        known.filter(|known| role.arn.is_some() && role_arn(shop.config(), Some(*known)) == role.arn.as_deref());
    known.next().map_or_else(|| role.name.clone(), |known| known.as_str().to_owned())
}

fn row(seen: &Seen, labels: &[String], index: usize, call: &AccessCall, asked: bool, trials: Trials) -> AnyView {
    let open = RwSignal::new(asked);
    let cells = labels.iter().zip(&call.cells).enumerate().map(|(column, (label, step))| {
        let own = column == seen.own;
        let label = if own { format!("{label}, you") } else { label.clone() };
        view! {
            <td data-label=label data-own=own.then_some("")>
                {verdict(step.verdict)} <span class="quiet">{by(step, seen.documents)}</span>
            </td>
        }
        .into_any()
    });
    let cells: Vec<_> = cells.collect();
    let columns = labels.len() + 2;
    let known = CALLS.iter().position(|known| known.to_string() == call.call);
    let expected = call.cells.get(seen.own).map_or(Verdict::Unknown, |step| step.verdict);
    let documents = seen.documents;
    let answer = move || {
        trials.begun().then(|| {
            let trial = known.and_then(|known| trials.of(known));
            view! { <td data-label="The server, to you">{live(trial, expected, documents)}</td> }
        })
    };
    let reasons = {
        let (seen, labels, call) = (seen.clone(), labels.to_vec(), call.clone());
        move || reasons(&seen, &labels, &call, known, trials)
    };
    let name = call.call.clone();
    view! {
        <tr class="call" data-asked=asked.then_some("")>
            <th scope="row">
                <button
                    class="call-name"
                    id=row_id(index)
                    type="button"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    {name}
                </button>
            </th>
            {cells}
            {answer}
        </tr>
        {move || open.get().then(|| view! { <tr class="reasons"><td colspan=columns.to_string()>{reasons()}</td></tr> })}
    }
    .into_any()
}

/// What decided a cell, in a few words.
fn by(step: &Step, documents: bool) -> String {
    let decides = step.statements.iter().find(|statement| statement.decides);
    match (decides, step.verdict) {
        (Some(statement), _) => {
            let at = place(statement.at.clone());
            let at = at.rsplit('/').next().unwrap_or_default();
            format!("{} of {} {at}", statement.name, statement.policy)
        }
        _ if !documents => "expected".to_owned(),
        (None, Verdict::Allowed) => "needs no signature".to_owned(),
        (None, Verdict::Refused) if step.facts.is_empty() => "needs a signature".to_owned(),
        (None, Verdict::Refused) => "no statement allows it".to_owned(),
        (None, Verdict::Unknown) => String::new(),
    }
}

/// What the server answered.
fn live(trial: Option<Trial>, expected: Verdict, documents: bool) -> AnyView {
    let Some(Trial { verdict: found, says, .. }) = trial else {
        return view! { <span class="quiet">{"…"}</span> }.into_any();
    };
    let against = if documents { "differs from the documents" } else { "differs from what is expected" };
    view! {
        {verdict(found)}
        <span class="quiet">{says}</span>
        {differs(expected, found).then(|| mark("differs", against))}
    }
    .into_any()
}

/// The reasons behind a row: the reader's own first, then the others'.
fn reasons(seen: &Seen, labels: &[String], call: &AccessCall, known: Option<usize>, trials: Trials) -> AnyView {
    let own = call.cells.get(seen.own).cloned();
    let remembered = use_visit().refusal(&call.call).map(|Refusal { error_type, message, .. }| {
        aws(format!("What AWS said when you were refused: 403 {error_type}"), message)
    });
    let tried = move || {
        let trial = known.and_then(|known| trials.of(known)).filter(|trial| !trial.words.is_empty());
        trial.map(|Trial { says, words, .. }| aws(format!("What the server says now: {says}"), words))
    };
    let own = own.map(|step| {
        let label = labels.get(seen.own).map_or("", String::as_str);
        let says = step.says.clone();
        view! {
            <h3>{format!("You, as {label}: ")} {verdict(step.verdict)}</h3>
            <p>{says}</p>
            {remembered}
            {tried}
            {grounds(step, Vec::new())}
        }
    });
    let others = call.cells.iter().zip(labels).enumerate().filter(|(column, _)| *column != seen.own);
    let others: Vec<_> = others
        .map(|(_, (step, label))| {
            let says = step.says.clone();
            view! {
                <details class="other" data-verdict=word(step.verdict)>
                    <summary>{label.clone()} " " {verdict(step.verdict)}</summary>
                    <p>{says}</p>
                    {grounds(step.clone(), Vec::new())}
                </details>
            }
            .into_any()
        })
        .collect();
    let command = (!seen.documents).then(|| {
        let call = call.call.replace("{petId}", "1");
        let command = format!("cargo xtask explain --sub '{}|…' --call '{call}'", seen.connection);
        view! {
            <p>{"The document and the line that decide, from the project\u{2019}s folder:"}</p>
            <code class="command">{command}</code>
        }
    });
    view! { <div class="grounds">{own} {command} {others}</div> }.into_any()
}

fn aws(title: String, words: String) -> AnyView {
    view! { <blockquote class="aws"><p class="quiet">{title}</p><code>{words}</code></blockquote> }.into_any()
}
