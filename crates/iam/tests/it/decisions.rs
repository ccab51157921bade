//! Deny over allow over nothing, and what a decision says.

use iam::{
    Check, Context, Element, Note, Outcome, Policy, Principal, Reason, Request, StatementRef, Verdict, Wanted, decide,
    explain,
};
use serde_json::json;

use crate::check::{ACTION, RESOURCE, outcome, permissions, request};

const PURCHASE: &str = "arn:aws:execute-api:us-east-1:123456789012:pets/test/POST/pets/purchase";

fn buyer() -> Policy {
    Policy::permissions("buyer", &json!({
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Buy", "Effect": "Allow", "Action": ACTION, "Resource": PURCHASE},
            {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
        ],
    }))
    .expect("a policy")
}

fn purchase(context: Context) -> Request {
    Request { resource: PURCHASE.into(), ..request(context) }
}

fn place(policy: &str, index: usize, sid: Option<&str>) -> StatementRef {
    StatementRef { policy: policy.into(), index, sid: sid.map(Into::into) }
}

#[test]
fn an_explicit_deny_goes_over_an_allow_wherever_they_stand() {
    let allow = || permissions(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    let deny = || permissions(json!({"Effect": "Deny", "Action": ACTION, "Resource": "*"}));
    let nothing = || permissions(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}));
    let request = request(Context::new());
    assert_eq!(outcome(&[allow(), deny()], &request), Outcome::ExplicitlyDenied);
    assert_eq!(outcome(&[deny(), allow()], &request), Outcome::ExplicitlyDenied);
    assert_eq!(outcome(&[nothing(), allow()], &request), Outcome::Allowed);
    assert_eq!(outcome(&[nothing()], &request), Outcome::ImplicitlyDenied);
}

#[test]
fn an_allow_names_its_statement() {
    let decision = decide(&[buyer()], &purchase(Context::new()));
    assert!(decision.is_allowed());
    assert_eq!(decision.reason, Reason::Statement(place("buyer", 0, Some("Buy"))));
    assert_eq!(decision.to_string(), "allowed by statement 0 (Buy) of policy buyer");
}

#[test]
fn an_explicit_deny_names_its_statement() {
    let decision = decide(&[buyer()], &purchase(Context::new().with("aws:SecureTransport", "false")));
    assert_eq!(decision.outcome, Outcome::ExplicitlyDenied);
    assert_eq!(decision.reason, Reason::Statement(place("buyer", 1, None)));
    assert_eq!(decision.to_string(), "explicitly denied by statement 1 of policy buyer");
}

#[test]
fn an_implicit_deny_says_what_each_allow_was_missing_the_nearest_first() {
    let other = permissions(json!({
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringLike": {"aws:username": ["${app:team}-*", "root"]}},
    }));
    let context = Context::new().with("app:team", "red").with("aws:username", "blue-1");
    let decision = decide(&[buyer(), other], &request(context));
    let Reason::NothingAllows(misses) = &decision.reason else { panic!("{decision}") };
    let plain = |written: &str| Wanted { written: written.into(), resolved: None };
    assert_eq!(misses.len(), 3);
    assert_eq!(misses[0].statement, place("p", 0, None));
    assert_eq!(
        misses[0].failed,
        Check {
            element: Element::Condition { operator: "StringLike".into(), key: "aws:username".into() },
            wanted: vec![Wanted { written: "${app:team}-*".into(), resolved: Some("red-*".into()) }, plain("root"),],
            got: Some(vec!["blue-1".into()]),
            verdict: Verdict::Fails,
            note: None,
        }
    );
    assert_eq!(
        misses[1].failed,
        Check {
            element: Element::Resource,
            wanted: vec![plain(PURCHASE)],
            got: Some(vec![RESOURCE.into()]),
            verdict: Verdict::Fails,
            note: None,
        }
    );
    assert_eq!(misses[2].failed.element, Element::Action);
    assert_eq!(
        decision.to_string(),
        format!(
            "implicitly denied: no statement allows it; \
             statement 0 of policy p did not: Condition StringLike aws:username wanted [red-*, root], got [blue-1], and \
             statement 0 (Buy) of policy buyer did not: Resource wanted [{PURCHASE}], got [{RESOURCE}], and \
             statement 2 of policy buyer did not: Action wanted [s3:Get*], got [{ACTION}]"
        ),
    );
}

#[test]
fn an_absent_key_is_said_to_be_absent() {
    let policy = permissions(json!({
        "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"app:aud": "pets"}},
    }));
    let decision = decide(&[policy], &request(Context::new()));
    let Reason::NothingAllows(misses) = &decision.reason else { panic!("{decision}") };
    assert_eq!((misses[0].failed.got.clone(), misses[0].failed.note), (None, Some(Note::KeyAbsent)));
    assert_eq!(
        decision.to_string(),
        "implicitly denied: no statement allows it; statement 0 of policy p did not: \
         Condition StringEquals app:aud wanted [pets], and the request has no such key",
    );
}

