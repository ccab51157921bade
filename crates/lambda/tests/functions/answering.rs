//! Events and their answers, whole.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};

use crate::{Cloud, Event, process::Outcome};

const BASE: &str = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/test";

/// What API Gateway is given, with the headers that every answer has and these.
fn expected(event: &Event, status: u16, headers: &Value, body: Option<&Value>) -> Value {
    let mut all = json!({
        "access-control-allow-origin": ["https://pets.example.com"],
        "access-control-expose-headers": ["Date, Link, x-amzn-ErrorType, x-amzn-RequestId"],
        "x-content-type-options": ["nosniff"],
        "vary": ["Origin"],
        "x-amzn-requestid": [event.request_id()],
    });
    for (name, value) in headers.as_object().unwrap() {
        all[name] = json!([value]);
    }
    let mut answer =
        json!({"statusCode": status, "headers": {}, "multiValueHeaders": all, "isBase64Encoded": false, "body": ""});
    if let Some(body) = body {
        all["content-type"] = json!(["application/json"]);
        answer["multiValueHeaders"] = all;
        answer["body"] = json!(body.to_string());
    }
    answer
}

/// The answer with its body parsed and written again, so that two are compared by what they say.
fn normal(mut answer: Value) -> Value {
    let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    answer["body"] = json!(body.to_string());
    answer
}

fn error(event: &Event, status: u16, code: &str, message: &str) -> Value {
    let body = json!({"code": code, "message": message, "requestId": event.request_id()});
    expected(event, status, &json!({"cache-control": "no-store"}), Some(&body))
}

fn not_found(event: &Event) -> Value {
    error(event, 404, "not_found", "The API has no such resource; pets are at /pets.")
}

#[tokio::test]
async fn a_list_is_answered_page_by_page() {
    let cloud = Cloud::start().await;
    for price in ["10", "20"] {
        cloud.table.add("guinea pig", price).await;
        cloud.table.add("dog", price).await;
    }
    let mut list = cloud.run("list").await;

    let event = Event::load("list");
    let answer = list.answer(&event).await;
    let link = answer["multiValueHeaders"]["link"][0].as_str().unwrap().to_owned();
    let pet = json!([{"id": 1, "type": "guinea pig", "price": 10, "isSold": false}]);
    assert_eq!(normal(answer), expected(&event, 200, &json!({"cache-control": "no-cache", "link": link}), Some(&pet)));

    let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    let (address, query) = next.split_once('?').unwrap();
    assert_eq!(address, format!("{BASE}/pets"));
    let (mut one, mut many) = (json!({}), json!({}));
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        let value = value.replace('+', " ").replace("%3D", "=");
        (one[name], many[name]) = (json!(value), json!([value]));
    }
    let event = event.with("/queryStringParameters", one).with("/multiValueQueryStringParameters", many);
    let pet = json!([{"id": 3, "type": "guinea pig", "price": 20, "isSold": false}]);
    let answer = normal(list.answer(&event).await);
    assert_eq!(answer, expected(&event, 200, &json!({"cache-control": "no-cache"}), Some(&pet)));
}

#[tokio::test]
async fn a_list_without_a_query_is_asked_for_with_nulls() {
    let cloud = Cloud::start().await;
    let mut list = cloud.run("list").await;
    let event = Event::load("list")
        .with("/queryStringParameters", Value::Null)
        .with("/multiValueQueryStringParameters", Value::Null);
    let answer = normal(list.answer(&event).await);
    assert_eq!(answer, expected(&event, 200, &json!({"cache-control": "no-cache"}), Some(&json!([]))));
}

#[tokio::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let cloud = Cloud::start().await;
    let answer = cloud.run("list").await.answer(&Event::load("list-with-a-parameter-twice")).await;
    assert_eq!(answer["statusCode"], 400, "{answer}");
    assert!(answer["body"].as_str().unwrap().contains("limit"), "{answer}");
}

#[tokio::test]
async fn an_admin_adds_and_removes() {
    let cloud = Cloud::start().await;
    let mut manage = cloud.run("manage").await;
    for (id, event, pet) in [
        (1, "add", json!({"id": 1, "type": "dog", "price": 249.99, "isSold": false})),
        (2, "add-in-base64", json!({"id": 2, "type": "parrot 🦜", "price": 50, "isSold": false})),
    ] {
        let event = Event::load(event);
        let headers = json!({"cache-control": "no-store", "location": format!("{BASE}/pets/{id}")});
        assert_eq!(normal(manage.answer(&event).await), expected(&event, 201, &headers, Some(&pet)));
    }
    let event = Event::load("remove");
    assert_eq!(manage.answer(&event).await, expected(&event, 204, &json!({}), None));
    let again = manage.answer(&event).await;
    assert_eq!(normal(again), error(&event, 404, "pet_not_found", "There is no pet 1."));
    assert!(cloud.store().pet("2".parse().unwrap()).await.is_ok());
}

