//! What holds for every document and every request.

use iam::{Context, Outcome, Policy, Principal, Request, decide, explain};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::check::{compare, outcome, permissions};

/// Text of the language's own words and of anything else.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "Version",
        "2012-10-17",
        "Id",
        "Statement",
        "Sid",
        "Effect",
        "Allow",
        "Deny",
        "Principal",
        "AWS",
        "Federated",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "StringEquals",
        "ForAnyValue:StringLike",
        "Null",
        "NumericLessThanIfExists",
        "DateEquals",
        "IpAddress",
        "ArnLike",
        "Bool",
        "BinaryEquals",
        "*",
        "s3:Get*",
        "arn:aws:s3:::a/*",
        "aws:username",
        "${aws:username}",
        "${",
        "true",
        "1",
        "2020-01-01",
        "10.0.0.0/8",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => word().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::btree_map(word(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(from)
}

fn some(from: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(pick(from), 1..3)
}

const KEYS: [&str; 3] = ["app:a", "app:b", "aws:username"];

fn any_condition() -> impl Strategy<Value = Value> {
    let prefix = pick(&["", "ForAnyValue:", "ForAllValues:"]);
    let suffix = pick(&["", "IfExists"]);
    let text = ["a", "*", "1", "?", "${app:a}", "${aws:username, 'a'}", ""];
    let textual = (
        pick(&["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"]),
        prop::collection::vec(prop::sample::select(text.to_vec()), 1..3),
    );
    let numeric = (pick(&["NumericEquals", "NumericNotEquals", "NumericLessThan"]), some(&["0", "1"]));
    let other = (pick(&["Bool"]), some(&["true", "false"]));
    (prefix, prop_oneof![textual, numeric, other], suffix, pick(&KEYS))
        .prop_map(|(prefix, (test, values), suffix, key)| json!({format!("{prefix}{test}{suffix}"): {key: values}}))
}

fn any_statement() -> impl Strategy<Value = Value> {
    (
        pick(&["Allow", "Deny"]),
        pick(&["Action", "NotAction"]),
        some(&["*", "s3:*", "s3:Get*", "s3:GetObject", "iam:?*"]),
        pick(&["Resource", "NotResource"]),
        some(&["*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/${aws:username}", "arn:aws:s3:::b", "arn:*:s3:*:*:?"]),
        prop::option::of(any_condition()),
    )
        .prop_map(|(effect, action, actions, resource, resources, condition)| {
            let mut statement = json!({"Effect": effect, action: actions, resource: resources});
            if let Some(condition) = condition {
                statement["Condition"] = condition;
            }
            statement
        })
}

fn any_policies() -> impl Strategy<Value = Vec<Policy>> {
    let policy = prop::collection::vec(any_statement(), 1..4).prop_map(|all| permissions(all.into()));
    prop::collection::vec(policy, 0..4)
}

fn any_request() -> impl Strategy<Value = Request> {
    let values = prop::collection::vec(pick(&["a", "*", "1", "true", "", "0"]), 0..3);
    (
        pick(&["s3:GetObject", "s3:PutObject", "IAM:getuser", "*", "x"]),
        pick(&["arn:aws:s3:::a/a", "arn:aws:s3:::a/*", "arn:aws:s3:::b", "*", ""]),
        prop::collection::vec((pick(&KEYS), values), 0..4),
    )
        .prop_map(|(action, resource, keys)| {
            let mut context = Context::new();
            for (key, values) in keys {
                context.insert_all(key, values);
            }
            Request { principal: Principal::Anonymous, action: action.into(), resource: resource.into(), context }
        })
}

/// Wildcard matching as its definition says it, exponential and all.
fn defined(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], text) => text.is_empty(),
        (['*', rest @ ..], text) => (0..=text.len()).any(|taken| defined(rest, &text[taken..])),
        ([p, rest @ ..], [t, text @ ..]) => (*p == '?' || p == t) && defined(rest, text),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loading_never_panics_and_text_loads_as_its_value_does(document in any_json()) {
        let text = document.to_string();
        prop_assert_eq!(Policy::permissions("p", &document), Policy::permissions("p", &text));
        prop_assert_eq!(Policy::trust("p", &document), Policy::trust("p", &text));
        let wrapped = json!({"Version": "2012-10-17", "Statement": document});
        prop_assert_eq!(Policy::trust("p", &wrapped), Policy::trust("p", &wrapped.to_string()));
    }

    #[test]
    fn loading_one_odd_element_never_panics(name in word(), odd in any_json()) {
        let mut statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        statement[name] = odd;
        let document = json!({"Version": "2012-10-17", "Statement": [statement]});
        if let Err(error) = Policy::permissions("p", &document) {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }

    #[test]
    fn text_of_any_kind_never_panics(text in ".{0,200}") {
        prop_assert!(Policy::permissions("p", &text).is_err());
    }

    #[test]
    fn deciding_and_explaining_agree(policies in any_policies(), request in any_request()) {
        let decision = decide(&policies, &request);
        let explanation = explain(&policies, &request);
        prop_assert_eq!(&decision, &explanation.decision);
        let applies = |effect| explanation.statements.iter().any(|s| s.effect == effect && s.applies);
        let expected = match (applies(iam::Effect::Deny), applies(iam::Effect::Allow)) {
            (true, _) => Outcome::ExplicitlyDenied,
            (false, true) => Outcome::Allowed,
            (false, false) => Outcome::ImplicitlyDenied,
        };
        prop_assert_eq!(decision.outcome, expected);
    }

    #[test]
    fn adding_a_deny_never_allows_more(
        policies in any_policies(), mut statement in any_statement(), request in any_request(), at in any::<prop::sample::Index>(),
    ) {
        let before = outcome(&policies, &request);
        statement["Effect"] = "Deny".into();
        let mut with = policies;
        with.insert(at.index(with.len() + 1), permissions(statement));
        let after = outcome(&with, &request);
        prop_assert!(after == before || after == Outcome::ExplicitlyDenied);
    }

    #[test]
    fn adding_an_allow_never_lifts_a_deny(
        policies in any_policies(), mut statement in any_statement(), request in any_request(),
    ) {
        let before = outcome(&policies, &request);
        statement["Effect"] = "Allow".into();
        let mut with = policies;
        with.insert(0, permissions(statement));
        let after = outcome(&with, &request);
        prop_assert!(after == before || (before == Outcome::ImplicitlyDenied && after == Outcome::Allowed));
    }

    #[test]
    fn the_order_of_policies_does_not_matter(mut policies in any_policies(), request in any_request()) {
        let before = outcome(&policies, &request);
        policies.reverse();
        prop_assert_eq!(outcome(&policies, &request), before);
    }

    #[test]
    fn wildcards_match_what_their_definition_says(pattern in "[ab*?]{0,8}", text in "[ab*]{0,8}") {
        let (p, t): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
        let matches = compare("StringLike", json!(pattern), &text) == iam::Verdict::Holds;
        prop_assert_eq!(matches, defined(&p, &t));
    }

    #[test]
    fn a_variable_matches_its_value_and_nothing_else(value in ".{1,20}", other in ".{0,20}") {
        let context = Context::new().with("aws:username", value.as_str());
        let like = json!({"StringLike": {"app:key": "${aws:username}"}});
        let holds = |got: &str| {
            crate::check::condition(&like, &context.clone().with("app:key", got)) == iam::Verdict::Holds
        };
        prop_assert!(holds(&value));
        prop_assert_eq!(holds(&other), other == value);
    }
}
