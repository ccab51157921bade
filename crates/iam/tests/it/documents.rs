//! What loads and what is refused, with the place ("Grammar of the IAM JSON policy language").

use iam::{Context, Outcome, Policy, Request};
use serde_json::{Value, json};

use crate::check::{ACTION, Kind, RESOURCE, outcome, refusal, refused_statement, request};

fn refused(document: &str, says: &str) {
    let refusal = refusal(Kind::Permissions, document);
    assert!(refusal.starts_with(says), "{document}\n{refusal}");
}

/// A good statement with these elements put in; `null` takes one out.
fn statement(changes: Value) -> String {
    let mut statement = json!({"Sid": "Buy", "Effect": "Allow", "Action": ACTION, "Resource": RESOURCE});
    for (key, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(statement.as_object_mut().expect("an object").remove(key)),
            value => statement[key] = value.clone(),
        }
    }
    statement.to_string()
}

#[test]
fn one_or_many_is_taken_everywhere() {
    let (one, many) = (
        json!({"Statement": {
            "Effect": "Allow", "Action": ACTION, "Resource": RESOURCE, "Condition": {"StringEquals": {"app:a": "1"}},
        }}),
        json!({"Statement": [{
            "Effect": "Allow", "Action": [ACTION], "Resource": [RESOURCE], "Condition": {"StringEquals": {"app:a": ["1"]}},
        }]}),
    );
    for document in [one, many] {
        let policies = [Policy::permissions("p", &document).unwrap()];
        let request = request(Context::new().with("app:a", "1"));
        assert_eq!(outcome(&policies, &request), Outcome::Allowed);
    }
}

#[test]
fn text_and_value_load_alike() {
    let document = json!({"Version": "2012-10-17", "Id": "x", "Statement": {
        "Sid": "", "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {"NumericLessThan": {"a:b": 1.5}},
    }});
    let text = document.to_string();
    assert_eq!(Policy::trust("t", &text), Policy::trust("t", &document));
    assert_eq!(Policy::trust("t", text.as_str()).unwrap().name(), "t");
}

#[test]
fn text_that_is_not_one_json_value_is_refused() {
    for bad in ["", "{", "[1,]", "{} {}", "{\"Statement\": NaN}", "\u{feff}{}"] {
        refused(bad, "document: not JSON: ");
    }
    refused(&"[".repeat(100_000), "document: not JSON: ");
    refused("[]", "document: should be an object, is a list");
    refused("null", "document: should be an object, is null");
}

