//! `Action` and `NotAction`.

use iam::{Context, Outcome, Request};
use serde_json::{Value, json};

use crate::check::{outcome, permissions, request};

fn allows(element: &str, patterns: &Value, action: &str) -> bool {
    let policy = permissions(json!({"Effect": "Allow", element: patterns, "Resource": "*"}));
    let request = Request { action: action.into(), ..request(Context::new()) };
    outcome(&[policy], &request) == Outcome::Allowed
}

#[test]
fn the_prefix_and_the_action_name_are_case_insensitive() {
    assert!(allows("Action", &json!("iam:ListAccessKeys"), "IAM:listaccesskeys"));
    assert!(allows("Action", &json!("IAM:listaccesskeys"), "iam:ListAccessKeys"));
    assert!(!allows("Action", &json!("iam:ListAccessKeys"), "iam:ListAccessKey"));
}

#[test]
fn wildcards_are_part_of_the_action_name() {
    for (pattern, action, expected) in [
        ("s3:*", "s3:GetObject", true),
        ("s3:*", "s3express:GetObject", false),
        ("iam:*AccessKey*", "iam:CreateAccessKey", true),
        ("iam:*AccessKey*", "iam:ListAccessKeys", true),
        ("iam:*AccessKey*", "iam:CreateUser", false),
        ("s3:Get?bject", "s3:GetObject", true),
        ("s3:Get?bject", "s3:GetOObject", false),
        ("*", "execute-api:Invoke", true),
        ("*:*", "execute-api:Invoke", true),
        ("execute-api:Invoke", "execute-api:InvokeAll", false),
    ] {
        assert_eq!(allows("Action", &json!(pattern), action), expected, "{pattern} {action}");
    }
}

#[test]
fn a_wildcard_in_the_request_is_a_character() {
    assert!(!allows("Action", &json!("s3:GetObject"), "s3:*"));
    assert!(!allows("Action", &json!("s3:GetObject"), "*"));
}

#[test]
fn letters_outside_ascii_are_not_folded_into_an_action() {
    // The Kelvin sign is a k in lower case.
    assert!(!allows("Action", &json!("kms:Decrypt"), "\u{212a}ms:Decrypt"));
}

#[test]
fn not_action_covers_everything_but_what_it_lists() {
    let listed = json!(["iam:*", "s3:GetObject"]);
    assert!(!allows("NotAction", &listed, "IAM:CreateUser"));
    assert!(!allows("NotAction", &listed, "s3:getobject"));
    assert!(allows("NotAction", &listed, "s3:PutObject"));
}
