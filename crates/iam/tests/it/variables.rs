//! Policy variables ("IAM policy elements: Variables and tags").

use iam::{Context, Outcome, Policy, Request, Verdict};
use serde_json::{Value, json};

use crate::check::{condition, outcome, permissions, refused_statement, request};

const HOME: &str = "arn:aws:s3:::home/";

fn reaches(effect: &str, element: &str, pattern: &str, key: &str, context: &Context) -> bool {
    let policy = permissions(json!({
        "Effect": effect, "Action": "*", element: format!("{HOME}{pattern}"),
    }));
    let request = Request { resource: format!("{HOME}{key}"), ..request(context.clone()) };
    outcome(&[policy], &request) != Outcome::ImplicitlyDenied
}

fn may(pattern: &str, key: &str, context: &Context) -> bool {
    reaches("Allow", "Resource", pattern, key, context)
}

fn fred() -> Context {
    Context::new().with("aws:username", "fred")
}

#[test]
fn a_variable_is_replaced_by_the_request_value_and_its_name_has_no_case() {
    assert!(may("${aws:username}/*", "fred/a", &fred()));
    assert!(may("${AWS:UserName}/*", "fred/a", &fred()));
    assert!(!may("${aws:username}/*", "wilma/a", &fred()));
    let issuer = Context::new().with("tenant.auth0.com/:sub", "auth0|1");
    assert!(may("${tenant.auth0.com/:sub}", "auth0|1", &issuer));
}

#[test]
fn wildcards_in_a_value_are_characters() {
    let star = Context::new().with("aws:username", "*");
    assert!(!may("${aws:username}/a", "wilma/a", &star));
    assert!(may("${aws:username}/a", "*/a", &star));
    let marks = Context::new().with("aws:username", "????");
    assert!(!may("${aws:username}", "fred", &marks));
    let like = json!({"StringLike": {"app:key": "${aws:username}"}});
    assert_eq!(condition(&like, &star.with("app:key", "fred")), Verdict::Fails);
}

#[test]
fn a_value_is_not_read_for_variables_again() {
    let nested = fred().with("app:name", "${aws:username}");
    assert!(!may("${app:name}", "fred", &nested));
    assert!(may("${app:name}", "${aws:username}", &nested));
}

#[test]
fn a_variable_without_a_value_matches_no_resource_not_even_an_empty_one() {
    for context in [Context::new(), Context::new().with("aws:username", "")] {
        assert!(!may("${aws:username}", "", &context));
        assert!(!may("x${aws:username}", "x", &context));
        assert!(!may("${aws:username}*", "fred", &context));
        assert!(!reaches("Deny", "Resource", "${aws:username}*", "fred", &context));
    }
}

#[test]
fn a_variable_without_a_value_spoils_only_its_own_alternative() {
    let policy = permissions(json!({
        "Effect": "Allow", "Action": "*",
        "Resource": [format!("{HOME}${{aws:username}}"), format!("{HOME}public")],
    }));
    let request = Request { resource: format!("{HOME}public"), ..request(Context::new()) };
    assert_eq!(outcome(&[policy], &request), Outcome::Allowed);
}

#[test]
fn not_resource_with_a_variable_without_a_value_denies_but_never_allows() {
    let nobody = Context::new();
    assert!(!reaches("Allow", "NotResource", "${aws:username}", "x", &nobody));
    assert!(reaches("Deny", "NotResource", "${aws:username}", "x", &nobody));
    assert!(reaches("Allow", "NotResource", "${aws:username}", "x", &fred()));
    assert!(!reaches("Allow", "NotResource", "${aws:username}", "fred", &fred()));
}

#[test]
fn in_conditions_plain_operators_fail_and_negated_ones_hold_without_a_value() {
    let object = Context::new().with("app:team", "");
    for (operator, expected) in [
        ("StringEquals", Verdict::Fails),
        ("StringLike", Verdict::Fails),
        ("StringEqualsIgnoreCase", Verdict::Fails),
        ("StringNotEquals", Verdict::Holds),
        ("StringNotLike", Verdict::Holds),
    ] {
        let written = json!({operator: {"app:team": "${aws:PrincipalTag/team}"}});
        assert_eq!(condition(&written, &object), expected, "{operator}");
    }
    let arn = json!({"ArnLike": {"app:arn": "arn:aws:s3:::${aws:username}"}});
    let object = Context::new().with("app:arn", "arn:aws:s3:::");
    assert_eq!(condition(&arn, &object), Verdict::Fails);
}

#[test]
fn a_default_stands_in_for_a_missing_value_only() {
    let team = "bucket-${aws:PrincipalTag/team, 'company-wide'}";
    let yellow = Context::new().with("aws:PrincipalTag/team", "yellow");
    assert!(may(team, "bucket-yellow", &yellow));
    assert!(!may(team, "bucket-company-wide", &yellow));
    assert!(may(team, "bucket-company-wide", &Context::new()));
    assert!(!may(team, "bucket-yellow", &Context::new()));
    assert!(may("a${aws:username, ''}b", "ab", &Context::new()));
}

