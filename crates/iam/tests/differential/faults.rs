//! What others are known to get wrong, or can't say: each fault is a rule of `settled.json`, where the document that
//! settles it is named, and a predicate that says of a case whether it could show. A case isn't held against an oracle
//! with a fault that could show in it; so the narrower these are, the more is compared.

mod read;

use serde_json::{Value, json};

use crate::case::{Case, Kind, Who, list};
use read::{Operator, Variables, crosses, glob};

pub struct Fault {
    pub oracle: &'static str,
    /// The rule in `settled.json` that it breaks.
    pub rule: &'static str,
    pub shows: fn(&Case) -> bool,
}

/// Those of an oracle that could show in a case.
pub fn of(oracle: &str, case: &Case) -> Vec<&'static Fault> {
    FAULTS.iter().filter(|fault| fault.oracle == oracle && (fault.shows)(case)).collect()
}

/// The case without the statements in which a fault of this oracle could show; none when it still could, or nothing is
/// left.
pub fn without(oracle: &str, case: &Case) -> Option<Case> {
    let mut alone = Case { policies: Vec::new(), ..case.clone() };
    let mut left = case.clone();
    for document in &mut left.policies {
        let version = document["Version"].clone();
        if let Some(statements) = document["Statement"].as_array_mut() {
            statements.retain(|statement| {
                alone.policies = vec![json!({"Version": version, "Statement": statement})];
                of(oracle, &alone).is_empty()
            });
        }
    }
    left.policies.retain(|document| document["Statement"] != json!([]));
    (!left.policies.is_empty() && of(oracle, &left).is_empty()).then_some(left)
}

const fn fault(oracle: &'static str, rule: &'static str, shows: fn(&Case) -> bool) -> Fault {
    Fault { oracle, rule, shows }
}

pub const FAULTS: &[Fault] = &[
    fault("aspen", "an explicit deny goes over an allow before it", allow_before_deny),
    fault("aspen", "actions are compared without case", action_in_another_case),
    fault("aspen", "a star at the end of a segment may run on over colons", star_over_colons),
    fault("iam-rs", "a star at the end of a segment may run on over colons", star_over_colons),
    fault("ministack", "wildcards stay within a segment", wildcard_leaves_its_segment),
    fault("iam-rs", "a star in a request is a character", star_in_request),
    fault("aspen", "a negated operator holds without its key", |case| {
        any(case, |c| c.negated && !c.if_exists && c.got.is_none())
    }),
    fault("aspen", "a negated operator holds when none of its values matches", |case| {
        any(case, |c| c.negated && c.wanted.len() > 1)
    }),
    fault("aspen", "a set operator looks at each value", |case| any(case, |c| c.set)),
    fault("aspen", "a key may have several values", |case| any(case, |c| c.got.is_some_and(|got| got.len() > 1))),
    fault("iam-rs", "several values want a set operator", |case| {
        any(case, |c| !c.set && c.of != "Null" && c.got.is_some_and(|got| got.len() > 1))
    }),
    fault("iam-rs", "what is no number is compared with none", |case| {
        any(case, |c| c.of == "Numeric" && c.got_texts().any(|text| text.parse::<f64>().is_err()))
    }),
    fault("iam-rs", "sets of every type", |case| any(case, |c| c.set && !matches!(c.of, "String" | "Arn" | "Bool"))),
    fault("iam-rs", "a set operator can have IfExists", |case| any(case, |c| c.set && c.if_exists)),
    fault("iam-rs", "a set of booleans is written as text too", |case| {
        any(case, |c| c.set && c.of == "Bool" && c.wanted.iter().any(|v| v.is_string()))
    }),
    fault("aspen", "numbers and booleans stand for their text", |case| {
        any(case, |c| c.wanted.iter().any(|v| !v.is_string()))
    }),
    fault("aspen", "numbers have decimals", |case| {
        any(case, |c| c.of == "Numeric" && c.texts().any(|text| text.parse::<i64>().is_err()))
    }),
    fault("aspen", "a date is a date of ISO 8601 in any of its lengths", |case| {
        any(case, |c| c.wants_date(|text| !read::has_time(text)))
    }),
    fault("iam-rs", "a date is a date of ISO 8601 in any of its lengths", |case| {
        any(case, |c| c.wants_date(|text| !read::has_time(text)))
    }),
    fault("ministack", "a year and a month are a date", |case| any(case, |c| c.wants_date(|text| text.len() == 7))),
    fault("aspen", "a request's date is epoch seconds too", |case| {
        any(case, |c| c.of == "Date" && c.got_texts().any(|text| text.bytes().all(|b| b.is_ascii_digit())))
    }),
    fault("aspen", "true is true in any case", |case| any(case, wants_odd_boolean)),
    fault("iam-rs", "true is true in any case", |case| any(case, wants_odd_boolean)),
    fault("iam-rs", "binary values are compared decoded", |case| any(case, |c| c.of == "Binary" && c.got.is_some())),
    fault("ministack", "binary values are compared decoded", |case| any(case, |c| c.of == "Binary" && c.got.is_some())),
    fault("iam-rs", "ArnEquals is ArnLike", |case| {
        any(case, |c| c.of == "Arn" && c.base.ends_with("Equals") && c.texts().any(|text| text.contains(['*', '?'])))
    }),
    fault("iam-rs", "an ARN is compared segment by segment", arn_over_colons),
    fault("ministack", "an ARN is compared segment by segment", arn_over_colons),
    fault("ministack", "a variable has its value", |case| variables(case).any(|v| v.in_force)),
    fault("iam-rs", "a variable has its value", |case| variables(case).any(|v| v.in_force && v.in_condition)),
    fault("iam-rs", "a variable's value is no pattern", |case| {
        variables(case).any(|v| !v.in_condition && v.value.iter().any(|v| v.contains(['*', '?'])))
    }),
    fault("iam-rs", "a variable without a value matches nothing", |case| {
        variables(case).any(|v| v.in_force && v.lacks_value())
    }),
    fault("aspen", "a variable without a value matches nothing", |case| {
        variables(case).any(|v| v.in_force && v.lacks_value())
    }),
    fault("aspen", "a variable may have a default", |case| variables(case).any(|v| v.in_force && v.default.is_some())),
    fault("iam-rs", "a wildcard can be escaped", |case| variables(case).any(|v| v.in_force && v.is_escape())),
    fault("iam-rs", "documents of 2008 have no variables", |case| {
        variables(case).any(|v| !v.in_force && !v.in_condition)
    }),
    fault("aspen", "documents of 2008 have no variables in conditions", |case| {
        variables(case).any(|v| !v.in_force && v.in_condition)
    }),
    fault("aspen", "a role is trusted with its sessions", role_for_session),
    fault("iam-rs", "a role is trusted with its sessions", role_for_session),
    fault("iam-rs", "an account is trusted with all in it", account_for_user),
    fault("aspen", "an account's root is trusted with its sessions", |case| {
        named(case, "AWS").any(|id| id.ends_with(":root"))
            && matches!(&case.principal, Who::Aws(id) if id.contains(":assumed-role/"))
    }),
    fault("iam-rs", "a star under AWS is everybody", star_under_aws),
    fault("ministack", "a star under AWS is everybody", star_under_aws),
    fault("aspen", "a star under AWS is every service too", star_under_aws),
    fault("iam-rs", "a provider is compared whole", provider_begins_alike),
    fault("iam-rs", "several kinds of principals in one statement", several_kinds),
    fault("aspen", "a provider may be trusted", |case| matches!(case.principal, Who::Federated(_))),
    fault("ministack", "a service may be trusted", |case| {
        matches!(case.principal, Who::Service(_)) && case.kind == Kind::Trust
    }),
];

