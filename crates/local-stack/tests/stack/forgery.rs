//! What STS is offered by somebody who wants more than is theirs: claims of every shape under a good signature, and
//! roles under other names. Nobody gets credentials for it.

use serde_json::{Value, json};

use crate::{
    client::Answer,
    issuer::{sign, sign_texts},
    sts::fault,
    world::{ADMIN, ADMIN_ROLE, BUYER, BUYER_ROLE, World},
};

/// Refused in STS's words, without credentials and without the token in them.
fn refused(answer: &Answer, token: &str, what: &str) {
    let (status, code) = fault(answer);
    assert!((400..500).contains(&status), "{what}: {answer:?}");
    assert!(["InvalidIdentityToken", "AccessDenied", "ValidationError"].contains(&code), "{what}: {answer:?}");
    assert!(!answer.body.contains("<SecretAccessKey>"), "{what}");
    assert!(!answer.body.contains(token), "{what}: it repeats the token");
}

#[tokio::test]
async fn a_subject_that_looks_like_another_gets_neither_role() {
    let world = World::start().await;
    for sub in [
        "xauth0|1",
        " auth0|1",
        "auth0 |1",
        "Auth0|1",
        "AUTH0|1",
        "auth0",
        "auth0%7C1",
        "auth0%7c1",
        "auth0&#124;1",
        "auth0/1",
        "auth0:1",
        "auth0\\|1",
        "auth0\u{ff5c}1",
        "auth0\u{2502}1",
        "auth0\u{1c0}1",
        "\u{430}uth0|1",
        "auth\u{ff10}|1",
        "auth0\u{0}|1",
        "auth0\u{200b}|1",
        "\u{feff}auth0|1",
        "auth0\n|1",
        "\u{202e}1|0htua",
        "samlp|auth0|1",
        "waad|x|auth0|1",
        "oauth2|amazon|1",
        "*|1",
        "auth?|1",
        "a*|1",
        "${aws:userid}|1",
        "amazon",
        "amazon2|1",
        "Amazon|1",
        "amazon%7C1",
        "google-oauth|1",
        "googleoauth2|1",
        "google_oauth2|1",
        "github.com|1",
        "git\u{fe4f}hub|1",
        "apple |1",
        "|amazon|1",
        "",
        "|",
    ] {
        let token = world.token(sub);
        for role in [ADMIN_ROLE, BUYER_ROLE] {
            let answer = world.assume(&[("RoleArn", role), ("WebIdentityToken", &token)]).await;
            refused(&answer, &token, sub);
        }
    }
    // One's own prefix opens one's own door only, whatever comes behind it.
    for (sub, role) in [("auth0|amazon|1", BUYER_ROLE), ("amazon|auth0|1", ADMIN_ROLE), ("github|auth0|1", ADMIN_ROLE)]
    {
        let token = world.token(sub);
        let answer = world.assume(&[("RoleArn", role), ("WebIdentityToken", &token)]).await;
        assert_eq!(fault(&answer), (403, "AccessDenied"), "{sub}");
    }
}

#[tokio::test]
async fn a_claim_of_another_shape_is_no_claim() {
    let world = World::start().await;
    let now = world.now().unix_timestamp();
    let url = world.issuer.url.clone();
    let port = url.rsplit(':').next().unwrap();
    for (name, value) in [
        ("sub", json!(["auth0|1"])),
        ("sub", json!({ "auth0|1": true })),
        ("sub", json!(1)),
        ("sub", json!(true)),
        ("sub", Value::Null),
        ("aud", json!("")),
        ("aud", json!([])),
        ("aud", json!([["tests"]])),
        ("aud", json!({ "tests": true })),
        ("aud", json!(1)),
        ("aud", json!("tests ")),
        ("aud", json!("TESTS")),
        ("aud", json!("test")),
        ("aud", json!("tests,other")),
        ("aud", json!("t\u{435}sts")),
        ("aud", json!("*")),
        ("aud", json!(["other", "tests"])),
        ("aud", json!("sts.amazonaws.com")),
        ("azp", json!("other")),
        ("azp", json!(["tests"])),
        ("iss", json!([url])),
        ("iss", json!("")),
        ("iss", json!(format!("{url}?"))),
        ("iss", json!(format!("{url}#"))),
        ("iss", json!(format!("{url}/"))),
        ("iss", json!(format!("{url}../"))),
        ("iss", json!(format!("http://localhost:{port}"))),
        ("iss", json!(url.replace("//", "//user@"))),
        ("iss", json!(url.replace("http:", "HTTP:"))),
        ("iss", json!("accounts.google.com")),
        ("exp", json!((now + 3600).to_string())),
        ("exp", json!(true)),
        ("exp", json!([now + 3600])),
        ("exp", Value::Null),
        ("iat", json!(now.to_string())),
        ("iat", Value::Null),
        ("iat", json!(now + 3_600)),
        ("nbf", json!(now + 3_600)),
        ("nbf", json!("0")),
        ("https://aws.amazon.com/tags", json!({ "principal_tags": { "role": ["admin"] } })),
        ("https://aws.amazon.com/tags/principal_tags/role", json!("admin")),
        ("https://aws.amazon.com/source_identity", json!("admin")),
    ] {
        let mut claims = world.issuer.claims(ADMIN, now);
        claims[name] = value.clone();
        let token = sign(&claims);
        let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &token)]).await;
        assert_eq!(fault(&answer), (400, "InvalidIdentityToken"), "{name}: {value}");
        refused(&answer, &token, name);
    }
    let ended = |at: i64| {
        let mut claims = world.issuer.claims(ADMIN, now - 86_400);
        claims["exp"] = json!(at);
        sign(&claims)
    };
    for at in [now - 61, now - 3_600, 1, 0, -1] {
        let answer = world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &ended(at))]).await;
        assert!(["ExpiredTokenException", "InvalidIdentityToken"].contains(&fault(&answer).1), "{at}: {answer:?}");
    }
}

