//! Signed requests in disguise: other spellings of paths, queries and headers, and what HTTP itself can be bent to. What
//! is refused changes nothing, and what is let through is what was signed.

use serde_json::Value;
use time::{OffsetDateTime, macros::format_description};

use crate::{
    by_hand::ByHand,
    client::{Answer, Call, send},
    signer::Credentials,
    world::World,
};

pub const INVALID: &str = "InvalidSignatureException";
pub const INCOMPLETE: &str = "IncompleteSignatureException";
pub const NO_ROUTE: &str = "MissingAuthenticationTokenException";
pub const UNKNOWN: &str = "UnrecognizedClientException";

pub fn timestamp(time: OffsetDateTime) -> String {
    time.to_utc().format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap()
}

fn add() -> Call {
    Call::new("POST", "/test/pets").header("x-anything", "a, b").body(r#"{"type":"frog","price":4.99}"#)
}

/// The text of a request, its headers one a line.
fn text(call: &Call) -> String {
    String::from_utf8(call.bytes()).unwrap()
}

async fn send_text(world: &World, text: &str) -> Option<Answer> {
    send(world.address(), text.as_bytes()).await
}

/// A stack with an admin, and what it held before anybody came in disguise.
pub struct Shop {
    pub world: World,
    pub admin: Credentials,
    before: Vec<Value>,
}

impl Shop {
    pub async fn new() -> Self {
        let world = World::start().await;
        let admin = world.admin().await;
        let before = world.everything().await;
        Self { world, admin, before }
    }

    pub async fn nothing_changed(&self) {
        assert_eq!(self.world.everything().await, self.before);
    }

    /// A signature over the call as it would be signed at that path and query.
    pub fn by_hand(&self, call: Call, canonical: (&str, &str), change: impl FnOnce(&mut ByHand)) -> Call {
        let timestamp = timestamp(self.world.now());
        let call = call.header("host", &self.world.address().to_string()).header("x-amz-date", &timestamp);
        let call = call.header("x-amz-security-token", self.admin.token.as_deref().unwrap());
        let mut by_hand = ByHand {
            credentials: &self.admin,
            timestamp: &timestamp,
            scope: [&timestamp[..8], "us-east-1", "execute-api", "aws4_request"].map(str::to_owned),
            signed: &["host", "x-amz-date", "x-amz-security-token"],
            canonical,
            payload: None,
        };
        change(&mut by_hand);
        by_hand.sign(call)
    }
}

#[tokio::test]
async fn a_path_in_disguise_is_refused() {
    let shop = Shop::new().await;
    let good = shop.world.signed(Call::new("DELETE", "/test/pets/7"), &shop.admin);
    for (target, expected) in [
        // Signature Version 4 takes these out before signing, so the signature fits: there is no such route.
        ("/test//pets/7", NO_ROUTE),
        ("/test/./pets/7", NO_ROUTE),
        ("/test/x/../pets/7", NO_ROUTE),
        ("/test/pets/7/.", NO_ROUTE),
        ("/test/pets/7/8/..", NO_ROUTE),
        ("/test/pets/7/", NO_ROUTE),
        ("/test/pets/7//", NO_ROUTE),
        ("/test/../test/pets/7", NO_ROUTE),
        ("/test/pets/%2e/7", NO_ROUTE),
        ("/test/pets%2F7", NO_ROUTE),
        ("/test/pets%2f7", NO_ROUTE),
        ("/test%2Fpets/7", "404"),
        ("/test/pets/%2E%2E/pets/7", NO_ROUTE),
        ("/test/pets\\7", NO_ROUTE),
        ("/test/pets/7%00", NO_ROUTE),
        ("/TEST/pets/7", "404"),
        ("/test/PETS/7", NO_ROUTE),
        // The same route in another spelling, which was not what was signed.
        ("/test/pets/%37", INVALID),
        ("/test/%70ets/7", INVALID),
        ("/test/pets/7;v=1", INVALID),
        ("/test/pets/7%20", INVALID),
        ("/test/pets/07", INVALID),
        ("/test/pets/7?x", INVALID),
        ("/test/pets/\u{ff17}", INVALID),
    ] {
        let answer = shop.world.send(&Call { target: target.into(), ..good.clone() }).await;
        if expected == "404" {
            assert_eq!(answer.status, 404, "{target}");
        } else {
            assert_eq!(answer.refusal(), expected, "{target}");
        }
    }
    shop.nothing_changed().await;
    // A fragment is for the browser alone, and an empty query says nothing: it is pet 7 that is asked for.
    for target in ["/test/pets/7?", "/test/pets/7#/../8", "/test/pets/7?#x"] {
        let answer = shop.world.send(&Call { target: target.into(), ..good.clone() }).await;
        assert!(answer.status == 204 || answer.body.contains("pet_not_found"), "{target}: {answer:?}");
    }
    let after = shop.world.everything().await;
    assert_eq!(shop.before.iter().filter(|pet| pet["id"] != 7).cloned().collect::<Vec<_>>(), after);
}

#[tokio::test]
async fn a_method_in_disguise_is_the_method_on_the_line() {
    let shop = Shop::new().await;
    let get = shop.world.signed(Call::new("GET", "/test/pets/purchases"), &shop.admin);
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let answer = shop.world.send(&get.clone().header(name, "POST")).await;
        assert!(answer.json()["message"].as_str().unwrap().contains("/GET/pets/purchases"), "{answer:?}");
    }
    let delete = shop.world.signed(Call::new("DELETE", "/test/pets/7"), &shop.admin);
    for method in ["delete", "Delete", "DELETE\t", "PUT", "GET", "OPTION"] {
        let answer = send_text(&shop.world, &text(&delete).replacen("DELETE", method, 1)).await.unwrap();
        assert!((400..500).contains(&answer.status), "{method}: {answer:?}");
    }
    shop.nothing_changed().await;
}

