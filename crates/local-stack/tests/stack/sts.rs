//! Who gets which role, and what every wrong token gets.

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    client::{Answer, Call},
    issuer::{encode_part, sign, sign_with_another_key, sign_with_the_public_key},
    world::{ADMIN, ADMIN_ROLE, BUYER, BUYER_ROLE, World, credentials},
};

pub fn fault(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.header("content-type"), Some("text/xml"), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("date").is_some());
    assert!(!answer.xml("Message").is_empty() && !answer.xml("RequestId").is_empty());
    (answer.status, answer.xml("Code"))
}

#[tokio::test]
async fn a_good_token_gives_credentials_of_its_role() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let answer =
        world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &token), ("DurationSeconds", "900")]).await;
    assert!(credentials(&answer).id.starts_with("ASIA"));
    assert_eq!(answer.xml("Arn"), "arn:aws:sts::123456789012:assumed-role/auth0-api-role/tests");
    assert_eq!(answer.xml("SubjectFromWebIdentityToken"), ADMIN);
    assert_eq!(answer.xml("Audience"), "tests");
    assert!(answer.xml("AssumedRoleId").starts_with("AROA") && answer.xml("AssumedRoleId").ends_with(":tests"));
    assert!(answer.xml("Provider").ends_with(&world.issuer.url["http://".len()..]), "{answer:?}");
    let ends = OffsetDateTime::parse(answer.xml("Expiration"), &Rfc3339).unwrap();
    let sales = || Call::new("GET", "/test/pets/sales");
    assert_eq!(world.send_signed(sales(), &credentials(&answer)).await.status, 200);
    world.pass((ends - world.now()).whole_seconds() + 1);
    assert_eq!(world.send_signed(sales(), &credentials(&answer)).await.refusal(), "ExpiredTokenException");
    assert!(answer.header("cache-control") == Some("no-store"));
}

#[tokio::test]
async fn the_way_somebody_signed_in_decides_the_role() {
    let world = World::start().await;
    for (sub, admin, buyer) in [
        (ADMIN, 200, 403),
        (BUYER, 403, 200),
        ("github|1", 403, 200),
        ("samlp|initech|x", 403, 403),
        ("email|1", 403, 403),
        ("1", 403, 403),
        ("auth0", 403, 403),
        ("*", 403, 403),
        ("amazon*|1", 403, 403),
    ] {
        let token = world.token(sub);
        for (role, expected) in [(ADMIN_ROLE, admin), (BUYER_ROLE, buyer)] {
            let answer = world.assume(&[("RoleArn", role), ("WebIdentityToken", &token)]).await;
            assert_eq!(answer.status, expected, "{sub} as {role}: {answer:?}");
            if expected == 403 {
                assert_eq!(fault(&answer).1, "AccessDenied");
            }
        }
    }
}

