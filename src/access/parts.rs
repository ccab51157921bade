//! What every step is shown with: a verdict in word, icon and colour, facts, statements with both sides, advice. All of
//! it is others' text and is set as text.

use domain::{Advice, Comparison, Fact, Place, Statement, Step, Verdict};
use leptos::prelude::*;

/// What a fact says; it may change.
pub type Shown = (String, Signal<String>);

/// The word for a verdict, which is also what the style sheet knows it by.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Refused => "refused",
        Verdict::Unknown => "unknown",
    }
}

/// A verdict. The style sheet adds the icon for `kind`, and a word is always there.
pub fn mark(kind: &'static str, word: impl Into<String>) -> AnyView {
    view! { <span class="mark" data-verdict=kind>{word.into()}</span> }.into_any()
}

/// The mark of a step.
pub fn verdict(verdict: Verdict) -> AnyView {
    let kind = word(verdict);
    mark(kind, if kind == "unknown" { "can\u{2019}t say" } else { kind })
}

/// Facts that don't change.
pub fn still(facts: Vec<Fact>) -> Vec<Shown> {
    facts.into_iter().map(|Fact { name, value }| (name, Signal::stored(value))).collect()
}

/// Facts by name.
pub fn facts(facts: Vec<Shown>) -> AnyView {
    if facts.is_empty() {
        return ().into_any();
    }
    let facts = facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt> <dd><code>{value}</code></dd> });
    view! { <dl class="facts">{facts.collect_view()}</dl> }.into_any()
}

/// What a step rests on, below its sentence. The step's own facts come with `more`.
pub fn grounds(step: Step, more: Vec<Shown>) -> AnyView {
    let mut all = still(step.facts);
    all.extend(more);
    let nearest = nearest(&step.statements);
    let statements = step.statements.into_iter().enumerate();
    let statements: Vec<_> = statements.map(|(index, found)| statement(found, Some(index) == nearest)).collect();
    let advice: Vec<_> = step.advice.into_iter().map(advice).collect();
    view! { <div class="grounds">{advice} {facts(all)} {statements}</div> }.into_any()
}

/// The statement that decides; without one, the one that differs least.
fn nearest(statements: &[Statement]) -> Option<usize> {
    let differs = |statement: &Statement| {
        statement.comparisons.iter().filter(|comparison| comparison.verdict != Verdict::Allowed).count()
    };
    let nearest = statements.iter().enumerate().min_by_key(|(_, statement)| (!statement.decides, differs(statement)));
    nearest.map(|(index, _)| index)
}

/// Where something is written.
pub fn place(at: Option<Place>) -> String {
    at.map(|Place { file, line }| format!("{file}:{line}")).unwrap_or_default()
}

fn statement(statement: Statement, open: bool) -> AnyView {
    let Statement { policy, name, at, effect, applies, decides, comparisons } = statement;
    let (kind, says) = match (decides, applies) {
        (true, _) if effect == "Deny" => ("refused", "decides"),
        (true, _) => ("allowed", "decides"),
        (false, true) => ("unknown", "applies, too"),
        (false, false) => ("none", "doesn\u{2019}t apply"),
    };
    let comparisons: Vec<_> = comparisons.into_iter().map(comparison).collect();
    view! {
        <details class="statement" open=open>
            <summary>
                <span class="statement-name">{format!("{effect}: {name} of {policy}")}</span>
                <code>{place(at)}</code>
                {mark(kind, says)}
            </summary>
            <ul class="comparisons">{comparisons}</ul>
        </details>
    }
    .into_any()
}

fn comparison(comparison: Comparison) -> AnyView {
    let Comparison { element, wanted, got, verdict, note } = comparison;
    let (kind, says) = match verdict {
        Verdict::Allowed => ("allowed", "matches"),
        Verdict::Refused => ("refused", "differs"),
        Verdict::Unknown => ("unknown", "can\u{2019}t say"),
    };
    let got = if got.is_empty() { vec!["(nothing)".to_owned()] } else { got };
    let values = |values: Vec<String>| {
        values.into_iter().map(|value| view! { <dd><code>{value}</code></dd> }).collect_view().into_any()
    };
    view! {
        <li class="comparison">
            <p class="comparison-element"><code>{element}</code> {mark(kind, says)}</p>
            <dl class="sides">
                <div><dt>{"The document wants"}</dt>{values(wanted)}</div>
                <div><dt>{"The request has"}</dt>{values(got)}</div>
            </dl>
            {note.map(|note| view! { <p class="quiet">{note}</p> })}
        </li>
    }
    .into_any()
}

fn advice(advice: Advice) -> AnyView {
    let Advice { says, remedy, at } = advice;
    view! {
        <div class="advice">
            <p><strong>{"What to change"}</strong> " " <code>{place(at)}</code></p>
            <p>{says}</p>
            <p class="remedy">{remedy}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_that_decides_is_open_or_the_nearest() {
        let comparison =
            |verdict| Comparison { element: "Action".into(), wanted: Vec::new(), got: Vec::new(), verdict, note: None };
        let statement = |decides, verdicts: &[Verdict]| Statement {
            policy: "p".into(),
            name: "s".into(),
            at: None,
            effect: "Allow".into(),
            applies: decides,
            decides,
            comparisons: verdicts.iter().copied().map(comparison).collect(),
        };
        let far = statement(false, &[Verdict::Refused, Verdict::Refused]);
        let near = statement(false, &[Verdict::Refused, Verdict::Allowed]);
        let decides = statement(true, &[Verdict::Refused]);
        assert_eq!(nearest(&[]), None);
        assert_eq!(nearest(&[far.clone(), near.clone()]), Some(1));
        assert_eq!(nearest(&[far, near, decides]), Some(2));
    }
}