#[tokio::test]
async fn a_query_in_another_spelling_says_what_was_signed_or_is_refused() {
    let shop = Shop::new().await;
    let (world, admin) = (&shop.world, &shop.admin);
    // It names parameters that there aren't, so that the answer says what was understood.
    let signed = |query: &str| world.signed(Call::new("GET", &format!("/test/pets/sales?{query}")), admin);
    let with = |call: &Call, query: &str| Call { target: format!("/test/pets/sales?{query}"), ..call.clone() };
    for (query, spelled) in [
        ("limit=1", "%6cimit=1"),
        ("limit=1", "limit=%31"),
        ("limit=1", "&limit=1&&"),
        ("limit=1", "limit=1#&limit=2"),
        ("a=%7cb", "a=%7Cb"),
        ("a=b%20c", "a=b+c"),
        ("a=", "a"),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("limit=1&limit=2", "limit=2&limit=1"),
        ("\u{fc}=1", "%C3%BC=1"),
        ("a=%2B", "a=%2b"),
    ] {
        let call = signed(query);
        let (meant, said) = (world.send(&call).await, world.send(&with(&call, spelled)).await);
        let told = |answer: &Answer| (answer.status, answer.json()["code"].clone(), answer.json()["field"].clone());
        assert!(meant.status == 200 && meant.body == said.body || told(&meant) == told(&said), "{meant:?} {said:?}");
        assert!(meant.status == 200 || meant.json()["code"].is_string(), "it came through: {meant:?}");
    }
    for (query, other) in [
        ("limit=1", "limit=1;limit=2"),
        ("limit=1", "limit=1&limit=1"),
        ("limit=1", "limit=1&limit=2"),
        ("limit=1", "Limit=1"),
        ("limit=1", "limit%3D1"),
        ("limit=1", "limit=%2531"),
        ("limit=1", "limit=1%00"),
        ("limit=1", "limit=1%26"),
        ("limit=1", "limit==1"),
        ("limit=1", "limit=\u{ff11}"),
        ("limit=1", "limit=1?"),
        ("a=b%20c", "a=b%2Bc"),
        ("a=b%2Bc", "a=b+c"),
        ("a=1&b=2", "a=2&b=1"),
        ("a=1", "A=1"),
        ("a=%C3%BC", "a=u%CC%88"),
        ("a=b", "a=b&X-Amz-Extra=1"),
    ] {
        assert_eq!(world.send(&with(&signed(query), other)).await.refusal(), INVALID, "{query} as {other}");
    }
    for broken in ["limit=%", "limit=%3", "limit=%zz", "limit=%ff", "%ff=1", "a=%c0%af", "a=%ed%a0%80"] {
        let answer = world.send(&with(&signed("limit=1"), broken)).await;
        assert_eq!(answer.refusal(), "BadRequestException", "{broken}");
    }
}

