//! Trust policies: whom they let in, and for whom the token has to be.

use domain::{Advice, Place};
use iam::{Effect, Element, StatementTrace, Verdict};
use serde_json::json;
use template::Provider;

use super::{Asked, Candidate, Remedy, conditions, fails, name, trial::Trial, written};
use crate::question::{ASSUME, Person};

/// A client that nobody has.
const ANOTHER_CLIENT: &str = "another-client-of-this-issuer";

/// What may be meant otherwise in a statement that doesn't let somebody in.
pub(super) fn candidates(trace: &StatementTrace, provider: &Provider, person: &Person) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    if fails(trace, &Element::Action) {
        let actions = written(trace, &Element::Action).join(", ");
        candidates.push(Candidate {
            says: format!("The Action {ASSUME} is missing: {actions} lets nobody in with a token"),
            remedy: Remedy::Text(format!("Write Action: {ASSUME}")),
            element: "Action".into(),
            change: Box::new(|draft| draft.and("Action", ASSUME)),
        });
    }
    if fails(trace, &Element::Principal) {
        candidates.push(principal(trace, provider));
    }
    candidates.extend(conditions::candidates(trace, &provider.key_prefix));
    let audience = format!("{}:aud", provider.key_prefix);
    for check in trace.checks.iter().filter(|check| check.verdict == Verdict::Fails && check.got.is_some()) {
        let Element::Condition { operator, key } = &check.element else { continue };
        if key.eq_ignore_ascii_case(&audience) && !operator.contains("Not") {
            let wanted = check.wanted.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>().join(", ");
            let (operator, key, client) = (operator.clone(), key.clone(), person.audience.clone());
            candidates.push(Candidate {
                says: format!("The token is for the client {client}, and the trust policy wants {wanted}"),
                remedy: Remedy::Text(format!("Add {client} to {key}, if that client is meant to have this role.")),
                element: format!("Condition.{operator}"),
                change: Box::new(move |draft| {
                    draft.with_conditions(|o, k, values| {
                        let more = (o == operator && k == key).then(|| json!(client));
                        Some((o.to_owned(), k.to_owned(), values.iter().cloned().chain(more).collect()))
                    })
                }),
            });
        }
    }
    candidates
}

fn principal(trace: &StatementTrace, provider: &Provider) -> Candidate {
    let principals = written(trace, &Element::Principal);
    let federated: Vec<&str> = principals.iter().filter_map(|entry| entry.strip_prefix("Federated ")).collect();
    let slash = |arn: &&str| provider.arn.strip_suffix('/') == Some(*arn);
    let says = match federated.as_slice() {
        [] => {
            format!("The Principal is {}, and no Federated one: a token comes with its provider", principals.join(", "))
        }
        [arn] if slash(arn) => "The issuer's trailing slash is missing in the Federated principal".to_owned(),
        arns => format!("The Federated principal {} is another than the token's provider", arns.join(", ")),
    };
    let arn = provider.arn.clone();
    Candidate {
        says,
        remedy: Remedy::Text(format!(
            "Write \"Principal\": {{ \"Federated\": \"{arn}\" }}; a !Ref of the provider gives that ARN."
        )),
        element: "Principal".into(),
        change: Box::new(move |draft| draft.with("Principal", json!({ "Federated": arn }))),
    }
}

/// A trust policy that lets in the tokens of every client: it may be meant so, but seldom is.
pub(super) fn any_client(asked: &Asked<'_>, provider: &Provider, person: &Person) -> Option<Advice> {
    let key = format!("{}:aud", provider.key_prefix);
    let mut other = asked.request.clone();
    other.context.insert(&key, ANOTHER_CLIENT);
    if !iam::decide(asked.policies, &other).is_allowed() {
        return None;
    }
    let by = asked.explanation.statements.iter().find(|trace| trace.applies && trace.effect == Effect::Allow)?;
    Some(Advice {
        says: format!(
            "The audience is forgotten in {}: it lets in a token for any client of that issuer, as far as the provider lists it.",
            name(&by.statement)
        ),
        remedy: format!("Add \"StringEquals\": {{ \"{key}\": \"{}\" }} to its Condition.", person.audience),
        at: asked.place(&by.statement, "Condition"),
    })
}

