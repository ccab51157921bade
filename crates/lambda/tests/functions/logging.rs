//! What is in the log, and what must not be.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::{Cloud, Event};

#[tokio::test]
async fn each_request_is_one_line_of_json_and_nobody_is_in_it() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "10").await;
    let mut purchase = cloud.run("purchase").await;
    let fred = cloud.issuer.token("amazon|fred-at-amazon", "Fred Flintstone");
    let expired = cloud.issuer.token("auth0|wilma-at-auth0", "Wilma");
    let events = [
        Event::load_with("purchase", &fred),
        Event::load_with("purchase", &expired),
        Event::load_with("purchase", &fred).with("/body", "SECRET, not JSON"),
        Event::load_with("purchases", &fred)
            .with("/queryStringParameters", json!({"cursor": "SECRET"}))
            .with("/multiValueQueryStringParameters", json!({"cursor": ["SECRET"]})),
        Event::load_with("purchases", "SECRET"),
        Event::load("list"),
    ];
    for event in &events {
        purchase.answer(event).await;
    }
    let lines: Vec<Value> = purchase.stop().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), events.len(), "{lines:#?}");
    let expected = [
        ("POST", "/pets/purchase", 200),
        ("POST", "/pets/purchase", 403),
        ("POST", "/pets/purchase", 400),
        ("GET", "/pets/purchases", 400),
        ("GET", "/pets/purchases", 401),
        ("", "none", 404),
    ];
    for (number, (line, (method, route, status))) in lines.iter().zip(expected).enumerate() {
        assert_eq!((&line["level"], &line["message"]), (&json!("INFO"), &json!("answered")));
        assert_eq!((&line["method"], &line["route"]), (&json!(method), &json!(route)));
        assert_eq!(line["status"], status);
        assert_eq!(line["requestId"], events[number].request_id());
        assert_eq!(line["invocation"], format!("invocation-{}", number + 1));
        assert!(line["timestamp"].is_string() && line["milliseconds"].is_u64(), "{line}");
    }
    let text = format!("{lines:?}").to_lowercase();
    let signature = fred.rsplit('.').next().unwrap().to_lowercase();
    for private in
        ["fred", "wilma", "flintstone", "@", "secret", "203.0.113.7", "mozilla", "example.com", "asia", &signature]
    {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

#[tokio::test]
async fn no_function_writes_who_asked_or_with_what_whatever_comes_of_it() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "10").await;
    let fred = cloud.issuer.token("amazon|fred-at-amazon", "Fred Flintstone");
    let wilma = cloud.issuer.token("amazon|wilma-at-amazon", "wilma@example.com");
    let spoiled = format!("{}AAAA", &fred[..fred.len() - 4]);
    let asked = |event: Event, name: &str, value: &str| {
        event
            .with("/queryStringParameters", json!({name: value}))
            .with("/multiValueQueryStringParameters", json!({name: [value]}))
    };
    let runs = [
        (
            "list",
            vec![
                Event::load("list"),
                asked(Event::load("list"), "type", "flintstone"),
                asked(Event::load("list"), "cursor", &fred),
                asked(Event::load("list"), &fred, "x"),
                Event::load_with("purchase", &fred),
            ],
        ),
        (
            "purchase",
            vec![
                Event::load_with("purchase", &fred),
                Event::load_with("purchase", &wilma),
                Event::load_with("purchase", &spoiled),
                Event::load_with("purchase", &fred)
                    .with("/body", json!({"petId": 999, "authToken": fred, "userName": "Fred"}).to_string()),
                Event::load_with("purchases", &fred),
                Event::load_with("purchases", &spoiled),
                Event::load("sales"),
            ],
        ),
        (
            "manage",
            vec![
                Event::load("sales"),
                asked(Event::load("sales"), "cursor", "flintstone"),
                Event::load("add"),
                Event::load("add")
                    .with("/body", json!({"type": fred, "price": 1, "name": "Fred Flintstone"}).to_string()),
                Event::load("add").with("/body", format!("{{\"type\": \"{fred}")),
                Event::load("remove"),
                Event::load("remove"),
                Event::load_with("purchases", &fred),
            ],
        ),
    ];
    let parts = [&fred, &wilma, &spoiled].into_iter().flat_map(|token| token.split('.').skip(1)).map(str::to_lowercase);
    let words =
        ["fred", "flintstone", "wilma", "@", "203.0.113.7", "mozilla", "example.com", "asia"].map(str::to_owned);
    let private: Vec<String> = parts.chain(words).collect();
    for (function, events) in runs {
        let mut process = cloud.run(function).await;
        let mut statuses = Vec::new();
        for event in &events {
            statuses.push(process.answer(event).await["statusCode"].as_u64().unwrap());
        }
        assert!(
            statuses.iter().any(|status| *status < 300) && statuses.iter().any(|status| *status >= 400),
            "{statuses:?}"
        );
        let lines = process.stop();
        assert_eq!(lines.len(), events.len(), "{function}: {lines:#?}");
        let text = lines.join("\n").to_lowercase();
        let found: Vec<_> = private.iter().filter(|private| text.contains(private.as_str())).collect();
        assert_eq!(found, Vec::<&String>::new(), "{function}: {text}");
    }
}

#[tokio::test]
async fn what_went_wrong_on_our_side_is_a_line_with_the_requests_id() {
    let cloud = Cloud::start().await;
    let mut environment = cloud.environment();
    environment.insert("TABLE_NAME", "Absent".to_owned());
    let mut list = crate::Process::start("list", environment).await;
    let event = Event::load("list");
    let answer = list.answer(&event).await;
    assert_eq!(answer["statusCode"], 500);
    assert!(!answer.to_string().contains("ResourceNotFound"), "{answer}");
    let lines: Vec<Value> = list.stop().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [error, answered] = lines.as_slice() else { panic!("{lines:#?}") };
    assert_eq!((&error["level"], &error["requestId"]), (&json!("ERROR"), &json!(event.request_id())));
    assert!(error["message"].as_str().unwrap().contains("ResourceNotFoundException"), "{error}");
    assert_eq!(answered["status"], 500);
}

#[tokio::test]
async fn a_table_that_is_silent_is_in_the_log() {
    let cloud = Cloud::start().await;
    let mut list = cloud.run("list").await;
    cloud.table.is_silent.store(true, Ordering::SeqCst);
    list.invoke_raw(Event::load("list").0.to_string(), std::time::Duration::from_millis(900)).await;
    let lines = list.stop();
    assert!(lines[0].contains("ERROR") && lines[0].contains("no answer in the host's time"), "{lines:#?}");
}