#[tokio::test]
async fn a_header_that_came_twice_folded_or_moved_is_refused() {
    let shop = Shop::new().await;
    let good = shop.world.signed(add(), &shop.admin);
    let signed = text(&good);
    let (_, token) = good.headers.iter().find(|(name, _)| name == "x-amz-security-token").unwrap();
    let (_, date) = good.headers.iter().find(|(name, _)| name == "x-amz-date").unwrap();
    let host = shop.world.address();
    let cases = [
        // Once more, with the same value or another.
        ("host", format!("host: {host}\r\nhost: {host}"), INCOMPLETE),
        ("host", format!("host: {host}\r\nHost: localhost"), INCOMPLETE),
        ("x-amz-date", format!("x-amz-date: {date}\r\nx-amz-date: {date}"), INCOMPLETE),
        ("x-amz-security-token", format!("x-amz-security-token: {token}\r\nx-amz-security-token: {token}"), INCOMPLETE),
        ("x-anything", "x-anything: a, b\r\nx-anything: a, b".into(), INVALID),
        ("x-anything", "x-anything: b\r\nx-anything: a".into(), INVALID),
        ("x-anything", "x-anything: a\r\nx-anything: c".into(), INVALID),
        // Another name, or none.
        ("x-anything", "x-anything-else: a, b".into(), INVALID),
        ("x-anything", "x_anything: a, b".into(), INVALID),
        ("x-amz-date", format!("date: {date}"), INCOMPLETE),
        ("x-amz-security-token", format!("x-amz-security-tokens: {token}"), INVALID),
        ("x-amz-security-token", "x-amz-security-token: ".into(), UNKNOWN),
        ("x-amz-security-token", format!("x-amz-security-token: {token}, {token}"), UNKNOWN),
        ("x-amz-date", format!("x-amz-date: {date} {date}"), INCOMPLETE),
        ("x-amz-date", format!("x-amz-date: \"{date}\""), INCOMPLETE),
        // One more that would matter if it counted.
        ("x-anything", "x-anything: a, b\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD".into(), INVALID),
        ("x-anything", "x-anything: a, b\r\nX-Amz-Target: x".into(), INVALID),
        // Inside, space counts by the word.
        ("x-anything", "x-anything: a,b".into(), INVALID),
        ("x-anything", "x-anything: a , b".into(), INVALID),
        ("x-anything", "x-anything: A, b".into(), INVALID),
        ("x-anything", "x-anything: a, b\u{a0}".into(), INVALID),
        // Where it is for.
        ("host", "host: localhost".into(), INVALID),
        ("host", format!("host: localhost:{}", host.port()), INVALID),
        ("host", format!("host: {}", host.ip()), INVALID),
        ("host", format!("host: {host}."), INVALID),
        ("host", format!("host: {host}, localhost"), INVALID),
        ("host", format!("host: {host}/test"), INVALID),
        ("host", format!("host: user@{host}"), INVALID),
        ("host", "host: ".into(), INVALID),
    ];
    for (name, lines, expected) in cases {
        let (head, rest) = signed.split_once(&format!("\r\n{name}: ")).unwrap();
        let (_, rest) = rest.split_once("\r\n").unwrap();
        let answer = send_text(&shop.world, &format!("{head}\r\n{lines}\r\n{rest}")).await.unwrap();
        assert_eq!(answer.refusal(), expected, "{lines}");
    }
    // These are no HTTP any more.
    for lines in [
        "x-anything: a,\r\n b",
        "x-anything: a,\r\n\tb",
        "x-anything : a, b",
        " x-anything: a, b",
        "x-anything: a,\rb",
        "x-anything: a,\0b",
        "x-anything",
    ] {
        let answer = send_text(&shop.world, &signed.replace("x-anything: a, b", lines)).await;
        assert!(answer.is_none_or(|answer| answer.status == 400), "{lines:?}");
    }
    shop.nothing_changed().await;
}

