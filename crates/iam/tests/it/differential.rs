//! Against another implementation, `iam-rs`, where it is known to be right: wildcards, deny, `Not…` elements, string and
//! numeric operators, sets; without variables, booleans, empty values and wildcards in requests.

use iam::{Context, Outcome, Policy, Principal, Request};
use iam_rs::{Arn, ContextValue, Decision, IAMPolicy, IAMRequest, PrincipalId, evaluate_policies};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::check::outcome;

const FRED: &str = "arn:aws:iam::123456789012:user/fred";

fn some(pattern: &'static str) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(pattern, 1..4)
}

fn any_condition() -> impl Strategy<Value = Value> {
    let sets = prop::sample::select(vec!["", "ForAnyValue:", "ForAllValues:"]);
    let tests = prop::sample::select(vec![
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
    ]);
    let text = (sets, tests, some("[aAb*?]{1,3}")).prop_map(|(set, test, values)| {
        // Lists belong to sets, single values to plain operators.
        let key = if set.is_empty() { "app:one" } else { "app:many" };
        json!({format!("{set}{test}"): {key: values}})
    });
    let tests = prop::sample::select(vec![
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "NumericLessThanIfExists",
    ]);
    let number = (tests, -3_i64..3).prop_map(|(test, value)| json!({test: {"app:number": value}}));
    prop_oneof![3 => text, 1 => number]
}

fn any_statement() -> impl Strategy<Value = Value> {
    (
        prop::sample::select(vec!["Allow", "Allow", "Deny"]),
        prop::sample::select(vec!["Action", "NotAction"]),
        some("s3:[aAb*?]{1,3}|iam:[ab*]{1,2}|\\*"),
        prop::sample::select(vec!["Resource", "NotResource"]),
        some("arn:(aws|\\*):s3:[a*?]{0,2}:[1*]{0,2}:[ab/*?]{1,5}|\\*"),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_decide_alike(
        documents in prop::collection::vec(prop::collection::vec(any_statement(), 1..4), 1..3),
        action in "s3:[aAb]{1,3}|iam:[ab]{1,2}",
        resource in "arn:aws:s3:[a]{0,2}:[1]{0,2}:[ab][ab/]{0,4}",
        one in prop::option::of("[aAb]{1,3}"),
        many in prop::option::of(some("[aAb]{1,3}")),
        number in prop::option::of(-3_i64..3),
    ) {
        let Ok(arn) = Arn::parse(&resource) else { return Ok(()) };
        let mut ours = Context::new();
        let mut theirs = iam_rs::Context::new();
        if let Some(one) = one {
            ours.insert("app:one", one.as_str());
            theirs.insert("app:one".into(), ContextValue::String(one));
        }
        if let Some(many) = many {
            ours.insert_all("app:many", many.iter().map(String::as_str));
            theirs.insert("app:many".into(), ContextValue::StringList(many));
        }
        if let Some(number) = number {
            ours.insert("app:number", number.to_string());
            theirs.insert("app:number".into(), ContextValue::Number(number as f64));
        }

        let documents: Vec<_> = documents
            .into_iter()
            .map(|statements| json!({"Version": "2012-10-17", "Statement": statements}))
            .collect();
        let request = Request {
            principal: Principal::Aws(FRED.into()),
            action: action.clone(),
            resource,
            context: ours,
        };
        let policies: Vec<_> = documents
            .iter()
            .map(|document| Policy::permissions("p", document).expect("a policy"))
            .collect();
        let outcome = outcome(&policies, &request);

        let policies: Vec<_> = documents
            .iter()
            .map(|document| IAMPolicy::from_json(&document.to_string()).expect("a policy"))
            .collect();
        let principal = iam_rs::Principal::Aws(PrincipalId::String(FRED.into()));
        let request = IAMRequest::new_with_context(principal, action, arn, theirs);
        let Ok(decision) = evaluate_policies(&policies, &request) else { return Ok(()) };
        let expected = match decision {
            Decision::Allow => Outcome::Allowed,
            Decision::Deny => Outcome::ExplicitlyDenied,
            Decision::NotApplicable => Outcome::ImplicitlyDenied,
        };
        prop_assert_eq!(outcome, expected, "{:#?}", documents);
    }
}
