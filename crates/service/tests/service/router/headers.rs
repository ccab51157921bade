//! Headers that come in and mean nothing, the one that says who asks, and what goes out.

use http::{HeaderValue, Request};
use serde_json::json;

use super::{Admin, BASE, Buyer, Shop, context};
use crate::issuer::{EC, EC_2, NOW, claims, claims_with};

#[tokio::test]
async fn no_header_changes_the_method_the_path_or_the_host() {
    let shop = Shop::open().await;
    for _ in 0..2 {
        Admin(&shop).add("dog", 1.0).await;
    }
    for (name, value) in [
        ("x-http-method-override", "DELETE"),
        ("x-http-method", "DELETE"),
        ("x-method-override", "DELETE"),
        ("x-original-url", "/pets/sales"),
        ("x-rewrite-url", "/pets/sales"),
        ("x-forwarded-prefix", "/pets/sales"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-forwarded-proto", "http"),
        ("host", "evil.example"),
        ("origin", "https://evil.example"),
        ("x-amz-security-token", "x"),
        ("range", "bytes=0-1"),
        ("accept", "text/html"),
        ("accept-encoding", "gzip"),
        ("if-none-match", "*"),
        ("expect", "100-continue"),
    ] {
        let ask = async |method: &str, target: &str, body: &str| {
            let request = Request::builder().method(method).uri(target).header(name, value);
            shop.send(request.body(body.as_bytes().to_vec()).unwrap()).await
        };
        let list = ask("GET", "/pets?limit=1", "").await.is(200);
        assert_eq!(
            (list.ids(), list.headers["content-type"].as_bytes()),
            (vec![1], &b"application/json"[..]),
            "{name}"
        );
        assert!(list.headers["link"].to_str().unwrap().starts_with(&format!("<{BASE}/pets?limit=1&cursor=")), "{name}");
        assert_eq!(list.headers["access-control-allow-origin"], "*", "{name}");
        ask("POST", "/pets/1", "").await.refuses(405, "method_not_allowed");
        ask("PUT", "/pets", "").await.refuses(405, "method_not_allowed");
    }
    assert_eq!(shop.get("/pets").await.ids(), [1, 2]);
}

#[tokio::test]
async fn purchases_are_of_whom_the_one_verified_token_names() {
    let shop = Shop::open().await;
    let (fred, wilma) = (Buyer::new(&shop, "amazon|fred", "fred"), Buyer::new(&shop, "amazon|wilma", "wilma"));
    let (first, second) = (Admin(&shop).add("dog", 1.0).await, Admin(&shop).add("cat", 1.0).await);
    fred.buy(first).await.is(200);
    wilma.buy(second).await.is(200);
    let ask = async |tokens: &[&[u8]]| {
        let mut request = Request::get("/pets/purchases");
        for token in tokens {
            request = request.header("X-Identity-Token", HeaderValue::from_bytes(token).unwrap());
        }
        shop.send(request.body(Vec::new()).unwrap()).await
    };
    let admin = EC.token(&claims("auth0|betty", "betty"));
    let expired = EC.token(&claims_with(&json!({"exp": NOW - 3600, "iat": NOW - 7200})));
    let (of_fred, of_wilma) = (fred.token.as_bytes(), wilma.token.as_bytes());
    assert_eq!(ask(&[of_fred]).await.is(200).ids(), [first]);
    assert_eq!(ask(&[of_wilma]).await.is(200).ids(), [second]);
    for (what, tokens) in [
        ("none", vec![]),
        ("two people's", vec![of_fred, of_wilma]),
        ("the same twice", vec![of_fred, of_fred]),
        ("one and an empty one", vec![of_fred, b""]),
        ("an empty one", vec![b""]),
        ("white space", vec![b"  \t "]),
        ("bytes that are no text", vec![b"\xff\xfe"]),
    ] {
        assert_eq!(ask(&tokens).await.refuses(401, "missing_identity_token").body["field"], json!(null), "{what}");
    }
    for (what, token) in [
        ("two in one", [of_fred, b",", of_wilma].concat()),
        ("two in one, spaced", [of_fred, b", ", of_wilma].concat()),
        ("with a scheme", [b"Bearer ", of_fred].concat()),
        ("quoted", [b"\"", of_fred, b"\""].concat()),
        ("expired", expired.clone().into_bytes()),
        ("of another issuer", EC_2.token(&claims("amazon|fred", "fred")).into_bytes()),
        ("of another person, spliced", splice(&fred.token, &wilma.token).into_bytes()),
        ("very long", vec![b'a'; 100_000]),
        ("dots", b"...".to_vec()),
    ] {
        let answer = ask(&[&token]).await.refuses(401, "invalid_identity_token");
        let told = answer.body.to_string();
        assert!(
            !token.windows(12).any(|part| told.as_bytes().windows(12).any(|other| other == part)),
            "{what}: {told}"
        );
    }
    ask(&[admin.as_bytes()]).await.refuses(403, "forbidden");
}

/// The header and the signature of one token, with the claims of another.
fn splice(outer: &str, inner: &str) -> String {
    let (outer, inner): (Vec<_>, Vec<_>) = (outer.split('.').collect(), inner.split('.').collect());
    [outer[0], inner[1], outer[2]].join(".")
}

#[tokio::test]
async fn who_asks_is_said_nowhere_else() {
    let shop = Shop::open().await;
    let wilma = Buyer::new(&shop, "amazon|wilma", "wilma");
    let id = Admin(&shop).add("dog", 1.0).await;
    wilma.buy(id).await.is(200);
    let fred = EC.token(&claims("amazon|fred", "fred"));
    let request = Request::get("/pets/purchases")
        .header("x-identity-token", &fred)
        .header("authorization", format!("Bearer {}", wilma.token))
        .header("cookie", format!("x-identity-token={}", wilma.token))
        .header("x-user-name", "wilma")
        .header("x-amzn-oidc-identity", "amazon|wilma");
    let body = json!({"authToken": wilma.token, "userName": "wilma", "sub": "amazon|wilma"}).to_string();
    let answer = shop.send(request.body(body.into_bytes()).unwrap()).await.is(200);
    assert!(answer.ids().is_empty(), "fred has bought nothing");
    for name in ["authorization", "cookie", "x-id-token", "x_identity_token", "x-identity-token2"] {
        let request = Request::get("/pets/purchases").header(name, &wilma.token);
        shop.send(request.body(Vec::new()).unwrap()).await.refuses(401, "missing_identity_token");
    }
    for query in ["authToken=x", "x-identity-token=x", "userName=wilma", "sub=amazon%7Cwilma"] {
        wilma.purchases(&format!("?{query}")).await.refuses(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_type_is_text_and_splits_no_header() {
    let shop = Shop::open().await;
    let kinds = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        ">; rel=\"prev\", <https://evil.example/",
        "a&sort=-id#x?y=%0d%0aX: y",
        "Köter 🐕",
        "'; DROP TABLE pets; --",
        "${jndi:ldap://evil.example}",
    ];
    for kind in kinds {
        for _ in 0..3 {
            let answer = shop.call("POST", "/pets", json!({"type": kind, "price": 1}).to_string()).await.is(201);
            assert_eq!(answer.body["type"], kind);
            assert_eq!(answer.headers["content-type"], "application/json");
        }
        let encoded = form_urlencoded::byte_serialize(kind.as_bytes()).collect::<String>();
        let mut target = format!("/pets?limit=2&type={encoded}");
        let mut seen = Vec::new();
        while let Some(next) = {
            let page = shop.get(&target).await.is(200);
            assert_eq!(page.headers["content-type"], "application/json");
            seen.extend(page.ids());
            let link = page.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
            assert!(link.is_none_or(|link| link.matches(['<', '>', '"', '\r', '\n', ' ']).count() == 5), "{kind}");
            page.next()
        } {
            target = next;
        }
        assert_eq!(seen.len(), 3, "{kind}");
    }
    for kind in ["a\r\nX: y", "a\nb", "a\0b", "\u{2028}", "\u{202e}god", "a\tb", "\u{85}"] {
        let body = json!({"type": kind, "price": 1}).to_string();
        shop.call("POST", "/pets", body).await.refuses(400, "invalid_type");
        let encoded = form_urlencoded::byte_serialize(kind.as_bytes()).collect::<String>();
        shop.get(&format!("/pets?type={encoded}")).await.refuses(400, "invalid_type");
    }
}

/// A host that says something strange of itself is answered by a fault of ours, and not by a header of its own.
#[tokio::test]
async fn a_strange_base_address_splits_no_header() {
    let shop = Shop::open().await;
    for _ in 0..2 {
        Admin(&shop).add("dog", 1.0).await;
    }
    for base in ["https://x/\r\nset-cookie: a=b", "https://x/\n", "https://x/\0"] {
        for (method, target, body) in [("GET", "/pets?limit=1", ""), ("POST", "/pets", r#"{"type":"dog","price":1}"#)] {
            let request = Request::builder().method(method).uri(target).body(body).unwrap();
            let response = shop.router.respond(request, &context(base)).await;
            assert_eq!(response.status(), 500, "{base:?}");
            assert!(!response.headers().contains_key("set-cookie") && !response.headers().contains_key("link"));
        }
    }
    let mut strange = context(BASE);
    strange.request_id = "a\r\nset-cookie: b=c".to_owned();
    let response = shop.router.respond(Request::get("/nothing").body("").unwrap(), &strange).await;
    assert_eq!(response.status(), 404);
    assert!(!response.headers().contains_key("set-cookie") && !response.headers().contains_key("x-amzn-requestid"));
}

/// What was sent is in no message, so that a refusal can't be made to say or to run something.
#[tokio::test]
async fn a_refusal_repeats_nothing_that_was_sent() {
    let shop = Shop::open().await;
    let mark = "<script>mark</script>";
    let encoded = form_urlencoded::byte_serialize(mark.as_bytes()).collect::<String>();
    let mut answers = Vec::new();
    for query in ["type=a%0A", "sort=", "status=", "limit=", "id=", "cursor="] {
        answers.push(shop.get(&format!("/pets?{query}{encoded}")).await);
    }
    answers.push(shop.get(&format!("/pets?{encoded}=1")).await);
    answers.push(shop.get(&format!("/{encoded}")).await);
    answers.push(shop.call("DELETE", &format!("/pets/{encoded}"), "").await);
    answers.push(shop.call("POST", "/pets", mark).await);
    answers.push(shop.call("POST", "/pets", json!({"type": mark.repeat(3), "price": 1}).to_string()).await);
    answers.push(shop.call("POST", "/pets", json!({"type": "dog", "price": mark}).to_string()).await);
    answers.push(shop.call("POST", "/pets/purchase", json!({"petId": mark}).to_string()).await);
    answers.push(shop.call("POST", "/pets/purchase", json!({"petId": 1, "authToken": mark}).to_string()).await);
    for answer in answers {
        assert!(answer.status.is_client_error(), "{}", answer.body);
        assert!(!answer.body.to_string().contains("script"), "{}", answer.body);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}