fn any(case: &Case, holds: impl Fn(&Operator<'_>) -> bool) -> bool {
    case.conditions().any(|condition| holds(&Operator::read(case, condition)))
}

fn variables(case: &Case) -> impl Iterator<Item = Variables<'_>> {
    read::variables(case).into_iter()
}

fn allow_before_deny(case: &Case) -> bool {
    case.policies.iter().any(|document| {
        let effects = list(&document["Statement"]).into_iter().map(|statement| &statement["Effect"]);
        effects.skip_while(|effect| *effect != "Allow").any(|effect| effect == "Deny")
    })
}

fn action_in_another_case(case: &Case) -> bool {
    let lower = case.action.to_lowercase();
    case.texts(&["Action", "NotAction"]).any(|text| glob(text, &case.action) != glob(&text.to_lowercase(), &lower))
}

fn star_over_colons(case: &Case) -> bool {
    let colons = case.resource.matches(':').count();
    let segments = |text: &str| text.matches(':').count();
    case.texts(&["Resource", "NotResource"]).any(|text| {
        let early_star = text.splitn(6, ':').take(5).any(|segment| segment.ends_with('*'));
        text != "*" && (segments(text) < 5 || early_star && colons > 5)
    })
}

fn wildcard_leaves_its_segment(case: &Case) -> bool {
    case.texts(&["Resource", "NotResource"]).any(|text| text != "*" && crosses(text, &case.resource))
}

fn star_in_request(case: &Case) -> bool {
    let star = |text: &str| text != "*" && text.contains('*');
    case.resource.contains('*') && case.texts(&["Resource", "NotResource"]).any(star)
        || any(case, |c| {
            c.got_texts().any(|text| text.contains('*')) && c.wanted.iter().filter_map(|v| v.as_str()).any(star)
        })
}

fn wants_odd_boolean(operator: &Operator<'_>) -> bool {
    operator.of == "Bool" && operator.wanted.iter().any(|v| v.is_string() && *v != "true" && *v != "false")
}

fn arn_over_colons(case: &Case) -> bool {
    any(case, |c| {
        c.of == "Arn"
            && c.wanted.iter().filter_map(|v| v.as_str()).any(|text| c.got_texts().any(|got| crosses(text, got)))
    })
}

/// The principals of a kind that the statements name.
fn named<'a>(case: &'a Case, kind: &'a str) -> impl Iterator<Item = &'a str> {
    case.statements().flat_map(move |(statement, _)| list(&statement["Principal"][kind])).filter_map(Value::as_str)
}

fn role_for_session(case: &Case) -> bool {
    named(case, "AWS").any(|id| id.contains(":role/"))
        && matches!(&case.principal, Who::Aws(id) if id.contains(":assumed-role/"))
}

fn account_for_user(case: &Case) -> bool {
    named(case, "AWS").any(|id| id.ends_with(":root") || !id.contains(':') && id != "*")
        && matches!(case.principal, Who::Aws(_))
}

fn star_under_aws(case: &Case) -> bool {
    named(case, "AWS").any(|id| id == "*") && !matches!(case.principal, Who::Aws(_))
}

fn provider_begins_alike(case: &Case) -> bool {
    let Who::Federated(asks) = &case.principal else { return false };
    named(case, "Federated").any(|id| asks != id && asks.starts_with(id))
}

fn several_kinds(case: &Case) -> bool {
    case.statements().any(|(statement, _)| statement["Principal"].as_object().is_some_and(|kinds| kinds.len() > 1))
}
