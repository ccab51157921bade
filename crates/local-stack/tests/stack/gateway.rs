//! Who may call what, and what every wrong signature gets.

use serde_json::json;
use time::Duration;

use crate::{
    client::{Call, send},
    signer::{Credentials, Signing},
    world::{BUYER, World},
};

fn add() -> Call {
    Call::new("POST", "/test/pets").header("content-type", "application/json").body(r#"{"type":"frog","price":4.99}"#)
}

fn purchase(world: &World) -> Call {
    let body = json!({ "petId": 2, "authToken": world.token(BUYER) }).to_string();
    Call::new("POST", "/test/pets/purchase").header("content-type", "application/json").body(body)
}

#[tokio::test]
async fn each_role_may_call_what_is_its_own() {
    let world = World::start().await;
    let (admin, buyer) = (world.admin().await, world.buyer().await);
    let purchases = Call::new("GET", "/test/pets/purchases").header("x-identity-token", &world.token(BUYER));
    let calls = [
        (add(), 201, 403),
        (Call::new("DELETE", "/test/pets/1"), 204, 403),
        (Call::new("GET", "/test/pets/sales"), 200, 403),
        (purchase(&world), 403, 200),
        (purchases, 403, 200),
    ];
    for (call, as_admin, as_buyer) in calls {
        let unsigned = world.send(&call).await;
        assert_eq!(unsigned.refusal(), "MissingAuthenticationTokenException", "{call:?}");
        assert_eq!(unsigned.json()["message"], "Missing Authentication Token");
        for (credentials, expected, role) in
            [(&admin, as_admin, "auth0-api-role"), (&buyer, as_buyer, "auth0-api-social-role")]
        {
            let answer = world.send_signed(call.clone(), credentials).await;
            assert_eq!(answer.status, expected, "{role}: {answer:?}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:8080"));
            if expected == 403 {
                assert_eq!(answer.refusal(), "AccessDeniedException");
                let path = call.target.strip_prefix("/test").unwrap();
                let message = answer.json()["message"].as_str().unwrap().to_owned();
                for part in [
                    format!("arn:aws:sts::123456789012:assumed-role/{role}/tests is not authorized"),
                    "execute-api:Invoke".into(),
                    format!("/test/{}{path}", call.method),
                ] {
                    assert!(message.contains(&part), "{part}: {message}");
                }
            }
        }
    }
    let list = world.send(&Call::new("GET", "/test/pets?limit=1")).await;
    assert_eq!((list.status, &list.json()[0]["id"]), (200, &json!(3)), "1 is removed, 2 is sold");
    let link = list.header("link").unwrap();
    assert!(link.starts_with(&format!("<http://localhost:{}/test/pets?", world.address().port())), "{link}");
}