#[tokio::test]
async fn no_wrong_token_gives_credentials() {
    let world = World::start().await;
    let now = world.now().unix_timestamp();
    let good = || world.issuer.claims(ADMIN, now);
    let but = |name: &str, value: Value| {
        let mut claims = good();
        claims[name] = value;
        claims
    };
    let signed = sign(&good());
    let unsigned = signed.rsplit_once('.').unwrap().0;
    let none = |header: Value| format!("{}.{}.", encode_part(&header), encode_part(&good()));
    let swapped = {
        let mut parts: Vec<&str> = signed.split('.').collect();
        let payload = encode_part(&but("sub", json!("auth0|2")));
        parts[1] = &payload;
        parts.join(".")
    };
    let url = world.issuer.url.as_str();
    let cases = [
        ("alg none", none(json!({"alg": "none", "typ": "JWT"})), "InvalidIdentityToken"),
        ("alg None with a key id", none(json!({"alg": "None", "kid": "k"})), "InvalidIdentityToken"),
        ("no signature", format!("{unsigned}."), "InvalidIdentityToken"),
        ("two parts", unsigned.to_owned(), "InvalidIdentityToken"),
        ("HS256 with the public key", sign_with_the_public_key(&good()), "InvalidIdentityToken"),
        ("another key", sign_with_another_key(&good()), "InvalidIdentityToken"),
        ("other claims", swapped, "InvalidIdentityToken"),
        ("wrong audience", sign(&but("aud", json!("somebody"))), "InvalidIdentityToken"),
        ("ours is one of several audiences", sign(&but("aud", json!(["tests", "other"]))), "InvalidIdentityToken"),
        ("wrong issuer", sign(&but("iss", json!("https://tenant.auth0.com/"))), "InvalidIdentityToken"),
        ("issuer without its slash", sign(&but("iss", json!(url.trim_end_matches('/')))), "InvalidIdentityToken"),
        ("issuer with https", sign(&but("iss", json!(url.replace("http:", "https:")))), "InvalidIdentityToken"),
        ("expired", sign(&but("exp", json!(now - 120))), "ExpiredTokenException"),
        ("not yet", sign(&but("nbf", json!(now + 600))), "InvalidIdentityToken"),
        ("from the future", sign(&but("iat", json!(now + 600))), "InvalidIdentityToken"),
        ("no subject", sign(&but("sub", Value::Null)), "InvalidIdentityToken"),
        ("session tags", sign(&but("https://aws.amazon.com/tags", json!({}))), "InvalidIdentityToken"),
        ("no token", "x".into(), "InvalidIdentityToken"),
    ];
    for (name, token, expected) in cases {
        let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &token)]).await;
        assert_eq!(fault(&answer), (400, expected), "{name}: {answer:?}");
        assert!(!answer.body.contains(&token) || token == "x", "{name} repeats the token");
    }
    let good = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &signed)]).await;
    assert_eq!(good.status, 200, "and the good one is good: {good:?}");
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let good = [("RoleArn", ADMIN_ROLE), ("WebIdentityToken", token.as_str())];
    let long = "x".repeat(65);
    for (name, value, expected) in [
        ("Action", "AssumeRole", (400, "InvalidAction")),
        ("Action", "GetCallerIdentity", (400, "InvalidAction")),
        ("Version", "2010-05-08", (400, "InvalidAction")),
        ("RoleArn", "admin", (400, "ValidationError")),
        ("RoleArn", "iam::123456789012:role/auth0-api-role", (400, "ValidationError")),
        ("RoleArn", "", (400, "ValidationError")),
        ("RoleArn", "arn:aws:iam::123456789012:role/nobody", (403, "AccessDenied")),
        ("RoleSessionName", "", (400, "ValidationError")),
        ("RoleSessionName", "x", (400, "ValidationError")),
        ("RoleSessionName", "auth0|1", (400, "ValidationError")),
        ("RoleSessionName", &long, (400, "ValidationError")),
        ("WebIdentityToken", "", (400, "ValidationError")),
        ("DurationSeconds", "899", (400, "ValidationError")),
        ("DurationSeconds", "43201", (400, "ValidationError")),
        ("DurationSeconds", "-1", (400, "ValidationError")),
        ("DurationSeconds", "3601", (400, "ValidationError")),
        ("Policy", "{}", (400, "MalformedPolicyDocument")),
        ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess", (400, "ValidationError")),
    ] {
        let mut parameters: Vec<_> = good.iter().copied().filter(|(known, _)| *known != name).collect();
        parameters.push((name, value));
        let answer = world.assume(&parameters).await;
        assert_eq!(fault(&answer), expected, "{name}={value}: {answer:?}");
    }
    let twice = world.assume(&[good[0], good[0], good[1]]).await;
    assert_eq!(fault(&twice), (400, "ValidationError"));
    let get = world.send(&Call::new("GET", "/sts/?Action=AssumeRoleWithWebIdentity")).await;
    assert_eq!(fault(&get), (405, "InvalidAction"));
}

#[tokio::test]
async fn a_session_policy_only_takes_away() {
    let world = World::start().await;
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"execute-api:Invoke","Resource":["*/GET/pets/sales","*/POST/pets/purchase"]}}"#
        .replace("*/", "arn:aws:execute-api:us-east-1:123456789012:*/");
    let parameters = [("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &world.token(ADMIN)), ("Policy", &policy)];
    let admin = credentials(&world.assume(&parameters).await);
    let status = |answer: Answer| answer.status;
    assert_eq!(status(world.send_signed(Call::new("GET", "/test/pets/sales"), &admin).await), 200);
    assert_eq!(status(world.send_signed(Call::new("DELETE", "/test/pets/1"), &admin).await), 403);
    assert_eq!(status(world.send_signed(Call::new("POST", "/test/pets/purchase"), &admin).await), 403);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_named_as_the_reason() {
    let world = World::start_with(|_, options| {
        let mut options = options;
        options.issuer = Some("http://127.0.0.1:1/".into());
        options
    })
    .await
    .unwrap();
    let now = world.now().unix_timestamp();
    let mut claims = world.issuer.claims(ADMIN, now);
    claims["iss"] = json!("http://127.0.0.1:1/");
    let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &sign(&claims))]).await;
    assert_eq!(fault(&answer), (400, "IDPCommunicationError"));
}
