//! Discovery, keys, CORS, unknown places and methods.

use super::*;

#[test]
fn discovery_names_the_places_that_are_there() {
    let browser = Browser::new();
    let document = browser.get(".well-known/openid-configuration", &[]).json();
    assert_eq!(document["issuer"], ISSUER);
    for (field, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "oauth/token"),
        ("userinfo_endpoint", "userinfo"),
        ("jwks_uri", ".well-known/jwks.json"),
        ("revocation_endpoint", "oauth/revoke"),
        ("end_session_endpoint", "oidc/logout"),
    ] {
        assert_eq!(document[field], format!("{ISSUER}{path}"));
        let answer = browser.visit(Method::DELETE, &format!("/idp/{path}"), "");
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(!answer.header(header::ALLOW).is_empty(), "{path}");
    }
    assert_eq!(document["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(document["token_endpoint_auth_methods_supported"], serde_json::json!(["none"]));
}

#[test]
fn the_keys_are_public_halves_named_by_their_thumbprint() {
    let browser = Browser::new();
    let keys = browser.get(".well-known/jwks.json", &[]).json();
    assert_eq!(keys, browser.issuer.jwks().unwrap());
    let key = keys["keys"][0].as_object().unwrap();
    let mut members = key.keys().map(String::as_str).collect::<Vec<_>>();
    members.sort_unstable();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    let canonical = format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, key["e"], key["n"]);
    assert_eq!(key["kid"], URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)));
    assert_eq!(key["n"].as_str().unwrap().len(), 342, "2048 bits");
}

#[test]
fn other_places_are_not_found() {
    let browser = Browser::new();
    for path in [
        "/",
        "/idp",
        "/idp/",
        "/idp/authorize/",
        "/idp/oauth",
        "/idp/../idp/authorize",
        "/IDP/authorize",
        "/idp//authorize",
    ] {
        let answer = browser.visit(Method::GET, path, "");
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn only_the_apps_pages_may_read_what_calls_answer() {
    let browser = Browser::new();
    let ask = |method: Method, path: &str, origin: &str| {
        let request = Request::builder().method(method).uri(format!("/idp/{path}")).header(header::ORIGIN, origin);
        browser.send(request.body(Vec::new()).unwrap())
    };
    for path in [".well-known/openid-configuration", ".well-known/jwks.json", "oauth/token", "oauth/revoke", "userinfo"]
    {
        for method in [Method::GET, Method::OPTIONS, Method::PUT] {
            for origin in [APP, "http://localhost:9000"] {
                let answer = ask(method.clone(), path, origin);
                assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), origin, "{method} {path}");
                assert_eq!(answer.header(header::VARY), "Origin");
                assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "");
            }
            for origin in
                ["null", "*", "http://localhost:8081", "http://localhost:8080.evil.example", "HTTP://localhost:8080"]
            {
                let answer = ask(method.clone(), path, origin);
                assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "", "{method} {path} {origin}");
            }
        }
        let preflight = ask(Method::OPTIONS, path, APP);
        assert_eq!(preflight.status, StatusCode::NO_CONTENT);
        assert_eq!(preflight.header(header::ACCESS_CONTROL_ALLOW_HEADERS), "authorization, content-type");
    }
    for path in ["authorize", "u/login", "v2/logout", "oidc/logout"] {
        let answer = ask(Method::OPTIONS, path, APP);
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
    }
}