#[tokio::test]
async fn a_page_may_ask_before_it_calls() {
    let world = World::start().await;
    for (path, method) in [
        ("/test/pets", "POST"),
        ("/test/pets/1", "DELETE"),
        ("/test/pets/purchase", "POST"),
        ("/test/pets/sales", "GET"),
        ("/test/pets/purchases", "GET"),
    ] {
        let answer = world.send(&Call::new("OPTIONS", path).header("origin", "http://localhost:8080")).await;
        assert_eq!(answer.status, 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:8080"));
        assert!(answer.header("access-control-allow-methods").unwrap().contains(method), "{path}");
        assert!(answer.header("access-control-allow-headers").unwrap().contains("X-Amz-Security-Token"));
    }
}

#[tokio::test]
async fn what_is_no_route_is_refused_alike() {
    let world = World::start().await;
    let admin = world.admin().await;
    for (method, target) in [
        ("GET", "/test"),
        ("GET", "/test/"),
        ("GET", "/test/pets/"),
        ("GET", "/test//pets"),
        ("GET", "/test/./pets"),
        ("GET", "/test/x/../pets"),
        ("GET", "/test/pets%2fsales"),
        ("DELETE", "/test/pets/.."),
        ("DELETE", "/test/pets/%2e%2e"),
        ("DELETE", "/test/pets/1/"),
        ("DELETE", "/test/pets"),
        ("GET", "/test/pets/1"),
        ("PUT", "/test/pets"),
        ("PATCH", "/test/pets/purchase"),
        ("DELETE", "/test/pets/sales"),
        ("GET", "/test/cats"),
        ("GET", "/test/Pets"),
    ] {
        let call = Call::new(method, target);
        assert_eq!(world.send(&call).await.refusal(), "MissingAuthenticationTokenException", "{method} {target}");
        let signed = world.send_signed(call, &admin).await;
        assert_eq!(signed.refusal(), "MissingAuthenticationTokenException", "{method} {target} signed");
    }
    let broken = world.send(&Call::new("GET", "/test/pets?type=%ff")).await;
    assert_eq!((broken.status, broken.refusal()), (400, "BadRequestException"));
}

#[tokio::test]
async fn another_spelling_of_a_path_is_the_same_path_to_everybody() {
    let world = World::start().await;
    let (admin, buyer) = (world.admin().await, world.buyer().await);
    let spelled = Call::new("DELETE", "/test/%70ets/%31");
    let refused = world.send_signed(spelled.clone(), &buyer).await;
    assert!(refused.json()["message"].as_str().unwrap().contains("/test/DELETE/pets/1 "), "{refused:?}");
    assert_eq!(world.send_signed(spelled, &admin).await.status, 204);
    // A fixed path in disguise is that path, not a pet of that name.
    let sales = world.send_signed(Call::new("GET", "/test/pets/%73ales"), &buyer).await;
    assert!(sales.json()["message"].as_str().unwrap().contains("/GET/pets/sales "), "{sales:?}");
}

#[tokio::test]
async fn each_wrong_signature_is_refused_with_its_type() {
    let world = World::start().await;
    let admin = world.admin().await;
    let good = world.signed(add(), &admin);
    let host = world.address().to_string();
    let other = world.admin().await;
    let sign = |credentials: &Credentials| Signing::new(credentials, world.now()).sign(add(), &host);
    let shifted = |minutes: i64| {
        Signing { now: world.now() + Duration::minutes(minutes), ..Signing::new(&admin, world.now()) }
            .sign(add(), &host)
    };
    let cases: Vec<(&str, Call, &str)> = vec![
        ("no signature", add(), "MissingAuthenticationTokenException"),
        (
            "another session's secret",
            sign(&Credentials { secret: other.secret.clone(), ..admin.clone() }),
            "InvalidSignatureException",
        ),
        (
            "another session's key id",
            sign(&Credentials { id: other.id.clone(), ..admin.clone() }),
            "UnrecognizedClientException",
        ),
        (
            "another session's token",
            sign(&Credentials { token: other.token.clone(), ..admin.clone() }),
            "UnrecognizedClientException",
        ),
        ("no token", sign(&Credentials { token: None, ..admin.clone() }), "UnrecognizedClientException"),
        (
            "a key of nobody",
            sign(&Credentials { id: "AKIDEXAMPLE".into(), secret: "x".into(), token: None }),
            "UnrecognizedClientException",
        ),
        ("ten minutes late", shifted(-10), "InvalidSignatureException"),
        ("ten minutes early", shifted(10), "InvalidSignatureException"),
        (
            "another region",
            Signing { region: "eu-west-1", ..Signing::new(&admin, world.now()) }.sign(add(), &host),
            "InvalidSignatureException",
        ),
        (
            "another service",
            Signing { service: "s3", ..Signing::new(&admin, world.now()) }.sign(add(), &host),
            "InvalidSignatureException",
        ),
        ("another body", good.clone().body(r#"{"type":"frog","price":4.98}"#), "InvalidSignatureException"),
        (
            "another method",
            Call { method: "DELETE".into(), target: "/test/pets/1".into(), ..good.clone() },
            "InvalidSignatureException",
        ),
        ("another query", Call { target: "/test/pets?a=b".into(), ..good.clone() }, "InvalidSignatureException"),
        ("another host", good.clone().with("host", |_| "localhost:1".into()), "InvalidSignatureException"),
        (
            "another content type",
            good.clone().with("content-type", |_| "text/plain".into()),
            "InvalidSignatureException",
        ),
        (
            "a time that wasn't signed",
            good.clone().with("x-amz-date", |date| date.replace('Z', "").replace("20", "19") + "Z"),
            "InvalidSignatureException",
        ),
        ("an x-amz header that isn't signed", good.clone().header("x-amz-meta", "x"), "InvalidSignatureException"),
        (
            "a signed header that says the payload is unsigned",
            world.signed(add().header("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), &admin),
            "InvalidSignatureException",
        ),
        ("a second host", good.clone().header("host", &host), "IncompleteSignatureException"),
        (
            "a second Authorization",
            good.clone().header("authorization", "AWS4-HMAC-SHA256 x"),
            "IncompleteSignatureException",
        ),
        ("a bearer token", add().header("authorization", "Bearer x"), "IncompleteSignatureException"),
        ("no date", good.clone().without("x-amz-date"), "IncompleteSignatureException"),
        (
            "no signed host",
            good.clone().with("authorization", |text| text.replace("host;", "")),
            "IncompleteSignatureException",
        ),
        (
            "no Signature",
            good.clone().with("authorization", |text| text.split(", Signature").next().unwrap().into()),
            "IncompleteSignatureException",
        ),
        (
            "two signatures",
            good.clone().with("authorization", |text| format!("{text}, Signature={}", "0".repeat(64))),
            "IncompleteSignatureException",
        ),
        (
            "a part that nobody knows",
            good.clone().with("authorization", |text| format!("{text}, Trailer=x")),
            "IncompleteSignatureException",
        ),
        (
            "half a credential",
            good.clone().with("authorization", |text| text.replace("/us-east-1", "")),
            "IncompleteSignatureException",
        ),
        (
            "both forms",
            Call { target: "/test/pets?X-Amz-Algorithm=AWS4-HMAC-SHA256".into(), ..good.clone() },
            "IncompleteSignatureException",
        ),
    ];
    for (name, call, expected) in cases {
        let answer = world.send(&call).await;
        assert_eq!((answer.status, answer.refusal()), (403, expected), "{name}: {answer:?}");
        let message = answer.json()["message"].to_string();
        assert!(!message.contains(admin.token.as_deref().unwrap()) && !message.contains(&admin.secret), "{name}");
    }
    assert_eq!(world.send(&good).await.status, 201, "and the good one is good");
}

#[tokio::test]
async fn a_session_ends_and_outlives_a_restart() {
    let world = World::start().await;
    let admin = world.admin().await;
    let sales = || Call::new("GET", "/test/pets/sales");
    assert_eq!(world.send_signed(sales(), &admin).await.status, 200);
    let world = world.restart().await;
    assert_eq!(world.send_signed(sales(), &admin).await.status, 200);
    world.pass(3601);
    assert_eq!(world.send_signed(sales(), &admin).await.refusal(), "ExpiredTokenException");
}

#[tokio::test]
async fn a_presigned_address_is_good_for_its_time() {
    let world = World::start().await;
    let (admin, buyer) = (world.admin().await, world.buyer().await);
    let presigned = |credentials: &Credentials, seconds: u64| {
        let signing = Signing { presigned: Some(seconds), ..Signing::new(credentials, world.now()) };
        signing.sign(Call::new("GET", "/test/pets/sales?limit=1"), &world.address().to_string())
    };
    let good = presigned(&admin, 600);
    assert_eq!(world.send(&good).await.status, 200);
    assert_eq!(world.send(&presigned(&buyer, 600)).await.refusal(), "AccessDeniedException");
    let other = Call { target: good.target.replace("limit=1", "limit=2"), ..good.clone() };
    assert_eq!(world.send(&other).await.refusal(), "InvalidSignatureException");
    let longer = Call { target: good.target.replace("X-Amz-Expires=600", "X-Amz-Expires=900"), ..good.clone() };
    assert_eq!(world.send(&longer).await.refusal(), "InvalidSignatureException");
    let forever = Call { target: good.target.replace("X-Amz-Expires=600", "X-Amz-Expires=604801"), ..good.clone() };
    assert_eq!(world.send(&forever).await.refusal(), "IncompleteSignatureException");
    let twice = Call { target: format!("{}&X-Amz-Expires=600", good.target), ..good.clone() };
    assert_eq!(world.send(&twice).await.refusal(), "IncompleteSignatureException");
    world.pass(601);
    assert_eq!(world.send(&good).await.refusal(), "InvalidSignatureException");
}

#[tokio::test]
async fn large_bodies_are_refused_in_words() {
    let world = World::start().await;
    let admin = world.admin().await;
    let large = world.send_signed(add().body(vec![b' '; 64 * 1024 + 1]), &admin).await;
    assert_eq!((large.status, &large.json()["code"]), (413, &json!("body_too_large")));
    assert_eq!(large.header("access-control-allow-origin"), Some("http://localhost:8080"));
    let head = "POST /test/pets HTTP/1.1\r\nhost: x\r\ncontent-length: 2000000\r\nconnection: close\r\n\r\n";
    let huge = send(world.address(), head.as_bytes()).await.unwrap();
    assert_eq!((huge.status, huge.refusal()), (413, "RequestTooLargeException"));
}