#[test]
fn a_multivalued_key_cannot_be_a_variable() {
    let two = Context::new().with_all("aws:TagKeys", ["a", "b"]);
    assert!(!may("${aws:TagKeys}", "a", &two));
    assert!(!may("${aws:TagKeys, 'a'}", "a", &two));
}

#[test]
fn escapes_stand_for_the_characters_themselves() {
    let nobody = Context::new();
    assert!(may("a${*}b${?}c${$}", "a*b?c$", &nobody));
    assert!(!may("a${*}b", "axb", &nobody));
    assert!(!may("a${?}b", "axb", &nobody));
    assert!(may("${$}{aws:username}", "${aws:username}", &fred()));
    assert!(may("5$", "5$", &nobody));
    let equals = json!({"StringEquals": {"app:key": "${*}"}});
    assert_eq!(condition(&equals, &nobody.with("app:key", "*")), Verdict::Holds);
}

#[test]
fn variables_work_in_string_arn_and_bool_values_and_nowhere_else() {
    let context = fred().with("app:flag", "true").with("app:arn", "arn:aws:iam::1:user/fred");
    for (written, expected) in [
        (json!({"StringEquals": {"aws:username": "${aws:username}"}}), Verdict::Holds),
        (json!({"ArnEquals": {"app:arn": "arn:aws:iam::*:user/${aws:username}"}}), Verdict::Holds),
        (json!({"Bool": {"app:flag": "${app:flag}"}}), Verdict::Holds),
        (json!({"Bool": {"app:flag": "${aws:username}"}}), Verdict::Fails),
        (json!({"Bool": {"app:flag": "${app:absent}"}}), Verdict::Fails),
    ] {
        assert_eq!(condition(&written, &context), expected, "{written}");
    }
    for (operator, problem) in [
        ("NumericEquals", "not a decimal number"),
        ("DateEquals", "not a date"),
        ("IpAddress", "not an address"),
        ("BinaryEquals", "not base64"),
        ("Null", "not true or false"),
    ] {
        let statement = json!({
            "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"app:key": "${app:other}"}},
        });
        let refusal = refused_statement(&statement.to_string());
        let place = format!("Statement.Condition.{operator}.app:key: {problem}");
        assert!(refusal.starts_with(&place), "{refusal}");
    }
}

#[test]
fn an_arn_value_cannot_reach_into_another_component() {
    let context = Context::new().with("aws:username", "1:user/root").with("app:arn", "arn:aws:iam::1:user/root");
    let arn = json!({"ArnEquals": {"app:arn": "arn:aws:iam::${aws:username}:x"}});
    assert_eq!(condition(&arn, &context), Verdict::Fails);
}

#[test]
fn versions_before_2012_have_no_variables() {
    for version in [json!({"Version": "2008-10-17"}), json!({})] {
        let mut document: Value = version;
        document["Statement"] = json!({
            "Effect": "Allow", "Action": "*", "Resource": format!("{HOME}${{aws:username}}"),
        });
        let policies = [Policy::permissions("old", &document).unwrap()];
        let of = |key: &str| Request { resource: format!("{HOME}{key}"), ..request(fred()) };
        assert_eq!(outcome(&policies, &of("fred")), Outcome::ImplicitlyDenied);
        assert_eq!(outcome(&policies, &of("${aws:username}")), Outcome::Allowed);
    }
}

#[test]
fn malformed_variables_are_refused() {
    for bad in [
        "${",
        "${aws:username",
        "${}",
        "${username}",
        "${aws:}",
        "${:x}",
        "${ aws:username}",
        "${aws:user*}",
        "${${aws:username}}",
        "${aws:username,'x'}",
        "${aws:username, x}",
        "${aws:username, 'x}",
        "${aws:username, '*'}",
        "${aws:username, 'a'b'}",
        "${aws:username, 'a', 'b'}",
        "${*}${**}",
    ] {
        let resource = format!("{HOME}{bad}");
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": resource});
        let refusal = refused_statement(&statement.to_string());
        assert!(refusal.starts_with("Statement.Resource: malformed policy variable: "), "{bad}: {refusal}");
    }
    let many = format!("{HOME}{}", "${aws:username}".repeat(33));
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": many});
    assert!(refused_statement(&statement.to_string()).contains("more than 32"));
}

#[test]
fn variables_stand_after_the_fifth_colon_of_a_resource() {
    for bad in [
        "arn:aws:s3::${aws:username}:x",
        "arn:aws:${aws:username}:::x",
        "${aws:username}",
        "arn:aws:s3:${aws:username}*",
        "arn:aws:s3:*${aws:username}:x",
    ] {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": bad});
        let refusal = refused_statement(&statement.to_string());
        assert!(refusal.starts_with("Statement.Resource: not a resource: "), "{bad}: {refusal}");
    }
}
