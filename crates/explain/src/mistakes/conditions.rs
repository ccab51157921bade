//! Conditions that are meant otherwise: keys of another issuer, wildcards under an operator that takes them to the letter,
//! patterns of `sub` that no subject fits.

use iam::{Check, Element, StatementTrace, Verdict};
use serde_json::Value;

use super::{Candidate, Draft, Remedy};

/// The claims that AWS passes on of a general provider's token.
pub(super) const CLAIMS: [&str; 3] = ["aud", "sub", "amr"];

/// One key under one operator that didn't hold.
struct Failed<'a> {
    operator: &'a str,
    key: &'a str,
    check: &'a Check,
}

fn failed(trace: &StatementTrace) -> impl Iterator<Item = Failed<'_>> {
    trace.checks.iter().filter(|check| check.verdict != Verdict::Holds).filter_map(|check| match &check.element {
        Element::Condition { operator, key } => Some(Failed { operator, key, check }),
        _ => None,
    })
}

/// What may be meant otherwise; `key_prefix` is the issuer as its keys begin.
pub(super) fn candidates(trace: &StatementTrace, key_prefix: &str) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut prefixes: Vec<&str> = Vec::new();
    for condition in failed(trace) {
        if let Some(prefix) = foreign_prefix(condition.key, key_prefix)
            && !prefixes.contains(&prefix)
        {
            prefixes.push(prefix);
            candidates.push(of_another_issuer(prefix, key_prefix, condition.operator));
        }
        // A key of another issuer was compared with nothing; its values are tried as if it were this one's.
        let claim = condition.key.rsplit_once(':').map_or("", |(_, claim)| claim);
        let own = format!("{key_prefix}:{claim}");
        let got = condition.check.got.clone().unwrap_or_default();
        candidates.extend(to_the_letter(&condition, &own));
        if claim == "sub"
            && let [subject] = got.as_slice()
        {
            candidates.extend(subject_pattern(&condition, subject));
        }
    }
    candidates
}

/// `tenant.auth0.com` of `tenant.auth0.com:sub`, where the keys begin with something else.
fn foreign_prefix<'k>(key: &'k str, key_prefix: &str) -> Option<&'k str> {
    let (prefix, claim) = key.rsplit_once(':')?;
    let issuer = prefix.contains(['.', '/', ':']) || prefix == "localhost";
    (issuer && CLAIMS.contains(&claim) && !prefix.eq_ignore_ascii_case(key_prefix)).then_some(prefix)
}

fn of_another_issuer(prefix: &str, key_prefix: &str, operator: &str) -> Candidate {
    let says = if key_prefix.strip_suffix('/') == Some(prefix) {
        format!("The issuer's trailing slash is missing in the condition keys {prefix}:…")
    } else if prefix.strip_suffix('/') == Some(key_prefix) {
        format!("The condition keys {prefix}:… have a trailing slash, and the provider's Url has none")
    } else if prefix.split_once("://").is_some_and(|(_, rest)| rest == key_prefix) {
        format!("The condition keys {prefix}:… have a scheme")
    } else {
        format!("The condition keys {prefix}:… are of another issuer than the token's")
    };
    let remedy = match prefix.strip_suffix('/') == Some(key_prefix) {
        true => format!(
            "Give the provider's Url the slash, if the token's iss has one; or else write {key_prefix}:… in place of \
             {prefix}:…"
        ),
        false => format!("Write {key_prefix}:… in place of {prefix}:…"),
    };
    let (from, to) = (prefix.to_owned(), key_prefix.to_owned());
    Candidate {
        says,
        remedy: Remedy::Text(remedy),
        element: format!("Condition.{operator}"),
        change: Box::new(move |draft| {
            draft.with_conditions(|operator, key, values| {
                let key = match key.rsplit_once(':') {
                    Some((prefix, claim)) if prefix == from => format!("{to}:{claim}"),
                    _ => key.to_owned(),
                };
                Some((operator.to_owned(), key, values.to_vec()))
            })
        }),
    }
}

