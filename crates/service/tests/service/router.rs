//! The HTTP API in process, by people in their roles. Who may call what is the gateway's business; here everybody has
//! come through.

mod addresses;
mod bodies;
mod buying;
mod cursors;
mod headers;
mod listing;
mod managing;
mod refusing;

use std::sync::Arc;

use embedded_dynamodb::EmbeddedDynamoDb;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};
use service::{BuyerIdentity, RequestContext, Router, RouterSettings, Store};

use crate::issuer::{EC, Keys, claims, now};

const BASE: &str = "https://api.example.com/test";

fn context(base_url: &str) -> RequestContext {
    RequestContext { request_id: "request-1".to_owned(), base_url: base_url.to_owned(), now: now() }
}

/// A shop that is open: a router over an empty table, with an issuer that it trusts.
#[derive(Clone)]
struct Shop {
    router: Router,
    keys: Arc<Keys>,
}

/// An answer, with its body as JSON where there is one.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Shop {
    async fn open() -> Self {
        let keys = Keys::of(&[&EC]);
        Self::with(BuyerIdentity::Verified(keys.verifier()), keys, "*").await
    }

    async fn with(buyer_identity: BuyerIdentity, keys: Arc<Keys>, origin: &'static str) -> Self {
        let store = Store::new(EmbeddedDynamoDb::memory().unwrap().client(), "pets");
        store.create_table_if_missing().await.unwrap();
        let settings = RouterSettings {
            allowed_origin: origin.parse().unwrap(),
            buyer_identity,
            social_connections: vec!["amazon".to_owned()],
        };
        Self { router: Router::new(store, settings), keys }
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Answer {
        let response = self.router.respond(request, &context(BASE)).await;
        let (parts, body) = response.into_parts();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        answer.is_well_formed();
        answer
    }

    async fn call(&self, method: &str, target: &str, body: impl Into<Vec<u8>>) -> Answer {
        let method: Method = method.parse().unwrap();
        self.send(Request::builder().method(method).uri(target).body(body.into()).unwrap()).await
    }

    async fn get(&self, target: &str) -> Answer {
        self.call("GET", target, "").await
    }
}

impl Answer {
    /// What every answer has, whatever it says.
    fn is_well_formed(&self) {
        assert_eq!(self.headers["x-amzn-requestid"], "request-1");
        assert!(self.headers.contains_key("access-control-allow-origin"));
        let exposed = "Date, Link, x-amzn-ErrorType, x-amzn-RequestId";
        assert_eq!(self.headers["access-control-expose-headers"], exposed);
        assert_eq!(self.headers["x-content-type-options"], "nosniff");
        if self.status.as_u16() >= 400 {
            assert_eq!(self.body["requestId"], "request-1");
            assert_eq!(self.headers["content-type"], "application/json");
            assert!(self.body["message"].as_str().unwrap().ends_with('.'), "{}", self.body);
        }
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    fn refuses(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        self
    }

    fn next(&self) -> Option<String> {
        let link = self.headers.get("link")?.to_str().unwrap();
        let url = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        Some(url.strip_prefix(BASE).unwrap().to_owned())
    }

    fn ids(&self) -> Vec<u64> {
        self.body.as_array().unwrap().iter().map(|pet| pet["id"].as_u64().unwrap()).collect()
    }
}

/// Somebody who looks after the shop.
struct Admin<'a>(&'a Shop);

impl Admin<'_> {
    async fn add(&self, kind: &str, price: f64) -> u64 {
        let body = json!({"type": kind, "price": price}).to_string();
        self.0.call("POST", "/pets", body).await.is(201).body["id"].as_u64().unwrap()
    }

    async fn remove(&self, id: u64) -> Answer {
        self.0.call("DELETE", &format!("/pets/{id}"), "").await
    }

    async fn sales(&self, query: &str) -> Answer {
        self.0.get(&format!("/pets/sales{query}")).await
    }
}

/// Somebody who buys, with a token of the trusted issuer.
struct Buyer<'a> {
    shop: &'a Shop,
    token: String,
}

impl<'a> Buyer<'a> {
    fn new(shop: &'a Shop, sub: &str, name: &str) -> Self {
        Self { shop, token: EC.token(&claims(sub, name)) }
    }

    async fn buy(&self, id: u64) -> Answer {
        let body = json!({"petId": id, "authToken": self.token}).to_string();
        self.shop.call("POST", "/pets/purchase", body).await
    }

    async fn purchases(&self, query: &str) -> Answer {
        let request = Request::get(format!("/pets/purchases{query}")).header("X-Identity-Token", &self.token);
        self.shop.send(request.body(Vec::new()).unwrap()).await
    }
}
