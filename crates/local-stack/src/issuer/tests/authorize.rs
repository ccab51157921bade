//! What an authorization request must have, and where its errors go.

use super::*;

#[test]
fn an_error_before_the_redirect_uri_is_known_is_a_page() {
    let browser = Browser::new();
    for changes in [
        &[("client_id", "")][..],
        &[("client_id", "other")],
        &[("client_id", "PETS-SPA")],
        &[("redirect_uri", "")],
        &[("client_id", "pets-spa"), ("client_id", "pets-spa")],
        &[("redirect_uri", CALLBACK), ("redirect_uri", "https://evil.example/callback")],
    ] {
        browser.authorize(changes).is_page(400, "is not valid");
    }
}

#[test]
fn only_the_exact_callback_gets_an_answer() {
    let browser = Browser::new();
    for uri in [
        "http://localhost:8080/callback/",
        "http://localhost:8080/callback?next=/",
        "http://localhost:8080/callback#",
        "http://localhost:8080/callback%2f",
        "http://localhost:8080/%63allback",
        "http://localhost:8080/Callback",
        "http://localhost:8080/a/../callback",
        "http://localhost:8080//callback",
        "http://localhost:8080/",
        "http://localhost:8080",
        "HTTP://localhost:8080/callback",
        "http://LOCALHOST:8080/callback",
        "https://localhost:8080/callback",
        "http://localhost.:8080/callback",
        "http://localhost:8081/callback",
        "http://localhost/callback",
        "http://127.0.0.1:8080/callback",
        "http://[::1]:8080/callback",
        "http://localhost:8080@evil.example/callback",
        "http://evil.example@localhost:8080/callback",
        "http://localhost:8080.evil.example/callback",
        "http://localhost:80800/callback",
        "http://localhost:8080\\@evil.example/callback",
        " http://localhost:8080/callback",
        "http://localhost:8080/callback ",
        "http://localhost:8080/callback\n",
        "http://localhost:8080/callbackX",
        "http://localhost:8080/callback/.",
        "http://localhost:8080/callback/..",
        "http://localhost:8080/callback/../callback",
        "http://localhost:8080/./callback",
        "http://localhost:8080/%2e/callback",
        "http://localhost:8080/callback;x",
        "http://localhost:8080/callback?",
        "http://localhost:8080/callback%00",
        "http://localhost:8080/callback%23",
        "http://localhost:8080/call\tback",
        "http://localhost:8080/\u{441}allback",
        "http://localhost:08080/callback",
        "http://localhost:8080:8080/callback",
        "http://localhost:/callback",
        "http://local\u{ad}host:8080/callback",
        "http://\u{ff4c}ocalhost:8080/callback",
        "http://localhost\u{3002}:8080/callback",
        "http://user:password@localhost:8080/callback",
        "http://localhost:8080%40evil.example/callback",
        "http://localhost:8080#@evil.example/callback",
        "http://localhost:8080?@evil.example/callback",
        "http://localhost%3a8080/callback",
        "http:/localhost:8080/callback",
        "http:localhost:8080/callback",
        "http:\\\\localhost:8080/callback",
        "http:///localhost:8080/callback",
        "http://127.1:8080/callback",
        "http://0.0.0.0:8080/callback",
        "http://0:8080/callback",
        "http://2130706433:8080/callback",
        "http://0x7f000001:8080/callback",
        "http://0177.0.0.1:8080/callback",
        "http://[::ffff:127.0.0.1]:8080/callback",
        "http://[0:0:0:0:0:0:0:1]:8080/callback",
        "http://localhost.localdomain:8080/callback",
        "http://sub.localhost:8080/callback",
        "http://localhost:8080/callback\r\nSet-Cookie: x=y",
        "view-source:http://localhost:8080/callback",
        "blob:http://localhost:8080/callback",
        "http://localhost:8080/callback,https://evil.example/",
        "http://localhost:8080/callback https://evil.example/",
        "//localhost:8080/callback",
        "/callback",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        for more in [&[("redirect_uri", uri)][..], &[("redirect_uri", uri), ("prompt", "none")]] {
            browser.authorize(more).is_page(400, "list of callback URLs");
        }
    }
    let own = browser.authorize(&[("redirect_uri", "http://localhost:9000/callback"), ("prompt", "none")]);
    assert_eq!(own.location().0, "http://localhost:9000/callback");
}