#[tokio::test]
async fn a_buyer_buys_and_both_sides_see_it() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "249.99").await;
    let (mut purchase, mut manage) = (cloud.run("purchase").await, cloud.run("manage").await);
    let fred = cloud.issuer.token("amazon|fred", "fred");

    let event = Event::load_with("purchase", &fred);
    let first = normal(purchase.answer(&event).await);
    let pet: Value = serde_json::from_str(first["body"].as_str().unwrap()).unwrap();
    assert_eq!((&pet["soldTo"], &pet["isSold"], &pet["id"]), (&json!("fred"), &json!(true), &json!(1)));
    assert_eq!(first, expected(&event, 200, &json!({"cache-control": "no-store"}), Some(&pet)));
    assert_eq!(normal(purchase.answer(&event).await), first, "a repeated purchase");

    let barney = Event::load_with("purchase", &cloud.issuer.token("amazon|barney", "barney"));
    let answer = normal(purchase.answer(&barney).await);
    assert_eq!(answer, error(&barney, 409, "pet_not_available", "That pet is not available."));

    let mine = Event::load_with("purchases", &fred);
    let answer = normal(purchase.answer(&mine).await);
    assert_eq!(answer, expected(&mine, 200, &json!({"cache-control": "no-store"}), Some(&json!([pet]))));
    let sales = Event::load("sales");
    let answer = normal(manage.answer(&sales).await);
    assert_eq!(answer, expected(&sales, 200, &json!({"cache-control": "no-store"}), Some(&json!([pet]))));
}

#[tokio::test]
async fn keys_are_fetched_once_a_process() {
    let cloud = Cloud::start().await;
    let mut purchase = cloud.run("purchase").await;
    assert_eq!(cloud.issuer.asked(), 0);
    for person in 0..20 {
        cloud.table.add("dog", "10").await;
        let token = cloud.issuer.token(&format!("amazon|{person}"), "somebody");
        let event = Event::load_with("purchase", &token)
            .with("/body", json!({"petId": person + 1, "authToken": token}).to_string());
        assert_eq!(purchase.answer(&event).await["statusCode"], 200);
    }
    assert_eq!(cloud.issuer.asked(), 1);
}

#[tokio::test]
async fn who_is_no_buyer_buys_nothing() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "10").await;
    let mut purchase = cloud.run("purchase").await;
    let answer = purchase.answer(&Event::load_with("purchase", &cloud.issuer.token("auth0|1", "admin"))).await;
    assert_eq!(answer["statusCode"], 403, "{answer}");
    let answer = purchase.answer(&Event::load_with("purchase", "a.b.c")).await;
    assert_eq!(answer["statusCode"], 401, "{answer}");
    assert!(cloud.store().pet("1".parse().unwrap()).await.unwrap().sale.is_none());
}

#[tokio::test]
async fn a_preflight_that_reaches_a_function_is_answered() {
    let cloud = Cloud::start().await;
    let event = Event::load("preflight");
    let answer = cloud.run("purchase").await.answer(&event).await;
    let headers = json!({
        "allow": "OPTIONS, POST",
        "access-control-allow-methods": "OPTIONS, POST",
        "access-control-allow-headers":
            "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-identity-token",
        "access-control-max-age": "600",
    });
    assert_eq!(answer, expected(&event, 204, &headers, None));
}

#[tokio::test]
async fn a_function_answers_no_route_of_another() {
    let cloud = Cloud::start().await;
    cloud.table.add("dog", "10").await;
    let token = cloud.issuer.token("amazon|fred", "fred");
    let events = [
        ("list", "list"),
        ("add", "manage"),
        ("remove", "manage"),
        ("sales", "manage"),
        ("purchase", "purchase"),
        ("purchases", "purchase"),
    ];
    for function in ["list", "manage", "purchase"] {
        let mut process = cloud.run(function).await;
        for (event, _) in events.iter().filter(|(_, owner)| *owner != function) {
            let event = Event::load_with(event, &token);
            assert_eq!(normal(process.answer(&event).await), not_found(&event), "{function}");
        }
    }
    let pet = cloud.store().pet("1".parse().unwrap()).await.unwrap();
    assert!(pet.sale.is_none() && cloud.store().pet("2".parse().unwrap()).await.is_err());
    assert_eq!(cloud.table.signed.lock().unwrap().len(), 0, "no function asked the table");
}

#[tokio::test]
async fn the_table_is_asked_with_the_functions_credentials() {
    let cloud = Cloud::start().await;
    cloud.run("list").await.answer(&Event::load("list")).await;
    let signed = cloud.table.signed.lock().unwrap().clone();
    assert!(!signed.is_empty());
    for (authorization, token) in signed {
        assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=ASIAFUNCTION/"), "{authorization}");
        assert!(authorization.contains("/eu-west-1/dynamodb/aws4_request"), "{authorization}");
        assert_eq!(token, "SESSION-TOKEN-OF-THE-FUNCTION");
    }
}

#[tokio::test]
async fn an_answer_leaves_before_the_functions_time_is_over() {
    let cloud = Cloud::start().await;
    let mut list = cloud.run("list").await;
    let event = Event::load("list");
    let unavailable = error(&event, 503, "unavailable", "The shop can't answer at the moment. Try again in a minute.");
    cloud.table.is_silent.store(true, Ordering::SeqCst);
    for time_left in [1200, 0] {
        let outcome = list.invoke_raw(event.0.to_string(), Duration::from_millis(time_left)).await;
        let Outcome::Answer(answer) = outcome else { panic!("{outcome:?}") };
        assert_eq!(normal(answer), unavailable);
    }
    cloud.table.is_silent.store(false, Ordering::SeqCst);
    assert_eq!(list.answer(&event).await["statusCode"], 200);
}

/// Eight refusals are more than the SDK bears by itself, and less than the store does.
#[tokio::test]
async fn a_table_that_is_busy_is_asked_again() {
    let cloud = Cloud::start().await;
    let mut list = cloud.run("list").await;
    cloud.table.busy.store(8, Ordering::SeqCst);
    assert_eq!(list.answer(&Event::load("list")).await["statusCode"], 200);
    assert_eq!(cloud.table.busy.load(Ordering::SeqCst), 0);
}
