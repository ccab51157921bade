//! Short ways to ask one thing of one document.

use iam::{Context, Outcome, Policy, Principal, Request, Verdict, decide, explain};
use serde_json::{Value, json};

pub const ACTION: &str = "execute-api:Invoke";
pub const RESOURCE: &str = "arn:aws:execute-api:us-east-1:123456789012:pets/test/POST/pets";

/// A request for [`ACTION`] on [`RESOURCE`].
pub fn request(context: Context) -> Request {
    Request { principal: Principal::Anonymous, action: ACTION.into(), resource: RESOURCE.into(), context }
}

/// A permissions policy of version 2012-10-17 with these statements.
pub fn permissions(statements: Value) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    Policy::permissions("p", &document).expect("a policy")
}

/// The outcome, after making sure that explaining agrees with deciding and that the sentence is one line.
pub fn outcome(policies: &[Policy], request: &Request) -> Outcome {
    let decision = decide(policies, request);
    assert_eq!(decision, explain(policies, request).decision);
    assert!(!decision.to_string().contains(['\n', '\r', '\u{1b}']), "{decision}");
    decision.outcome
}

/// What a `Condition` makes of a context: held against an allow and a deny, which differ where AWS leaves the meaning open.
pub fn condition(condition: &Value, context: &Context) -> Verdict {
    let applies = |effect: &str| {
        let policy = permissions(json!({
            "Effect": effect, "Action": "*", "Resource": "*", "Condition": condition,
        }));
        outcome(&[policy], &request(context.clone())) != Outcome::ImplicitlyDenied
    };
    match (applies("Allow"), applies("Deny")) {
        (true, true) => Verdict::Holds,
        (false, false) => Verdict::Fails,
        (false, true) => Verdict::Undecidable,
        (true, false) => panic!("a condition that allows what it does not deny: {condition}"),
    }
}

/// One operator on the key `app:key`, with one value in the request.
pub fn compare(operator: &str, wanted: Value, got: &str) -> Verdict {
    let context = Context::new().with("app:key", got);
    condition(&json!({operator: {"app:key": wanted}}), &context)
}

/// Rows of operator, the document's value or values, the request's value, and whether it holds.
pub fn table<const N: usize>(rows: [(&str, Value, &str, bool); N]) {
    for (operator, wanted, got, holds) in rows {
        let expected = if holds { Verdict::Holds } else { Verdict::Fails };
        let row = format!("{operator} {wanted} {got}");
        assert_eq!(compare(operator, wanted, got), expected, "{row}");
    }
}

/// The error that a document is refused with, as a person reads it, without the policy's name.
pub fn refusal(kind: Kind, document: &str) -> String {
    let loaded = match kind {
        Kind::Permissions => Policy::permissions("p", document),
        Kind::Trust => Policy::trust("p", document),
    };
    let error = match loaded {
        Ok(_) => panic!("not refused: {document}"),
        Err(error) => error.to_string(),
    };
    error.strip_prefix("policy p: ").expect("the policy's name").to_owned()
}

#[derive(Clone, Copy)]
pub enum Kind {
    Permissions,
    Trust,
}

/// The refusal of a permissions policy with one statement, written as text, wrapped in a good document.
pub fn refused_statement(statement: &str) -> String {
    let document = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    refusal(Kind::Permissions, &document)
}
