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
    let alone = |version: &Value, statement: &Value| Case {
        policies: vec![json!({"Version": version, "Statement": statement})],
        ..case.clone()
    };
    let mut left = case.clone();
    for document in &mut left.policies {
        let version = document["Version"].clone();
        if let Some(statements) = document["Statement"].as_array_mut() {
            statements.retain(|statement| of(oracle, &alone(&version, statement)).is_empty());
        }
    }
    left.policies.retain(|document| document["Statement"] != json!([]));
    (!left.policies.is_empty() && of(oracle, &left).is_empty()).then_some(left)
}

macro_rules! faults {
    ($($rule:literal: $($oracle:literal $shows:expr),+;)*) => {
        &[$($(Fault { oracle: $oracle, rule: $rule, shows: $shows },)+)*]
    };
}

pub const FAULTS: &[Fault] = faults! {
    "an explicit deny goes over an allow before it": "aspen" allow_before_deny;
    "actions are compared without case": "aspen" action_in_another_case;
    "a star at the end of a segment may run on over colons": "aspen" star_over_colons, "iam-rs" star_over_colons;
    "wildcards stay within a segment": "ministack" wildcard_leaves_its_segment;
    "a star in a request is a character": "iam-rs" star_in_request;

    "a negated operator holds without its key": "aspen" |case| any(case, |c| c.negated && !c.if_exists && c.got.is_none());
    "a negated operator holds when none of its values matches": "aspen" |case| any(case, |c| c.negated && c.wanted.len() > 1);
    "a set operator looks at each value": "aspen" |case| any(case, |c| c.set);
    "a key may have several values": "aspen" |case| any(case, |c| c.got.is_some_and(|got| got.len() > 1));
    "sets of every type": "iam-rs" |case| any(case, |c| c.set && !matches!(c.of, "String" | "Arn" | "Bool"));
    "a set operator can have IfExists": "iam-rs" |case| any(case, |c| c.set && c.if_exists);
    "a set of booleans is written as text too": "iam-rs" |case| any(case, |c| c.set && c.of == "Bool" && c.wanted.iter().any(|v| v.is_string()));
    "numbers and booleans stand for their text": "aspen" |case| any(case, |c| c.wanted.iter().any(|v| !v.is_string()));
    "numbers have decimals": "aspen" |case| any(case, |c| c.of == "Numeric" && c.texts().any(|text| text.parse::<i64>().is_err()));
    "a date is a date of ISO 8601 in any of its lengths": "aspen" |case| any(case, |c| c.wants_date(|text| !read::has_time(text))),
        "iam-rs" |case| any(case, |c| c.wants_date(|text| !read::has_time(text)));
    "a year and a month are a date": "ministack" |case| any(case, |c| c.wants_date(|text| text.len() == 7));
    "a request's date is epoch seconds too": "aspen" |case| any(case, |c| c.of == "Date" && c.got_texts().any(|text| text == "1769860800"));
    "true is true in any case": "aspen" |case| any(case, wants_odd_boolean), "iam-rs" |case| any(case, wants_odd_boolean);
    "binary values are compared decoded": "iam-rs" |case| any(case, |c| c.of == "Binary" && c.got.is_some()),
        "ministack" |case| any(case, |c| c.of == "Binary" && c.got.is_some());
    "ArnEquals is ArnLike": "iam-rs" |case| any(case, |c| c.of == "Arn" && c.base.ends_with("Equals") && c.texts().any(|text| text.contains(['*', '?'])));
    "an ARN is compared segment by segment": "iam-rs" arn_over_colons, "ministack" arn_over_colons;

    "a variable has its value": "ministack" |case| variables(case).any(|v| v.in_force), "iam-rs" |case| variables(case).any(|v| v.in_force && v.in_condition);
    "a variable's value is no pattern": "iam-rs" |case| variables(case).any(|v| !v.in_condition && v.value.iter().any(|v| v.contains(['*', '?'])));
    "a variable without a value matches nothing": "iam-rs" |case| variables(case).any(|v| v.in_force && v.lacks_value()), "aspen" |case| variables(case).any(|v| v.in_force && v.lacks_value());
    "a variable may have a default": "aspen" |case| variables(case).any(|v| v.in_force && v.default.is_some());
    "a wildcard can be escaped": "iam-rs" |case| variables(case).any(|v| v.in_force && v.is_escape());
    "documents of 2008 have no variables": "iam-rs" |case| variables(case).any(|v| !v.in_force && !v.in_condition);
    "documents of 2008 have no variables in conditions": "aspen" |case| variables(case).any(|v| !v.in_force && v.in_condition);

    "a role is trusted with its sessions": "aspen" role_for_session, "iam-rs" role_for_session;
    "an account is trusted with all in it": "iam-rs" account_for_user;
    "an account's root is trusted with its sessions": "aspen" |case| named(case, "AWS").any(|id| id.ends_with(":root")) && matches!(&case.principal, Who::Aws(id) if id.contains(":assumed-role/"));
    "a star under AWS is everybody": "iam-rs" star_under_aws, "ministack" star_under_aws;
    "a star under AWS is every service too": "aspen" star_under_aws;
    "a provider is compared whole": "iam-rs" provider_begins_alike;
    "several kinds of principals in one statement": "iam-rs" several_kinds;
    "a provider may be trusted": "aspen" |case| matches!(case.principal, Who::Federated(_));
    "a service may be trusted": "ministack" |case| matches!(case.principal, Who::Service(_)) && case.kind == Kind::Trust;
};

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
    case.resource.contains('*') || any(case, |c| c.got_texts().any(|text| text.contains('*')))
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