/// `StringEquals` with a wildcard.
fn to_the_letter(condition: &Failed<'_>, own_key: &str) -> Option<Candidate> {
    let like = like(condition.operator)?;
    let wild = condition.check.wanted.iter().find(|wanted| wanted.written.contains(['*', '?']))?;
    Some(Candidate {
        says: format!("{} takes the * of {} to the letter", condition.operator, wild.written),
        remedy: Remedy::Text(format!("Put {} under {like}.", condition.key)),
        element: format!("Condition.{}", condition.operator),
        change: with_operator(condition.operator, &[condition.key, own_key], like),
    })
}

/// The operator that takes wildcards where this one doesn't.
fn like(operator: &str) -> Option<String> {
    ["StringEquals", "StringNotEquals"].into_iter().find_map(|plain| {
        let (set, rest) = operator.split_once(plain)?;
        (rest.is_empty() || rest == "IfExists").then(|| format!("{set}{}{rest}", plain.replace("Equals", "Like")))
    })
}

fn with_operator(from: &str, keys: &[&str], to: String) -> Box<dyn Fn(Draft) -> Draft> {
    let (from, keys) = (from.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
    Box::new(move |draft| {
        draft.with_conditions(|operator, key, values| {
            let operator = if operator == from && keys.iter().any(|own| own == key) { &to } else { operator };
            Some((operator.to_owned(), key.to_owned(), values.to_vec()))
        })
    })
}

/// A pattern of `sub` without `|*`, or in another case than the subject.
fn subject_pattern(condition: &Failed<'_>, subject: &str) -> Vec<Candidate> {
    let Some((connection, _)) = subject.split_once('|') else { return Vec::new() };
    let meant = format!("{connection}|*");
    let mut candidates = Vec::new();
    for wanted in condition.check.wanted.iter().map(AsRef::<str>::as_ref) {
        let bare = wanted.trim_end_matches('*').trim_end_matches('|');
        let lacks = match (bare == connection, bare.eq_ignore_ascii_case(connection)) {
            (true, _) if wanted != meant => "lacks |* behind the connection, and sub goes on there",
            (false, true) => "differs from sub in upper and lower case",
            _ => continue,
        };
        // Only an operator that takes wildcards fits a whole connection.
        let like = like(condition.operator);
        let under = like.as_ref().map(|like| format!(", under {like}")).unwrap_or_default();
        let (from, to) = (wanted.to_owned(), meant.clone());
        let value = move |draft: Draft, key: &str, operator: &str| {
            draft.with_conditions(|o, k, values| {
                let change = |value: &Value| {
                    if o == operator && k == key && *value == from.as_str() {
                        to.as_str().into()
                    } else {
                        value.clone()
                    }
                };
                Some((o.to_owned(), k.to_owned(), values.iter().map(change).collect()))
            })
        };
        let (key, operator) = (condition.key.to_owned(), condition.operator.to_owned());
        candidates.push(Candidate {
            says: format!("The pattern {wanted} {lacks}"),
            remedy: Remedy::Text(format!("Write {meant} in place of {wanted}{under}.")),
            element: format!("Condition.{}", condition.operator),
            change: Box::new(move |draft| {
                let draft = value(draft, &key, &operator);
                match &like {
                    Some(like) => with_operator(&operator, &[&key], like.clone())(draft),
                    None => draft,
                }
            }),
        });
    }
    candidates
}

/// A deny that applies to everybody because its exception has a wildcard that is taken to the letter.
pub(super) fn of_a_deny(trace: &StatementTrace) -> Vec<Candidate> {
    let conditions = trace.checks.iter().filter_map(|check| match &check.element {
        Element::Condition { operator, key } if operator.contains("Not") => Some(Failed { operator, key, check }),
        _ => None,
    });
    conditions.filter_map(|condition| to_the_letter(&condition, condition.key)).collect()
}
