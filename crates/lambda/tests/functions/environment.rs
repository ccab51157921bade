//! What a function says when it can't start.

use serde_json::Value;

use crate::{Cloud, Process};

/// Starts the function with one variable changed, or left out. It must end, and say the same in its log and to Lambda.
async fn refusal(function: &str, name: &'static str, value: Option<&str>) -> String {
    let cloud = Cloud::start().await;
    let mut environment = cloud.environment();
    match value {
        Some(value) => environment.insert(name, value.to_owned()),
        None => environment.remove(name),
    };
    let (status, init_errors, lines) = Process::start(function, environment).await.end().await;
    assert_eq!(status.code(), Some(1), "{lines:#?}");
    let [error] = init_errors.as_slice() else { panic!("{init_errors:?} {lines:#?}") };
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["message"], error["errorMessage"]);
    assert_eq!(error["errorType"], "Function.Environment");
    error["errorMessage"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_missing_variable_is_named_with_its_remedy() {
    for (function, name) in [("list", "TABLE_NAME"), ("manage", "SOCIAL_CONNECTIONS"), ("purchase", "ISSUER")] {
        let message = refusal(function, name, None).await;
        let start = format!("the function's environment can't be used: {name} is missing: set it to ");
        assert!(message.starts_with(&start), "{message}");
    }
}

#[tokio::test]
async fn a_wrong_variable_is_named_and_its_value_is_not_repeated() {
    for (name, value) in [
        ("ISSUER", "http://pets.example.auth0.com/"),
        ("BUYER_IDENTITY", "everybody"),
        ("ALLOWED_ORIGIN", "https://shop.example.org/"),
        ("AWS_SECRET_ACCESS_KEY", "NO SECRET"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "localhost"),
    ] {
        let message = refusal("purchase", name, Some(value)).await;
        assert!(message.contains(&format!("{name} is wrong: ")) && !message.contains(value), "{message}");
    }
}
