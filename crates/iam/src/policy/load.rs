//! From a document to compiled statements, element by element (User Guide, "Grammar of the IAM JSON policy language").
//! Every key is either understood here or refused; nothing is passed over.

use serde_json::{Map, Value};

use super::{Clause, Patterns, Policy, Statement};
use crate::{
    condition::{Condition, Operator},
    document::{CHARACTERS, Document},
    error::{Place, PolicyError, Problem, Refusal},
    pattern::{self, Pattern, Syntax},
    principal::{Covered, KINDS},
    trace::Effect,
};

/// What a document is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Permissions,
    Trust,
}

pub(super) fn policy(name: String, document: Document<'_>, kind: Kind) -> Result<Policy, PolicyError> {
    let statements = document.value().and_then(|value| statements(&value, kind));
    match statements {
        Ok(statements) => Ok(Policy { name, statements }),
        Err(Refusal { at, problem }) => Err(PolicyError { policy: name, at, problem }),
    }
}

fn statements(document: &Value, kind: Kind) -> Result<Vec<Statement>, Refusal> {
    let at = Place::default();
    bounded(document, &at)?;
    let elements = object(document, &at)?;
    known(elements, &at, &["Version", "Id", "Statement"], "Version, Id, Statement")?;
    let variables = match elements.get("Version") {
        None => false,
        Some(version) => match string(version, &at.field("Version"))? {
            "2012-10-17" => true,
            "2008-10-17" => false,
            _ => {
                let problem = Problem::NotOneOf("2012-10-17, 2008-10-17");
                return Err(at.field("Version").refuse(problem));
            }
        },
    };
    if let Some(id) = elements.get("Id") {
        if kind == Kind::Permissions {
            let problem = Problem::NotHere("an Id belongs to resource-based policies; leave it out");
            return Err(at.field("Id").refuse(problem));
        }
        string(id, &at.field("Id"))?;
    }
    let written = elements.get("Statement").ok_or_else(|| at.refuse(Problem::Missing("Statement")))?;

    let mut statements: Vec<Statement> = Vec::new();
    for (written, at) in one_or_many(written, &at.field("Statement"))? {
        let statement = statement(written, &at, kind, variables)?;
        if statement.sid.is_some() && statements.iter().any(|other| other.sid == statement.sid) {
            return Err(at.field("Sid").refuse(Problem::DuplicateSid));
        }
        statements.push(statement);
    }
    Ok(statements)
}

/// More levels than the grammar has, and few enough to walk by recursion.
const LEVELS: usize = 16;

/// Depth is measured without recursion, and before anything else looks at the document.
fn bounded(document: &Value, at: &Place) -> Result<(), Refusal> {
    let mut open = vec![(document, 1)];
    while let Some((value, level)) = open.pop() {
        if level > LEVELS {
            return Err(at.refuse(Problem::TooDeep));
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(map) => open.extend(map.values().map(|value| (value, level + 1))),
            _ => {}
        }
    }
    let text = document.to_string();
    if text.chars().filter(|c| !c.is_whitespace()).count() > CHARACTERS {
        return Err(at.refuse(Problem::TooLarge(CHARACTERS)));
    }
    Ok(())
}

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

fn statement(written: &Value, at: &Place, kind: Kind, variables: bool) -> Result<Statement, Refusal> {
    let elements = object(written, at)?;
    known(elements, at, &ELEMENTS, "Sid, Effect, Principal, Action, NotAction, Resource, NotResource, Condition")?;
    let sid = match elements.get("Sid") {
        None => None,
        Some(sid) => {
            let text = string(sid, &at.field("Sid"))?;
            if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(at.field("Sid").refuse(Problem::Sid));
            }
            (!text.is_empty()).then(|| text.to_owned())
        }
    };
    let effect = match elements.get("Effect") {
        None => return Err(at.refuse(Problem::Missing("Effect"))),
        Some(effect) => match string(effect, &at.field("Effect"))? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            _ => return Err(at.field("Effect").refuse(Problem::NotOneOf("Allow, Deny"))),
        },
    };
    let mut clauses = Vec::new();
    clauses.extend(principal(elements, at, kind)?);
    clauses.push(action(elements, at)?);
    clauses.extend(resource(elements, at, kind, variables)?);
    clauses.extend(conditions(elements, at, variables)?);
    Ok(Statement { sid, effect, clauses })
}