#[tokio::test]
async fn what_says_the_same_in_other_words_is_the_same_request() {
    let shop = Shop::new().await;
    let signed = text(&shop.world.signed(add().header("x-list", "a,b"), &shop.admin));
    let (head, body) = signed.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len());
    let chunks = format!("{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n", 5, &body[..5], body.len() - 5, &body[5..]);
    let same = [
        signed.replace("x-anything: a, b", "X-ANYTHING:a,   b\t "),
        // A list over several lines (RFC 9110, section 5.3).
        signed.replace("x-list: a,b", "x-list: a\r\nx-list: b"),
        signed.replace(", SignedHeaders", ",SignedHeaders").replace(", Signature", ",   Signature"),
        // A body in pieces.
        format!("{}\r\n\r\n{chunks}", head.replace(&length, "transfer-encoding: chunked")),
        // What nobody signed, and nobody reads.
        format!("{head}\r\nx-forwarded-host: evil.example\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n{body}"),
    ];
    for text in &same {
        let answer = send_text(&shop.world, text).await.unwrap();
        assert_eq!(answer.status, 201, "{text}: {answer:?}");
    }
    let now = shop.world.everything().await;
    let new: Vec<_> = now.iter().filter(|pet| !shop.before.contains(pet)).collect();
    assert_eq!(new.len(), same.len());
    assert!(new.iter().all(|pet| pet["type"] == "frog" && pet["price"] == 4.99));
}

#[tokio::test]
async fn two_lengths_are_none() {
    let shop = Shop::new().await;
    let signed = text(&shop.world.signed(add(), &shop.admin));
    let (head, body) = signed.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len());
    let more = shop.world.signed(Call::new("DELETE", "/test/pets/7"), &shop.admin);
    let smuggled = text(&more).replace("/test/pets/7", "/test/pets/8");
    for lengths in [
        format!("{length}\r\ncontent-length: 0"),
        format!("content-length: 0\r\n{length}"),
        "content-length: +28".into(),
        "content-length: 0x1c".into(),
        "content-length: 28, 0".into(),
        "content-length: -1".into(),
        "content-length: 99999999999999999999".into(),
        "transfer-encoding: chunked, identity".into(),
        "transfer-encoding: xchunked".into(),
    ] {
        let text = format!("{}\r\n\r\n{body}{smuggled}", head.replace(&length, &lengths));
        let answer = send_text(&shop.world, &text).await;
        assert!(answer.as_ref().is_none_or(|answer| (400..500).contains(&answer.status)), "{lengths}: {answer:?}");
    }
    shop.nothing_changed().await;
}

#[tokio::test]
async fn an_address_in_the_first_line_is_the_host() {
    let shop = Shop::new().await;
    let good = shop.world.signed(Call::new("DELETE", "/test/pets/7"), &shop.admin);
    let to = |origin: &str| Call { target: format!("{origin}/test/pets/7"), ..good.clone() };
    for origin in ["http://localhost", "http://evil.example", "https://evil.example:443", "http://user@127.0.0.1:1"] {
        assert_eq!(shop.world.send(&to(origin)).await.refusal(), INVALID, "{origin}");
    }
    shop.nothing_changed().await;
    let own = to(&format!("http://{}", shop.world.address()));
    assert_eq!(shop.world.send(&own).await.status, 204, "RFC 9112, section 3.2.2: to be taken");
}