/// Where nothing is written wrongly: which role is this person's, and what it would take for this one.
pub(super) fn nearest(asked: &Asked<'_>, trial: &Trial<'_>, provider: &Provider, person: &Person) -> Vec<Advice> {
    let mut advice = Vec::new();
    let lets_in = |role: &&template::Role| {
        let request = iam::Request { resource: role.arn.clone(), ..asked.request.clone() };
        role.name != asked.role.name && iam::decide(std::slice::from_ref(&role.trust), &request).is_allowed()
    };
    if let Some(role) = asked.documents.roles.iter().find(lets_in) {
        let file = asked.documents.file.to_owned();
        advice.push(Advice {
            says: format!("{} lets this person in.", role.name),
            remedy: format!("Ask for {}, if its rights are enough.", role.name),
            at: role.line_of(role.trust.name(), 0, Some("Condition")).map(|line| Place { file, line }),
        });
    }
    advice.push(one_more_subject(asked, trial, provider, person).unwrap_or_else(|| differs(asked)));
    advice
}

/// The pattern of `sub` that would let this person in, tried out.
fn one_more_subject(asked: &Asked<'_>, trial: &Trial<'_>, provider: &Provider, person: &Person) -> Option<Advice> {
    let key = format!("{}:sub", provider.key_prefix);
    let pattern = match person.subject.split_once('|') {
        Some((connection, id)) if !connection.is_empty() && !id.is_empty() => format!("{connection}|*"),
        _ => return None,
    };
    asked.explanation.statements.iter().enumerate().find_map(|(index, trace)| {
        let draft = trial.draft(index).with_conditions(|operator, name, values| {
            let more = (name.eq_ignore_ascii_case(&key) && operator == "StringLike").then(|| json!(pattern));
            Some((operator.to_owned(), name.to_owned(), values.iter().cloned().chain(more).collect()))
        });
        (trace.effect == Effect::Allow && trial.would_pass(index, &draft)).then(|| Advice {
            says: format!(
                "{} doesn't name the connection of this person; it would match if {pattern} were among its patterns of sub.",
                name(&trace.statement)
            ),
            remedy: format!(
                "If everybody of that connection is meant to be {}, add \"{pattern}\" to {key}.",
                asked.role.name
            ),
            at: asked.place(&trace.statement, "Condition.StringLike"),
        })
    })
}

/// What the nearest statement is missing, where no single change would do.
pub(super) fn differs(asked: &Asked<'_>) -> Advice {
    let nearest = match &asked.explanation.decision.reason {
        iam::Reason::NothingAllows(misses) => misses.first(),
        iam::Reason::Statement(_) => None,
    };
    let Some(miss) = nearest else {
        return Advice {
            says: format!("{} has no statement that allows anything here.", asked.role.name),
            remedy: format!("Add a statement with \"Effect\": \"Allow\" and \"Action\": \"{}\".", asked.request.action),
            at: None,
        };
    };
    let element = match &miss.failed.element {
        Element::Condition { operator, key } => {
            (format!("Condition {operator} {key}"), format!("Condition.{operator}"))
        }
        plain => (plain.to_string(), plain.to_string()),
    };
    let wanted = miss.failed.wanted.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>().join(", ");
    let got = miss.failed.got.as_ref().map_or("nothing".to_owned(), |got| got.join(", "));
    Advice {
        says: format!(
            "Nearest is {}, whose {} wants {wanted}; the request has {got}.",
            name(&miss.statement),
            element.0
        ),
        remedy: "Change what it wants, if this request is meant to be among it.".to_owned(),
        at: asked.place(&miss.statement, &element.1),
    }
}