fn principal(elements: &Map<String, Value>, at: &Place, kind: Kind) -> Result<Option<Clause>, Refusal> {
    if elements.contains_key("NotPrincipal") {
        let problem = Problem::NotHere("NotPrincipal works in neither role trust nor identity-based policies");
        return Err(at.field("NotPrincipal").refuse(problem));
    }
    let written = match (elements.get("Principal"), kind) {
        (None, Kind::Permissions) => return Ok(None),
        (None, Kind::Trust) => return Err(at.refuse(Problem::Missing("Principal"))),
        (Some(_), Kind::Permissions) => {
            let problem = Problem::NotHere("an identity-based policy has no principal: it is attached to it");
            return Err(at.field("Principal").refuse(problem));
        }
        (Some(written), Kind::Trust) => written,
    };
    let at = at.field("Principal");
    let mut entries = Vec::new();
    if let Value::String(everybody) = written {
        if everybody != "*" {
            return Err(at.refuse(Problem::Principal("write \"*\" or an object like {\"AWS\": …}")));
        }
        entries.push((everybody.clone(), Covered::Everybody));
        return Ok(Some(Clause::Principal(entries)));
    }
    for (kind, ids) in filled(written, &at)? {
        let at = at.field(kind);
        if !KINDS.split(", ").any(|known| known == kind) {
            return Err(at.refuse(Problem::UnknownElement(KINDS)));
        }
        for (id, at) in one_or_many(ids, &at)? {
            let id = string(id, &at)?;
            let covered = Covered::parse(kind, id).map_err(|problem| at.refuse(problem))?;
            entries.push((format!("{kind} {id}"), covered));
        }
    }
    Ok(Some(Clause::Principal(entries)))
}

fn action(elements: &Map<String, Value>, at: &Place) -> Result<Clause, Refusal> {
    let (not, written, at) =
        either(elements, at, "Action", "NotAction")?.ok_or_else(|| at.refuse(Problem::Missing("Action")))?;
    let patterns = patterns(written, &at, |text| {
        let syntax = Syntax { wildcards: true, variables: false };
        if is_action(text) { Pattern::parse(text, syntax) } else { Err(Problem::Action) }
    })?;
    Ok(Clause::Action { not, patterns })
}

/// IAM wants the service written out, except in `*:*`.
fn is_action(text: &str) -> bool {
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    match text.split_once(':') {
        None => text == "*",
        Some((service, name)) => {
            (plain(service) && !service.is_empty() || text == "*:*")
                && !name.is_empty()
                && plain(&name.replace(['*', '?'], ""))
        }
    }
}

fn resource(elements: &Map<String, Value>, at: &Place, kind: Kind, variables: bool) -> Result<Option<Clause>, Refusal> {
    let found = either(elements, at, "Resource", "NotResource")?;
    let (not, written, at) = match (found, kind) {
        (None, Kind::Trust) => return Ok(None),
        (None, Kind::Permissions) => return Err(at.refuse(Problem::Missing("Resource"))),
        (Some((_, _, at)), Kind::Trust) => {
            let problem = Problem::NotHere("a trust policy has no resource: it is about its own role");
            return Err(at.refuse(problem));
        }
        (Some(found), Kind::Permissions) => found,
    };
    let patterns = patterns(written, &at, |text| Pattern::resource(text, variables))?;
    Ok(Some(Clause::Resource { not, patterns }))
}