#[test]
fn many_misses_make_a_short_sentence_of_one_line() {
    let statements = vec![json!({"Effect": "Allow", "Action": "s3:Get", "Resource": "*"}); 10];
    let policy = permissions(statements.into());
    let asked = Request { action: "x:\u{1b}\r\n".repeat(1_000), ..request(Context::new()) };
    let sentence = decide(&[policy], &asked).to_string();
    assert!(sentence.ends_with(", and 7 more"), "{sentence}");
    assert!(sentence.len() < 4_000 && !sentence.contains(['\n', '\r', '\u{1b}']), "{sentence}");
}

#[test]
fn the_documented_trust_policy_of_a_tenant_decides_by_audience_and_subject() {
    let issuer = "arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/";
    let trust = [Policy::trust(
        "admin trust",
        r#"{
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "DatabaseConnection", "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"tenant.auth0.com/:aud": "pets-spa"},
                "StringLike": {"tenant.auth0.com/:sub": "auth0|*"}
            }
        }]
    }"#,
    )
    .unwrap()];
    let asks = |issuer: &str, aud: &str, sub: &str| Request {
        principal: Principal::Federated(issuer.into()),
        action: "sts:AssumeRoleWithWebIdentity".into(),
        resource: "arn:aws:iam::123456789012:role/auth0-api-role".into(),
        context: Context::new().with("tenant.auth0.com/:aud", aud).with("tenant.auth0.com/:sub", sub),
    };
    assert_eq!(outcome(&trust, &asks(issuer, "pets-spa", "auth0|1")), Outcome::Allowed);
    for request in [
        asks(issuer, "pets-spa", "google-oauth2|1"),
        asks(issuer, "other", "auth0|1"),
        asks("arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com", "pets-spa", "auth0|1"),
    ] {
        assert_eq!(outcome(&trust, &request), Outcome::ImplicitlyDenied);
    }
    assert_eq!(
        decide(&trust, &asks(issuer, "pets-spa", "google-oauth2|1")).to_string(),
        "implicitly denied: no statement allows it; statement 0 (DatabaseConnection) of policy admin trust did not: \
         Condition StringLike tenant.auth0.com/:sub wanted [auth0|*], got [google-oauth2|1]",
    );
}

#[test]
fn an_explanation_shows_every_comparison() {
    let explanation = explain(&[buyer()], &purchase(Context::new().with("aws:SecureTransport", "true")));
    assert_eq!(
        explanation.to_string(),
        format!(
            "allowed by statement 0 (Buy) of policy buyer\n\
             statement 0 (Buy) of policy buyer allows\n\
             \x20 matches: Action wanted [{ACTION}], got [{ACTION}]\n\
             \x20 matches: Resource wanted [{PURCHASE}], got [{PURCHASE}]\n\
             statement 1 of policy buyer does not deny\n\
             \x20 matches: Action wanted [*], got [{ACTION}]\n\
             \x20 matches: Resource wanted [*], got [{PURCHASE}]\n\
             \x20 differs: Condition Bool aws:SecureTransport wanted [false], got [true]\n\
             statement 2 of policy buyer does not allow\n\
             \x20 differs: Action wanted [s3:Get*], got [{ACTION}]\n\
             \x20 matches: Resource wanted [*], got [{PURCHASE}]"
        ),
    );
}

#[test]
fn decisions_and_explanations_serialise() {
    let explanation = explain(&[buyer()], &purchase(Context::new()));
    let value = serde_json::to_value(&explanation).unwrap();
    assert_eq!(
        value["decision"],
        json!({
            "outcome": "Allowed",
            "reason": {"Statement": {"policy": "buyer", "index": 0, "sid": "Buy"}},
        })
    );
    assert_eq!(
        value["statements"][1]["checks"][2],
        json!({
            "element": {"Condition": {"operator": "Bool", "key": "aws:SecureTransport"}},
            "wanted": [{"written": "false", "resolved": null}],
            "got": null,
            "verdict": "Fails",
            "note": "KeyAbsent",
        })
    );
}

#[test]
fn a_permissions_policy_does_not_read_the_principal() {
    for principal in [Principal::Anonymous, Principal::Federated("www.amazon.com".into())] {
        let asked = Request { principal, ..purchase(Context::new()) };
        assert_eq!(outcome(&[buyer()], &asked), Outcome::Allowed);
    }
}
