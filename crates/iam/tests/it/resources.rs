//! `Resource` and `NotResource`, and wildcard matching under load.

use iam::{Context, Outcome, Request, Verdict};
use serde_json::{Value, json};

use crate::check::{compare, outcome, permissions, refused_statement, request};

fn allows(element: &str, patterns: &Value, resource: &str) -> bool {
    let policy = permissions(json!({"Effect": "Allow", "Action": "*", element: patterns}));
    let request = Request { resource: resource.into(), ..request(Context::new()) };
    outcome(&[policy], &request) == Outcome::Allowed
}

fn rows<const N: usize>(rows: [(&str, &str, bool); N]) {
    for (pattern, resource, expected) in rows {
        assert_eq!(allows("Resource", &json!(pattern), resource), expected, "{pattern} {resource}");
    }
}

#[test]
fn arns_are_matched_case_sensitively_and_whole() {
    rows([
        ("arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/Bob", true),
        ("arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/bob", false),
        ("arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/Bobby", false),
        ("arn:aws:iam::123456789012:user/Bob", "arn:aws:iam::123456789012:user/Bo", false),
        ("*", "", true),
    ]);
}

#[test]
fn an_asterisk_spans_slashes_and_colons_of_the_resource() {
    let pattern = "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*";
    for (key, expected) in [
        ("1/test/object.jpg", true),
        ("1/2/test/object.jpg", true),
        ("1/2/test/3/object.jpg", true),
        ("1/2/3/test/4/object.jpg", true),
        ("1///test///object.jpg", true),
        ("1/test/.jpg", true),
        ("/test/object.jpg", true),
        ("1/test/", true),
        ("a:b/test/c:d", true),
        ("1-test/object.jpg", false),
        ("test/object.jpg", false),
        ("1/2/test.jpg", false),
    ] {
        let resource = format!("arn:aws:s3:::amzn-s3-demo-bucket/{key}");
        assert_eq!(allows("Resource", &json!(pattern), &resource), expected, "{key}");
    }
}

#[test]
fn an_asterisk_at_the_end_of_a_component_runs_on_over_colons() {
    rows([
        ("arn:aws:lambda:*", "arn:aws:lambda:us-east-1:123456789012:function:f", true),
        ("arn:aws:lambda:us-*", "arn:aws:lambda:us-east-1:123456789012:function:f", true),
        ("arn:aws:lambda:us-*", "arn:aws:lambda:eu-west-1:123456789012:function:f", false),
        ("arn:aws:logs:*:log-stream:s", "arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s", true),
        ("arn:aws:execute-api:*:*:*/test/GET/*", "arn:aws:execute-api:us-east-1:1:pets/test/GET/pets", true),
    ]);
}

#[test]
fn a_wildcard_within_one_of_the_first_components_stays_in_it() {
    let api = "arn:aws:execute-api:us-*-1:123456789012:pets/*";
    rows([
        (api, "arn:aws:execute-api:us-east-1:123456789012:pets/x", true),
        (api, "arn:aws:execute-api:us-east-2:123456789012:other/-1:123456789012:pets/x", false),
        ("arn:aws:sns:eu?west:1:t", "arn:aws:sns:eu-west:1:t", true),
        ("arn:aws:sns:eu?west:1:t", "arn:aws:sns:eu:west:1:t", false),
        ("arn:aws:sns:e*t:*1:t", "arn:aws:sns:east:121:t", true),
        ("arn:aws:sns:e*t:*1:t", "arn:aws:sns:east:122:t", false),
        ("arn:*:s3:::b", "arn:aws-cn:s3:::b", true),
        ("arn:*:s3:::b", "arn:aws:iam::1:x:s3:::b", false),
    ]);
}

#[test]
fn a_wildcard_in_the_request_is_a_character_of_the_resource() {
    rows([
        ("arn:aws:s3:::a/b", "*", false),
        ("arn:aws:s3:::a/b", "arn:aws:s3:::a/*", false),
        ("arn:aws:s3:::a/b", "arn:aws:s3:::a/?", false),
        ("arn:aws:s3:::a/?", "arn:aws:s3:::a/*", true),
    ]);
}

#[test]
fn not_resource_covers_everything_but_what_it_lists() {
    let listed = json!(["arn:aws:s3:::a", "arn:aws:s3:::a/*"]);
    assert!(!allows("NotResource", &listed, "arn:aws:s3:::a"));
    assert!(!allows("NotResource", &listed, "arn:aws:s3:::a/b"));
    assert!(allows("NotResource", &listed, "arn:aws:s3:::b"));
}

#[test]
fn a_resource_is_an_arn_with_its_service_written_out() {
    for (resource, says) in [
        ("bucket", "does not start with arn:"),
        ("**", "does not start with arn:"),
        ("", "does not start with arn:"),
        ("arn:aws:s3", "fewer than six"),
        ("arn:aws:s3:::", ""),
        ("arn:aws:sns:eu:1", "fewer than six"),
        ("arn:aws:s*:::a", "written out"),
        ("arn:aws:*", "written out"),
        ("arn:aws:?3:::a", "written out"),
        ("arn::s3:::a", "written out"),
        ("arn:aws:::::a", "written out"),
        ("arn:*", "written out"),
        ("Arn:aws:s3:::a", "does not start with arn:"),
    ] {
        if says.is_empty() {
            allows("Resource", &json!(resource), "");
            continue;
        }
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": ["*", resource]});
        let refusal = refused_statement(&statement.to_string());
        assert!(refusal.starts_with("Statement.Resource[1]: not a resource: "), "{refusal}");
        assert!(refusal.contains(says), "{resource}: {refusal}");
    }
}

/// Patterns and texts that take a naive matcher exponential time.
#[test]
fn hostile_patterns_are_matched_in_bounded_time() {
    let stars = "a*".repeat(2_000);
    let text = "a".repeat(4_000);
    assert_eq!(compare("StringLike", json!(format!("{stars}b")), &text), Verdict::Fails);
    assert_eq!(compare("StringLike", json!(stars), &text), Verdict::Holds);
    assert_eq!(compare("StringLike", json!("*".repeat(8_000)), &text), Verdict::Holds);
    assert_eq!(compare("StringLike", json!("*?".repeat(3_000)), &text), Verdict::Holds);
    assert_eq!(compare("StringLike", json!("*?".repeat(4_001)), &text), Verdict::Fails);

    let pattern = format!("arn:aws:x:{}:{}:{}b", "a*".repeat(300), "a*".repeat(300), "a*".repeat(300));
    let resource = format!("arn:aws:x:{}:{}:{}", text, text, ":a".repeat(2_000));
    assert!(!allows("Resource", &json!(pattern), &resource));
}
