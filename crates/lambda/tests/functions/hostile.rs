//! Events that API Gateway would not send, or not of this shop. Whatever comes, the process stays for the next event.

use serde_json::{Value, json};

use crate::{Cloud, Event, process::Outcome};

#[tokio::test]
async fn what_is_no_event_of_api_gateway_is_an_error_and_not_the_end() {
    let cloud = Cloud::start().await;
    let mut list = cloud.run("list").await;
    for event in [
        "",
        "no JSON",
        "null",
        "[]",
        "{}",
        r#"{"version": "2.0", "routeKey": "GET /pets", "rawPath": "/pets"}"#,
        r#"{"httpMethod": "GET", "path": "/pets"}"#,
        r#"{"httpMethod": "G E T", "path": "/pets", "requestContext": {"httpMethod": "GET"}}"#,
        r#"{"httpMethod": "GET", "path": "/pets", "headers": {"a b": "c"}, "requestContext": {"httpMethod": "GET"}}"#,
    ] {
        let outcome = list.invoke_raw(event.to_owned(), std::time::Duration::from_secs(10)).await;
        let Outcome::Error(error) = outcome else { panic!("{event}: {outcome:?}") };
        assert!(error["errorType"].is_string() && !error.to_string().contains("/pets"), "{event}: {error}");
    }
    assert_eq!(list.answer(&Event::load("list")).await["statusCode"], 200);
}

#[tokio::test]
async fn a_panic_ends_one_event_and_not_the_process() {
    let cloud = Cloud::start().await;
    let mut manage = cloud.run("manage").await;
    for event in [
        Event::load("add-in-base64").with("/body", "SECRET, not in base64"),
        Event::load("remove").with("/path", format!("/pets/{}", "1".repeat(70_000))),
        Event::load("sales").with("/headers/Host", "a b").with("/multiValueHeaders/Host", json!(["a b"])),
    ] {
        let outcome = manage.invoke(&event).await;
        assert!(matches!(outcome, Outcome::Error(_)), "{outcome:?}");
    }
    assert_eq!(manage.answer(&Event::load("sales")).await["statusCode"], 200);
    for line in manage.stop() {
        let line: Value = serde_json::from_str(&line).unwrap();
        assert!(!line.to_string().contains("SECRET"), "{line}");
    }
}

#[tokio::test]
async fn a_path_that_is_not_the_resources_reaches_nothing() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "10").await;
    let mut manage = cloud.run("manage").await;
    for (path, status) in [
        ("", 404),
        ("/", 404),
        ("pets/1", 404),
        ("/pets", 404),
        ("/pets/", 404),
        ("/pets/1/", 404),
        ("/cats/1", 404),
        ("/PETS/1", 404),
        ("/pets/1 2", 404),
        ("/pets/1\n", 404),
        ("/pets/1#x", 404),
        ("/pets/1?x", 404),
        ("/pets/..", 400),
        ("/pets/%2e%2e", 400),
    ] {
        let event = Event::load("remove").with("/path", path);
        let answer = manage.answer(&event).await;
        assert_eq!(answer["statusCode"], status, "{path}: {answer}");
    }
    assert!(cloud.store().pet("1".parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn the_callers_host_is_in_no_address() {
    let cloud = Cloud::start().await;
    let event = Event::load("add")
        .with("/headers/Host", "evil.example")
        .with("/headers/X-Forwarded-Proto", "http")
        .with("/multiValueHeaders/Host", json!(["evil.example"]));
    let answer = cloud.run("manage").await.answer(&event).await;
    assert_eq!(answer["statusCode"], 201);
    assert!(!answer.to_string().contains("evil.example"), "{answer}");
}
