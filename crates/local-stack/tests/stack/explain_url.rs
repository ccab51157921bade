//! `GET /explain`: for whom it answers, what it believes, and that it is of this stack alone.

use domain::{Access, StepName, Verdict};
use serde_json::json;

use crate::{
    client::{Answer, Call, send},
    issuer::{sign, sign_with_another_key},
    world::{ADMIN, BUYER, World, template},
};

const APP: &str = "http://localhost:8080";

fn ask() -> Call {
    Call::new("GET", "/explain")
}

fn access(answer: &Answer) -> Access {
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn the_page_learns_what_its_person_may_do() {
    let world = World::start().await;
    let config = world.send(&Call::new("GET", "/config.json")).await.json();
    assert_eq!(config["explainUrl"], format!("http://localhost:{}/explain", world.address().port()));
    for (sub, role) in [(ADMIN, "auth0-api-role"), (BUYER, "auth0-api-social-role")] {
        let call = ask().header("origin", APP).header("x-identity-token", &world.token(sub));
        let answer = world.send(&call).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(APP));
        let access = access(&answer);
        let trust = access.steps.last().unwrap();
        assert_eq!((trust.step, trust.verdict), (StepName::TrustPolicy, Verdict::Allowed), "{trust:?}");
        assert!(trust.says.starts_with(role), "{trust:?}");
        assert!(trust.statements.iter().any(|statement| statement.decides && statement.at.is_some()), "{trust:?}");
        assert!(!answer.body.contains("Fred Flintstone"), "a name is in no explanation");
    }
    let visitor = access(&world.send(&ask()).await);
    assert!(visitor.steps.iter().all(|step| step.verdict == Verdict::Unknown));
    assert_eq!(visitor.table.roles.len(), 3, "everybody and two roles");
}

#[tokio::test]
async fn pages_of_other_sites_get_no_explanation() {
    let world = World::start().await;
    let own = format!("http://localhost:{}", world.address().port());
    for origin in [APP, &own] {
        let preflight = world.send(&Call { method: "OPTIONS".into(), ..ask().header("origin", origin) }).await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(origin)));
        assert_eq!(preflight.header("access-control-allow-headers"), Some("x-identity-token"));
    }
    for origin in ["https://evil.example", "null", "http://localhost:80800", "HTTP://LOCALHOST:8080", ""] {
        for method in ["GET", "OPTIONS"] {
            let answer = world.send(&Call { method: method.into(), ..ask().header("origin", origin) }).await;
            assert_eq!(answer.status, 403, "{origin}");
            assert!(answer.header("access-control-allow-origin").is_none(), "{origin}");
            assert!(answer.json()["message"].as_str().unwrap().contains("--app-origin"));
        }
    }
    let two = world.send(&ask().header("origin", APP).header("origin", "https://evil.example")).await;
    assert_eq!((two.status, two.header("access-control-allow-origin")), (403, None));
    let elsewhere = world.send(&ask().header("host", "evil.example:9000")).await;
    assert_eq!(elsewhere.status, 421, "{elsewhere:?}");
}

#[tokio::test]
async fn a_token_is_believed_as_sts_believes_it() {
    let world = World::start().await;
    let now = world.now().unix_timestamp();
    let claims = |name: &str, value: serde_json::Value| {
        let mut claims = world.issuer.claims(ADMIN, now);
        claims[name] = value;
        sign(&claims)
    };
    let good = world.token(ADMIN);
    for (token, says) in [
        ("x".to_owned(), "InvalidIdentityToken"),
        ("x".repeat(20_000), "InvalidIdentityToken"),
        (good[..good.len() - 8].to_owned(), "InvalidIdentityToken"),
        (sign_with_another_key(&world.issuer.claims(ADMIN, now)), "signature"),
        (claims("exp", json!(now - 120)), "ExpiredTokenException"),
        (claims("aud", json!("other")), "audience"),
        (claims("iss", json!("https://other.example/")), "No OpenIDConnect provider"),
        (claims("iss", json!(world.issuer.url.trim_end_matches('/'))), "No OpenIDConnect provider"),
        (claims("sub", json!("auth0|\u{fc}")), "subject"),
    ] {
        let answer = world.send(&ask().header("origin", APP).header("x-identity-token", &token)).await;
        assert_eq!(answer.status, 401, "{says}: {answer:?}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(says) && (token == "x" || !message.contains(&token)), "{says}: {message}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(APP), "the page can read why");
    }
    let silent =
        World::start_with(|_, options| local_stack::Options { issuer: Some("http://127.0.0.1:1/".into()), ..options })
            .await
            .unwrap();
    let token =
        sign(&json!({ "iss": "http://127.0.0.1:1/", "sub": ADMIN, "aud": "tests", "iat": now, "exp": now + 9 }));
    assert_eq!(silent.send(&ask().header("x-identity-token", &token)).await.status, 503);
}

#[tokio::test]
async fn what_is_no_question_is_refused_in_words() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let token = token.as_str();
    for (call, status, says) in [
        (Call::new("POST", "/explain"), 405, "GET"),
        (Call::new("DELETE", "/explain"), 405, "GET"),
        (Call::new("EXPLAIN", "/explain"), 405, "GET"),
        (ask().body("{}"), 400, "nothing in the body"),
        (Call::new("GET", &format!("/explain?token={token}")), 400, "nothing in the body or the address"),
        (ask().header("x-identity-token", token).header("x-identity-token", token), 400, "more than once"),
        (ask().header("x-identity-token", "\u{fc}"), 400, "visible ASCII"),
    ] {
        let answer = world.send(&call).await;
        assert_eq!(answer.status, status, "{call:?}: {answer:?}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(says) && !message.contains(token), "{message}");
    }
    let huge = format!(
        "GET /explain HTTP/1.1\r\nhost: {}\r\nx-identity-token: {}\r\n\r\n",
        world.address(),
        "x".repeat(100_000)
    );
    let answer = send(world.address(), huge.as_bytes()).await;
    assert!(answer.is_none_or(|answer| [401, 431].contains(&answer.status)));
}

#[tokio::test]
async fn the_deployed_api_explains_nothing() {
    let world = World::start().await;
    let documents = world.documents();
    let api = documents.api.as_ref().unwrap();
    let texts = api.routes.iter().flat_map(|route| &route.path).map(|segment| format!("{segment:?}").to_lowercase());
    assert_eq!(texts.filter(|text| text.contains("explain")).count(), 0);
    assert!(!documents.outputs.keys().any(|name| name.to_lowercase().contains("explain")));
    let source = std::fs::read_to_string(template()).unwrap().to_lowercase();
    assert!(!source.contains("explain") && !source.contains("idp/decisions"), "the template knows of neither");
    assert_eq!(world.send(&Call::new("GET", "/test/explain")).await.refusal(), "MissingAuthenticationTokenException");
}
