//! The parameters of a call to STS, each bent until it could be read in two ways: it is refused, and none is overlooked.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    client::Call,
    sts::fault,
    world::{ADMIN, ADMIN_ROLE, World, credentials},
};

#[tokio::test]
async fn a_session_has_a_plain_name_and_ends_when_it_may() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let good = [("RoleArn", ADMIN_ROLE), ("WebIdentityToken", token.as_str())];
    for name in [
        "a b",
        "a/b",
        "a:b",
        "a|b",
        "a*b",
        "a?b",
        "a${b}",
        "a\nb",
        "a\0b",
        "a\tb",
        "a%b",
        "a&b",
        "<a>",
        "a\"b",
        "a'b",
        "a\\b",
        "\u{e9}\u{e9}",
        "a\u{202e}b",
        "a",
        " ",
        "ab ",
        " ab",
    ] {
        let answer = world.assume(&[good[0], good[1], ("RoleSessionName", name)]).await;
        assert_eq!(fault(&answer), (400, "ValidationError"), "{name:?}");
    }
    let longest = format!("{}_+=,.@-", "aZ09".repeat(14)) + "x";
    let answer = world.assume(&[good[0], good[1], ("RoleSessionName", &longest)]).await;
    assert_eq!((longest.len(), answer.status), (64, 200), "{answer:?}");
    for seconds in [
        "",
        " ",
        "0",
        "899",
        "3601",
        "43200",
        "43201",
        "-900",
        "+900",
        " 900",
        "900 ",
        "900.0",
        "9e2",
        "0x384",
        "\u{ff19}\u{ff10}\u{ff10}",
        "4294968196",
        "99999999999999999999",
        "NaN",
    ] {
        let answer = world.assume(&[good[0], good[1], ("DurationSeconds", seconds)]).await;
        assert_eq!(fault(&answer), (400, "ValidationError"), "{seconds:?}");
    }
    for seconds in ["900", "3600"] {
        let before = world.now();
        let answer = world.assume(&[good[0], good[1], ("DurationSeconds", seconds)]).await;
        let ends = OffsetDateTime::parse(answer.xml("Expiration"), &Rfc3339).unwrap();
        let lasts = seconds.parse().unwrap();
        assert!((ends - world.now()).whole_seconds() <= lasts && (ends - before).whole_seconds() >= lasts - 1);
    }
}

#[tokio::test]
async fn a_parameter_is_there_once_in_the_body_and_known() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let form = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleSessionName", "tests"),
        ("RoleArn", ADMIN_ROLE),
        ("WebIdentityToken", &token),
    ];
    let encode = |pairs: &[(&str, &str)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let post = async |target: &str, pairs: &[(&str, &str)]| {
        let call = Call::new("POST", target).header("content-type", "application/x-www-form-urlencoded");
        world.send(&call.body(encode(pairs))).await
    };
    assert_eq!(post("/sts/", &form).await.status, 200);
    assert_eq!(post("/sts/?", &form).await.status, 200);
    for (name, value) in form {
        for other in [value, "other", ""] {
            let twice = [&form[..], &[(name, other)]].concat();
            let answer = post("/sts/", &twice).await;
            assert!(["ValidationError", "InvalidAction"].contains(&fault(&answer).1), "{name} twice: {answer:?}");
        }
        let lower = name.to_lowercase();
        let renamed = form.map(|pair| if pair.0 == name { (lower.as_str(), value) } else { pair });
        assert!(fault(&post("/sts/", &renamed).await).0 == 400, "{lower}");
        // What stands in the address is not overlooked, and not taken either.
        let rest: Vec<_> = form.iter().copied().filter(|pair| pair.0 != name).collect();
        for (pairs, why) in [(&form[..], "too"), (&rest, "only")] {
            let answer = post(&format!("/sts/?{}", encode(&[(name, value)])), pairs).await;
            assert_eq!(fault(&answer), (400, "ValidationError"), "{name} in the address {why}");
        }
    }
    let nothing = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let in_address = format!("/sts/?{}", encode(&[("Policy", nothing)]));
    assert_eq!(fault(&post(&in_address, &form).await), (400, "ValidationError"));
    for name in [
        "PolicyArns.member.1.arn",
        "ProviderId",
        "Tags.member.1.Key",
        "SourceIdentity",
        "SerialNumber",
        "TokenCode",
        "X-Amz-Date",
        "policy",
    ] {
        let answer = post("/sts/", &[&form[..], &[(name, "x")]].concat()).await;
        assert_eq!(fault(&answer), (400, "ValidationError"), "{name}");
    }
    for method in ["GET", "PUT", "PATCH", "DELETE"] {
        let target = format!("/sts/?{}", encode(&form));
        let answer = world.send(&Call::new(method, &target)).await;
        assert_eq!(fault(&answer), (405, "InvalidAction"), "{method}");
    }
    for target in ["/sts/x", "/sts//", "/STS/", "/sts%2f"] {
        assert_eq!(post(target, &form).await.status, 404, "{target}");
    }
}

#[tokio::test]
async fn a_session_policy_never_adds_a_right() {
    let world = World::start().await;
    let token = world.token(ADMIN);
    let assume = async |policy: &str| {
        world.assume(&[("RoleArn", ADMIN_ROLE), ("WebIdentityToken", &token), ("Policy", policy)]).await
    };
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let admin = credentials(&assume(all).await);
    assert_eq!(world.send_signed(Call::new("GET", "/test/pets/sales"), &admin).await.status, 200);
    for (method, target) in [("POST", "/test/pets/purchase"), ("GET", "/test/pets/purchases")] {
        let answer = world.send_signed(Call::new(method, target), &admin).await;
        assert_eq!(answer.refusal(), "AccessDeniedException", "{method} {target}");
    }
    let sales = "arn:aws:execute-api:us-east-1:123456789012:*/GET/pets/sales";
    let but = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"*"}},
            {{"Effect":"Deny","Action":"execute-api:Invoke","Resource":"{sales}"}}]}}"#
    );
    let admin = credentials(&assume(&but).await);
    assert_eq!(
        world.send_signed(Call::new("GET", "/test/pets/sales"), &admin).await.refusal(),
        "AccessDeniedException"
    );
    assert_eq!(world.send_signed(Call::new("DELETE", "/test/pets/1"), &admin).await.status, 204);
    let nobody = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let admin = credentials(&assume(nobody).await);
    assert_eq!(
        world.send_signed(Call::new("GET", "/test/pets/sales"), &admin).await.refusal(),
        "AccessDeniedException"
    );
    let long = format!("{}{all}", " ".repeat(2048));
    for (policy, expected) in [
        ("", "MalformedPolicyDocument"),
        ("null", "MalformedPolicyDocument"),
        ("[]", "MalformedPolicyDocument"),
        (r#"{"Version":"2012-10-17"}"#, "MalformedPolicyDocument"),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}"#,
            "MalformedPolicyDocument",
        ),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#,
            "MalformedPolicyDocument",
        ),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Surprise":1}}"#,
            "MalformedPolicyDocument",
        ),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#,
            "MalformedPolicyDocument",
        ),
        (&format!("{all}{all}"), "MalformedPolicyDocument"),
        (&long, "ValidationError"),
    ] {
        assert_eq!(fault(&assume(policy).await), (400, expected), "{policy}");
    }
}