#[test]
fn duplicate_keys_are_refused_at_every_depth() {
    refused(r#"{"Version": "2012-10-17", "Version": "2008-10-17"}"#, "Version: the same key twice");
    refused(r#"{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}"#, "Statement[0].Effect: the same key twice");
    refused(
        r#"{"Statement": {"Condition": {"Bool": {"a:b": "true", "\u0061:b": "false"}}}}"#,
        "Statement.Condition.Bool.a:b: the same key twice",
    );
    let by_case = json!({"Condition": {"Bool": {"aws:SecureTransport": "true", "AWS:securetransport": "true"}}});
    let refusal = refused_statement(&statement(by_case));
    assert!(refusal.contains("the same key twice"), "{refusal}");
}

#[test]
fn unknown_elements_are_refused() {
    refused(r#"{"Statements": []}"#, "Statements: unknown element; known here are Version, Id, Statement");
    refused(r#"{"statement": []}"#, "statement: unknown element");
    for name in ["Actions", "effect", "Notes", ""] {
        let refusal = refused_statement(&statement(json!({name: "x"})));
        assert!(refusal.starts_with(&format!("Statement.{name}: unknown element")), "{refusal}");
    }
}

#[test]
fn versions_are_the_two_there_are() {
    for bad in ["2012-10-18", "", "2012"] {
        refused(
            &json!({"Version": bad, "Statement": []}).to_string(),
            "Version: should be one of 2012-10-17, 2008-10-17",
        );
    }
    refused(r#"{"Version": 2012, "Statement": []}"#, "Version: should be text, is a number");
}

#[test]
fn statements_are_complete_and_unambiguous() {
    refused("{}", "document: Statement is missing");
    refused(r#"{"Statement": []}"#, "Statement: is empty");
    refused(r#"{"Statement": "Allow"}"#, "Statement: should be an object, is text");
    refused(r#"{"Statement": [null]}"#, "Statement[0]: should be an object, is null");
    for (change, says) in [
        (json!({"Effect": null}), "Statement: Effect is missing"),
        (json!({"Effect": "allow"}), "Statement.Effect: should be one of Allow, Deny"),
        (json!({"Effect": ["Allow"]}), "Statement.Effect: should be text, is a list"),
        (json!({"Action": null}), "Statement: Action is missing"),
        (json!({"Resource": null}), "Statement: Resource is missing"),
        (json!({"NotAction": "iam:*"}), "Statement: Action and NotAction exclude each other"),
        (json!({"NotResource": "*"}), "Statement: Resource and NotResource exclude each other"),
        (json!({"Action": []}), "Statement.Action: is empty"),
        (json!({"Action": {"a": 1}}), "Statement.Action: should be text, is an object"),
        (json!({"Action": [["*"]]}), "Statement.Action[0]: should be text, is a list"),
        (json!({"Resource": ["*", 1]}), "Statement.Resource[1]: should be text, is a number"),
        (json!({"Sid": "Not alphanumeric"}), "Statement.Sid: a Sid consists of letters and digits"),
        (json!({"Sid": 1}), "Statement.Sid: should be text, is a number"),
    ] {
        let refusal = refused_statement(&statement(change));
        assert!(refusal.starts_with(says), "{refusal}");
    }
    let twice = format!("[{}, {}]", statement(json!({})), statement(json!({"Effect": "Deny"})));
    assert_eq!(refused_statement(&twice), "Statement[1].Sid: another statement has this Sid");
}

#[test]
fn actions_have_a_service_without_wildcards() {
    for bad in [
        "Invoke",
        "",
        "s3:",
        ":Get",
        "s*:Get",
        "?:*",
        "s3:Get Object",
        "s3:${aws:username}",
        "**",
        "s3:a:b",
        "s3:\u{e9}",
    ] {
        let refusal = refused_statement(&statement(json!({"Action": [ACTION, bad]})));
        assert!(refusal.starts_with("Statement.Action[1]: not an action; "), "{bad}: {refusal}");
    }
}

#[test]
fn permissions_have_resources_and_no_principal_trust_has_it_the_other_way_round() {
    for (element, says) in
        [("Principal", "an identity-based policy has no principal"), ("NotPrincipal", "NotPrincipal works in neither")]
    {
        let refusal = refused_statement(&statement(json!({element: "*"})));
        assert!(refusal.starts_with(&format!("Statement.{element}: {says}")), "{refusal}");
    }
    refused(r#"{"Id": "x", "Statement": []}"#, "Id: an Id belongs to resource-based policies");
    let trust = |changes: Value| {
        let mut changed = json!({"Principal": "*", "Action": "sts:AssumeRole", "Resource": null});
        for (key, value) in changes.as_object().expect("an object") {
            changed[key] = value.clone();
        }
        refusal(Kind::Trust, &format!(r#"{{"Statement": [{}]}}"#, statement(changed)))
    };
    assert_eq!(trust(json!({"Principal": null})), "Statement[0]: Principal is missing");
    assert!(trust(json!({"NotPrincipal": "*"})).starts_with("Statement[0].NotPrincipal: "));
    for element in ["Resource", "NotResource"] {
        let refusal = trust(json!({element: "*"}));
        assert!(refusal.starts_with(&format!("Statement[0].{element}: a trust policy has no resource")), "{refusal}");
    }
}

#[test]
fn conditions_are_understood_whole_or_refused() {
    for (condition, says) in [
        (json!([]), ": should be an object, is a list"),
        (json!({}), ": is empty"),
        (json!({"StringEquals": {}}), ".StringEquals: is empty"),
        (json!({"StringEquals": "x"}), ".StringEquals: should be an object, is text"),
        (json!({"StringEquals": {"a:b": []}}), ".StringEquals.a:b: is empty"),
        (json!({"StringEquals": {"a:b": null}}), ".StringEquals.a:b: should be text, a number or a boolean, is null"),
        (
            json!({"StringEquals": {"a:b": ["x", {}]}}),
            ".StringEquals.a:b[1]: should be text, a number or a boolean, is an object",
        ),
        (json!({"StringEquals": {"username": "x"}}), ".StringEquals.username: not a condition key"),
        (json!({"StringEquals": {"aws:*": "x"}}), ".StringEquals.aws:*: not a condition key"),
        (json!({"StringLikee": {"a:b": "x"}}), ".StringLikee: unknown condition operator; did you mean StringLike?"),
        (
            json!({"stringequals": {"a:b": "x"}}),
            ".stringequals: unknown condition operator; did you mean StringEquals?",
        ),
        (json!({"ForSomeValues:StringLike": {"a:b": "x"}}), ".ForSomeValues:StringLike: unknown condition operator"),
        (json!({"Matches": {"a:b": "x"}}), ".Matches: unknown condition operator"),
        (json!({"IfExists": {"a:b": "x"}}), ".IfExists: unknown condition operator"),
        (json!({"NullIfExists": {"a:b": "true"}}), ".NullIfExists: unknown condition operator; did you mean Null?"),
        (
            json!({"ForAnyValue:Null": {"a:b": "true"}}),
            ".ForAnyValue:Null: unknown condition operator; did you mean Null?",
        ),
        (json!({"Null": {"a:b": "yes"}}), ".Null.a:b: not true or false"),
        (json!({"Bool": {"a:b": 1}}), ".Bool.a:b: not true or false"),
        (json!({"BinaryEquals": {"a:b": "QQ"}}), ".BinaryEquals.a:b: not base64"),
        (json!({"ArnLike": {"a:b": "arn:aws:s3:*"}}), ".ArnLike.a:b: not an ARN of six components"),
        (
            json!({"StringLike": {"a:b": ["x", "${y"]}}),
            ".StringLike.a:b[1]: malformed policy variable: no closing brace",
        ),
    ] {
        let refusal = refused_statement(&statement(json!({"Condition": condition})));
        assert!(refusal.starts_with(&format!("Statement.Condition{says}")), "{refusal}");
    }
}

#[test]
fn numbers_dates_and_addresses_have_to_be_readable() {
    for (operator, values, says) in [
        (
            "NumericEquals",
            vec!["", "-", "x", "1e5", "1.", ".5", "+1", "0x1", "1,5", " 1", "NaN", "1234567890123456789"],
            "not a decimal number",
        ),
        (
            "DateLessThan",
            vec![
                "",
                "now",
                "2020-1-1",
                "2020-02-30",
                "2020-01-01T00:00:00",
                "2020-01-01 00:00:00Z",
                "20200101",
                "2020-01-01T25:00Z",
                "1e9",
                "-1",
                "2020-01-01T",
                "2020-01-01Té:00Z",
            ],
            "not a date",
        ),
        ("DateLessThan", vec!["2020"], "not clear: four digits"),
        (
            "IpAddress",
            vec![
                "",
                "localhost",
                "10.0.0",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.256",
                "::1/129",
                "010.0.0.1",
                "10.0.0.1 ",
            ],
            "not an address",
        ),
    ] {
        for value in values {
            if operator == "DateLessThan" && value == "20200101" {
                continue; // digits alone are epoch seconds
            }
            let condition = json!({"Condition": {operator: {"a:b": value}}});
            let refusal = refused_statement(&statement(condition));
            assert!(refusal.contains(says), "{operator} {value}: {refusal}");
        }
    }
}

#[test]
fn deep_documents_are_refused_without_recursion() {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    refused(&json!({"Statement": deep}).to_string(), "document: nested deeper than any policy");
    assert!(Policy::permissions("p", &json!({"Statement": deep})).is_err());
}

#[test]
fn documents_are_bounded() {
    let long = |length: usize| {
        let resource = format!("arn:aws:s3:::{}", "x".repeat(length));
        json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": resource}})
    };
    assert!(Policy::permissions("p", &long(10_000)).is_ok());
    refused(&long(10_240).to_string(), "document: larger than IAM takes (10240 characters at most)");
    assert!(Policy::permissions("p", &long(10_240)).is_err());
    let padded = format!("{}{}", long(10), " ".repeat(100_000));
    assert!(Policy::permissions("p", &padded).is_ok(), "white space does not count");
    refused(&" ".repeat(300_000), "document: larger than IAM takes");
}

#[test]
fn a_refusal_is_one_line_whatever_the_document_says() {
    let document = json!({"Statement": {"\u{1b}[2J\n".repeat(100): 1}}).to_string();
    let error = Policy::permissions("evil\nname", &document).unwrap_err().to_string();
    assert!(!error.contains(['\n', '\u{1b}']), "{error}");
    assert!(error.len() < 2_000, "{error}");
}

#[test]
fn an_empty_context_and_an_odd_request_are_only_denied() {
    let policies = [Policy::permissions(
        "p",
        &json!({"Statement": {
            "Effect": "Allow", "Action": ACTION, "Resource": RESOURCE,
        }}),
    )
    .unwrap()];
    for text in ["", ":", "*", "\0", "arn:", "\u{10ffff}"] {
        let request = Request { action: text.into(), resource: text.into(), ..request(Context::new()) };
        assert_eq!(outcome(&policies, &request), Outcome::ImplicitlyDenied);
    }
    assert_eq!(outcome(&[], &request(Context::new())), Outcome::ImplicitlyDenied);
}