#[test]
fn later_errors_go_back_to_the_app_with_its_state() {
    let browser = Browser::new();
    let check = |changes: &[(&str, &str)], error: &str| {
        let back = browser.authorize(changes).called_back();
        assert_eq!(back["error"], error, "{changes:?}");
        assert!(!back["error_description"].is_empty());
        assert_eq!(back.get("state").map(String::as_str), Some("st&te=1"), "{changes:?}");
        assert!(!back.contains_key("code"));
    };
    check(&[("response_type", "")], "invalid_request");
    for other in ["token", "id_token", "code id_token", "CODE"] {
        check(&[("response_type", other)], "unsupported_response_type");
    }
    for mode in ["fragment", "form_post", "web_message"] {
        check(&[("response_mode", mode)], "invalid_request");
    }
    check(&[("scope", "")], "invalid_scope");
    check(&[("scope", "profile email")], "invalid_scope");
    check(&[("request", "eyJ")], "request_not_supported");
    check(&[("request_uri", "https://evil.example/")], "request_uri_not_supported");
    check(&[("registration", "{}")], "registration_not_supported");
    check(&[("audience", "https://api.example")], "access_denied");
    check(&[("connection", "google-oauth2")], "invalid_request");
    check(&[("max_age", "-1")], "invalid_request");
    check(&[("max_age", "soon")], "invalid_request");
    check(&[("prompt", "none login")], "invalid_request");
    check(&[("prompt", "create")], "invalid_request");
    check(&[("nonce", &"n".repeat(513))], "invalid_request");
    check(&[("login_hint", &"n".repeat(255))], "invalid_request");
    check(&[("scope", "openid"), ("scope", "openid")], "invalid_request");
    check(&[("unknown", "1"), ("unknown", "1")], "invalid_request");
    check(&[("id_token_hint", "a.b.c"), ("prompt", "none")], "invalid_request");
}

#[test]
fn pkce_with_s256_is_required() {
    let browser = Browser::new();
    let check = |changes: &[(&str, &str)]| {
        assert_eq!(browser.authorize(changes).called_back()["error"], "invalid_request", "{changes:?}");
    };
    check(&[("code_challenge", "")]);
    check(&[("code_challenge", ""), ("code_challenge_method", "")]);
    check(&[("code_challenge_method", "plain")]);
    check(&[("code_challenge_method", "")]);
    check(&[("code_challenge_method", "s256")]);
    check(&[("code_challenge", "short")]);
    check(&[("code_challenge", &"=".repeat(43))]);
    check(&[("code_challenge", &"a".repeat(44))]);
}

#[test]
fn a_repeated_state_is_not_echoed() {
    let browser = Browser::new();
    let back = browser.authorize(&[("state", "a"), ("state", "b")]).called_back();
    assert_eq!(back["error"], "invalid_request");
    assert!(!back.contains_key("state"));
}

#[test]
fn without_a_session_a_silent_request_needs_a_sign_in() {
    let browser = Browser::new();
    let answer = browser.authorize(&[("prompt", "none")]);
    assert_eq!(answer.called_back()["error"], "login_required");
    assert_eq!(answer.header(header::SET_COOKIE), "", "nothing was begun");
}

#[test]
fn with_a_session_a_silent_request_gets_a_code() {
    let mut browser = Browser::new();
    browser.code(&[]);
    for changes in
        [&[("prompt", "none")][..], &[], &[("prompt", "none"), ("connection", "amazon")], &[("prompt", "consent")]]
    {
        let back = browser.authorize(changes).called_back();
        let tokens = browser.exchange(&back["code"]).json();
        assert_eq!(browser.claims(&tokens["id_token"])["sub"], FRED);
        assert_eq!(back["state"], "st&te=1");
    }
    browser.wait(Duration::days(3) + Duration::seconds(1));
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
}

#[test]
fn a_session_ends_in_the_end_however_often_it_is_used() {
    let mut browser = Browser::new();
    browser.code(&[]);
    for _ in 0..3 {
        browser.wait(Duration::days(2));
        assert!(browser.authorize(&[("prompt", "none")]).called_back().contains_key("code"));
    }
    browser.wait(Duration::days(1));
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
}

#[test]
fn a_session_that_will_not_do_leads_to_the_sign_in_page() {
    let mut browser = Browser::new();
    let hint = browser.tokens()["id_token"].as_str().unwrap().to_owned();
    browser.wait(Duration::seconds(100));
    let check = |changes: &[(&str, &str)], will_do: bool| {
        let (address, _) = browser.authorize(changes).location();
        assert_eq!(address == CALLBACK, will_do, "{changes:?}");
        if !changes.iter().any(|(name, _)| *name == "prompt") {
            let silent = [changes, &[("prompt", "none")]].concat();
            assert_eq!(browser.authorize(&silent).called_back().contains_key("code"), will_do, "{changes:?}");
        }
    };
    check(&[("prompt", "login")], false);
    check(&[("prompt", "select_account")], false);
    check(&[("max_age", "100")], false);
    check(&[("max_age", "0")], false);
    check(&[("max_age", "101")], true);
    check(&[("connection", "initech")], false);
    check(&[("connection", "Username-Password-Authentication")], false);
    check(&[("id_token_hint", &hint)], true);
    let wilma = Browser::new();
    let other = wilma.choose("amazon", WILMA, &[]).called_back();
    let other = wilma.exchange(&other["code"]).json()["id_token"].as_str().unwrap().to_owned();
    check(&[("id_token_hint", &other)], false);
}

#[test]
fn the_request_may_come_as_a_form() {
    let browser = Browser::new();
    let challenge = challenge();
    let answer = browser.post(
        "authorize",
        &[
            ("response_type", "code"),
            ("client_id", "pets-spa"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    assert_eq!(answer.location().0, format!("{ISSUER}u/login"));
}