#[tokio::test]
async fn a_claim_that_is_there_twice_is_neither() {
    let world = World::start().await;
    let now = world.now().unix_timestamp();
    let header = r#"{"alg":"RS256","typ":"JWT","kid":"k"}"#;
    let claims = world.issuer.claims(BUYER, now).to_string();
    let good = sign_texts(header, &claims);
    let answer = world.assume(&[("RoleArn", BUYER_ROLE), ("WebIdentityToken", &good)]).await;
    assert_eq!(answer.status, 200, "the signature over these texts is good: {answer:?}");
    for (member, in_front) in [
        (r#""sub":"auth0|1","#, true),
        (r#","sub":"auth0|1""#, false),
        (r#","su\u0062":"auth0|1""#, false),
        (r#","aud":"other""#, false),
        (r#","iss":"https://other.example/""#, false),
        (r#","exp":9999999999"#, false),
        (r#","azp":"tests","azp":"other""#, false),
        (r#"}{"sub":"auth0|1""#, false),
    ] {
        let mut payload = claims.clone();
        let at = if in_front { 1 } else { payload.len() - 1 };
        payload.insert_str(at, member);
        let token = sign_texts(header, &payload);
        for role in [ADMIN_ROLE, BUYER_ROLE] {
            let answer = world.assume(&[("RoleArn", role), ("WebIdentityToken", &token)]).await;
            refused(&answer, &token, member);
        }
    }
    for header in [
        r#"{"alg":"RS256","alg":"none","kid":"k"}"#,
        r#"{"alg":"none","alg":"RS256","kid":"k"}"#,
        r#"{"alg":"rs256","kid":"k"}"#,
        r#"{"alg":["RS256"],"kid":"k"}"#,
        r#"{"alg":"RS512","kid":"k"}"#,
        r#"{"alg":"PS256","kid":"k"}"#,
        r#"{"alg":"ES256","kid":"k"}"#,
        r#"{"kid":"k"}"#,
        r#"{"alg":"RS256","kid":"k","crit":["exp"]}"#,
        r#"{"alg":"RS256","kid":"k","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"RS256","kid":"other"}"#,
        r#"{"alg":"RS256","kid":"../keys"}"#,
        r#"{"alg":"RS256","kid":"k","typ":"at+jwt"}"#,
    ] {
        let token = sign_texts(header, &claims);
        let answer = world.assume(&[("RoleArn", BUYER_ROLE), ("WebIdentityToken", &token)]).await;
        refused(&answer, &token, header);
    }
}

#[tokio::test]
async fn a_role_under_another_name_is_no_role() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    for arn in [
        "arn:aws:iam::123456789013:role/auth0-api-role",
        "arn:aws:iam::000000000000:role/auth0-api-role",
        "arn:aws:iam:::role/auth0-api-role",
        "arn:aws:iam::*:role/auth0-api-role",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::123456789012:role/auth0-api-rol?",
        "arn:aws:iam::123456789012:role/auth0-api-*",
        "arn:aws:iam::123456789012:role/Auth0-Api-Role",
        "ARN:AWS:IAM::123456789012:ROLE/auth0-api-role",
        "arn:aws-cn:iam::123456789012:role/auth0-api-role",
        "arn:aws:sts::123456789012:assumed-role/auth0-api-role/tests",
        "arn:aws:iam::123456789012:role/path/auth0-api-role",
        "arn:aws:iam::123456789012:role//auth0-api-role",
        "arn:aws:iam::123456789012:role/../role/auth0-api-role",
        "arn:aws:iam::123456789012:role/auth0-api-role/",
        "arn:aws:iam::123456789012:role/auth0-api-role ",
        " arn:aws:iam::123456789012:role/auth0-api-role",
        "arn:aws:iam::123456789012:role/auth0-api-role\0",
        "arn:aws:iam::123456789012:role/auth0-api-role\n",
        "arn:aws:iam::123456789012:role%2Fauth0-api-role",
        "arn:aws:iam::123456789012:role/auth0\u{2010}api-role",
        "arn:aws:iam::123456789012:role/auth0-api-role,arn:aws:iam::123456789012:role/auth0-api-social-role",
        "arn:aws:iam::123456789012:user/auth0-api-role",
        "arn:aws:iam::123456789012:root",
        "auth0-api-role",
        "*",
        BUYER_ROLE,
    ] {
        let answer = world.assume(&[("RoleArn", arn), ("WebIdentityToken", &token)]).await;
        refused(&answer, &token, arn);
    }
    // The functions' own roles trust a service, and no person.
    let template = std::fs::read_to_string(crate::world::template()).unwrap();
    for role in ["ListFunctionRole", "ManageFunctionRole", "PurchaseFunctionRole"] {
        assert!(template.contains(&format!("  {role}:\n")), "{role} is in the template");
        let arn = format!("arn:aws:iam::123456789012:role/{role}");
        let answer = world.assume(&[("RoleArn", &arn), ("WebIdentityToken", &token)]).await;
        assert_eq!(fault(&answer), (403, "AccessDenied"), "{role}");
    }
}
