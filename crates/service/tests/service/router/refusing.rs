//! What nobody gets, and what a browser has to know.

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use domain::MAX_BODY_BYTES;
use embedded_dynamodb::EmbeddedDynamoDb;
use service::{BuyerIdentity, Router, RouterSettings, Store};

use super::{Admin, Shop};
use crate::issuer::Keys;

#[tokio::test]
async fn an_unknown_resource_is_not_found() {
    let shop = Shop::open().await;
    for path in ["/", "/pet", "/pets/", "/pets/1/", "/pets/1/name", "/test/pets", "//pets", "/PETS", "/pets/purchase/1"]
    {
        for method in ["GET", "OPTIONS", "DELETE"] {
            shop.call(method, path, "").await.refuses(404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_resource_says_what_may_be_done_with_it() {
    let shop = Shop::open().await;
    for (path, allow) in [
        ("/pets", "OPTIONS, GET, POST"),
        ("/pets/1", "OPTIONS, DELETE"),
        ("/pets/purchase", "OPTIONS, POST"),
        ("/pets/purchases", "OPTIONS, GET"),
        ("/pets/sales", "OPTIONS, GET"),
    ] {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"] {
            if !allow.contains(method) {
                let answer = shop.call(method, path, "").await.refuses(405, "method_not_allowed");
                assert_eq!(answer.headers["allow"], allow, "{method} {path}");
            }
        }
        let preflight = shop.call("OPTIONS", path, "").await.is(204);
        assert_eq!(preflight.headers["access-control-allow-methods"], allow);
        let headers = preflight.headers["access-control-allow-headers"].to_str().unwrap();
        for header in [
            "authorization",
            "content-type",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-content-sha256",
            "x-identity-token",
        ] {
            assert!(headers.split(',').any(|allowed| allowed == header), "{header}");
        }
        assert!(preflight.headers.contains_key("access-control-max-age"));
        assert!(preflight.body.is_null());
    }
}

#[tokio::test]
async fn a_large_body_is_refused_unread() {
    let shop = Shop::open().await;
    let large = vec![b' '; MAX_BODY_BYTES + 1];
    for (method, path) in
        [("POST", "/pets"), ("POST", "/pets/purchase"), ("DELETE", "/pets/1"), ("GET", "/pets"), ("GET", "/pets/sales")]
    {
        shop.call(method, path, large.clone()).await.refuses(413, "body_too_large");
    }
    let mut body = br#"{"type":"dog","price":1}"#.to_vec();
    body.resize(MAX_BODY_BYTES, b' ');
    shop.call("POST", "/pets", body).await.is(201);
}

#[tokio::test]
async fn one_allowed_origin_is_named_and_varies() {
    let keys = Keys::of(&[]);
    let shop = Shop::with(BuyerIdentity::Verified(keys.verifier()), keys, "https://shop.example.com").await;
    Admin(&shop).add("dog", 1.0).await;
    for (method, path) in [("GET", "/pets"), ("OPTIONS", "/pets"), ("GET", "/nothing"), ("DELETE", "/pets/1")] {
        let answer = shop.call(method, path, "").await;
        assert_eq!(answer.headers["access-control-allow-origin"], "https://shop.example.com");
        assert_eq!(answer.headers["vary"], "Origin");
    }
    let open = Shop::open().await.get("/pets").await;
    assert_eq!(open.headers["access-control-allow-origin"], "*");
    assert!(!open.headers.contains_key("vary"));
}

/// A shop over any table.
fn shop_over(client: Client, table: &str) -> Shop {
    let settings = RouterSettings {
        allowed_origin: "*".parse().unwrap(),
        buyer_identity: BuyerIdentity::Claimed,
        social_connections: vec![],
    };
    Shop { router: Router::new(Store::new(client, table), settings), keys: Keys::of(&[]) }
}

#[tokio::test]
async fn our_own_fault_is_not_explained_to_strangers() {
    // There is no table.
    let shop = shop_over(EmbeddedDynamoDb::memory().unwrap().client(), "missing-table");
    for path in ["/pets", "/pets?id=1"] {
        let answer = shop.get(path).await.refuses(500, "internal");
        let told = "Something went wrong on our side. Try again later; if it stays, tell us the request's id.";
        assert_eq!(answer.body, serde_json::json!({"code": "internal", "message": told, "requestId": "request-1"}));
    }
}

#[tokio::test]
async fn a_record_that_nobody_here_wrote_is_our_fault() {
    let client = EmbeddedDynamoDb::memory().unwrap().client();
    Store::new(client.clone(), "pets").create_table_if_missing().await.unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |text: &str| AttributeValue::N(text.to_owned());
    let put = client.put_item().table_name("pets").item("id", number("1")).item("type", text("dog"));
    put.item("price", number("-5")).item("status", text("available")).send().await.unwrap();
    let shop = shop_over(client, "pets");
    for path in ["/pets", "/pets?id=1"] {
        shop.get(path).await.refuses(500, "internal");
    }
}
