//! What IAM's documents define, word for word and slowly, for statements without conditions, variables and principals.

use iam::{Outcome, Request};
use serde_json::Value;

/// The outcome, if the definition alone says it.
pub fn outcome(statements: &[Value], request: &Request) -> Option<Outcome> {
    let applying = |effect: &str| -> Option<bool> {
        let of_effect = statements.iter().filter(|statement| statement["Effect"] == effect);
        of_effect.map(|statement| applies(statement, request)).try_fold(false, |any, one| Some(any | one?))
    };
    let (denied, allowed) = (applying("Deny")?, applying("Allow")?);
    Some(match (denied, allowed) {
        (true, _) => Outcome::ExplicitlyDenied,
        (false, true) => Outcome::Allowed,
        (false, false) => Outcome::ImplicitlyDenied,
    })
}

fn applies(statement: &Value, request: &Request) -> Option<bool> {
    let open = |name| statement.get(name).is_some();
    if open("Condition") || open("Principal") {
        return None;
    }
    let action = request.action.to_ascii_lowercase();
    let acts = matches(statement, "Action", "NotAction", |pattern| covers(&pattern.to_ascii_lowercase(), &action))?;
    if has_open_resource(statement) {
        return None;
    }
    let touches = matches(statement, "Resource", "NotResource", |pattern| covers(pattern, &request.resource))?;
    Some(acts && touches)
}

fn matches(statement: &Value, plain: &str, not: &str, covers: impl Fn(&str) -> bool) -> Option<bool> {
    let (negated, element) = match statement.get(plain) {
        Some(element) => (false, element),
        None => (true, statement.get(not)?),
    };
    let patterns = texts(element);
    if patterns.iter().any(|pattern| pattern.contains('$')) {
        return None;
    }
    Some(patterns.iter().any(|pattern| covers(pattern)) != negated)
}

/// Wildcards before the last part of an ARN have rules of their own, how far they reach.
fn has_open_resource(statement: &Value) -> bool {
    let open = |pattern: &&str| {
        let parts: Vec<&str> = pattern.splitn(6, ':').collect();
        *pattern != "*" && (parts.len() < 6 || parts[..5].iter().any(|part| part.contains(['*', '?'])))
    };
    ["Resource", "NotResource"].iter().any(|name| texts(&statement[*name]).iter().any(open))
}

fn texts(element: &Value) -> Vec<&str> {
    match element {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// `*` is any text, `?` any one character: the table of which beginnings fit which.
fn covers(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut fits: Vec<bool> = (0..=text.len()).map(|length| length == 0).collect();
    for wanted in pattern.chars() {
        let mut next = vec![wanted == '*' && fits[0]];
        for (at, found) in text.iter().enumerate() {
            next.push(match wanted {
                '*' => fits[at + 1] || next[at],
                '?' => fits[at],
                wanted => fits[at] && wanted == *found,
            });
        }
        fits = next;
    }
    fits[text.len()]
}