fn conditions(elements: &Map<String, Value>, at: &Place, variables: bool) -> Result<Vec<Clause>, Refusal> {
    let Some(written) = elements.get("Condition") else {
        return Ok(Vec::new());
    };
    let at = at.field("Condition");
    let mut clauses = Vec::new();
    for (name, keys) in filled(written, &at)? {
        let at = at.field(name);
        let operator = Operator::parse(name).map_err(|problem| at.refuse(problem))?;
        let keys = filled(keys, &at)?;
        for (position, (key, values)) in keys.iter().enumerate() {
            let at = at.field(key);
            if !pattern::is_key(key) {
                return Err(at.refuse(Problem::ConditionKey));
            }
            if keys.keys().take(position).any(|other| other.eq_ignore_ascii_case(key)) {
                return Err(at.refuse(Problem::DuplicateKey));
            }
            let mut condition = Condition::new(name, operator, key);
            for (value, at) in one_or_many(values, &at)? {
                let text = scalar(value, &at)?;
                condition.add(text, variables).map_err(|problem| at.refuse(problem))?;
            }
            clauses.push(Clause::Condition(condition));
        }
    }
    Ok(clauses)
}

fn patterns(
    written: &Value,
    at: &Place,
    parse: impl Fn(&str) -> Result<Pattern, Problem>,
) -> Result<Patterns, Refusal> {
    let one = |(value, at): (&Value, Place)| {
        let text = string(value, &at)?;
        let pattern = parse(text).map_err(|problem| at.refuse(problem))?;
        Ok((text.to_owned(), pattern))
    };
    one_or_many(written, at)?.into_iter().map(one).collect()
}

/// One of two elements that exclude each other: whether it is the second, the element, its place.
fn either<'a>(
    elements: &'a Map<String, Value>,
    at: &Place,
    plain: &'static str,
    not: &'static str,
) -> Result<Option<(bool, &'a Value, Place)>, Refusal> {
    match (elements.get(plain), elements.get(not)) {
        (Some(_), Some(_)) => Err(at.refuse(Problem::Both(plain, not))),
        (Some(value), None) => Ok(Some((false, value, at.field(plain)))),
        (None, Some(value)) => Ok(Some((true, value, at.field(not)))),
        (None, None) => Ok(None),
    }
}

fn known(elements: &Map<String, Value>, at: &Place, names: &[&str], list: &'static str) -> Result<(), Refusal> {
    match elements.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) => Err(at.field(key).refuse(Problem::UnknownElement(list))),
        None => Ok(()),
    }
}

fn one_or_many<'a>(value: &'a Value, at: &Place) -> Result<Vec<(&'a Value, Place)>, Refusal> {
    match value {
        Value::Array(items) if items.is_empty() => Err(at.refuse(Problem::Empty)),
        Value::Array(items) => {
            let placed = items.iter().enumerate();
            Ok(placed.map(|(index, item)| (item, at.item(index))).collect())
        }
        one => Ok(vec![(one, at.clone())]),
    }
}

fn object<'a>(value: &'a Value, at: &Place) -> Result<&'a Map<String, Value>, Refusal> {
    value.as_object().ok_or_else(|| wrong_type("an object", value, at))
}

fn filled<'a>(value: &'a Value, at: &Place) -> Result<&'a Map<String, Value>, Refusal> {
    match object(value, at)? {
        map if map.is_empty() => Err(at.refuse(Problem::Empty)),
        map => Ok(map),
    }
}

fn string<'a>(value: &'a Value, at: &Place) -> Result<&'a str, Refusal> {
    value.as_str().ok_or_else(|| wrong_type("text", value, at))
}

/// A condition value; AWS takes numbers and booleans for their text.
fn scalar(value: &Value, at: &Place) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text.clone()),
        // As decimal digits; `Number` itself may print an exponent.
        Value::Number(number) => Ok(match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        }),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(wrong_type("text, a number or a boolean", value, at)),
    }
}

fn wrong_type(wanted: &'static str, value: &Value, at: &Place) -> Refusal {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    at.refuse(Problem::WrongType { wanted, got })
}
