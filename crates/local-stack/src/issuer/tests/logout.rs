//! Signing out.

use super::*;

fn text(token: &Value) -> &str {
    token.as_str().unwrap()
}

fn is_signed_out(browser: &Browser) -> bool {
    browser.authorize(&[("prompt", "none")]).called_back().contains_key("error")
}

#[test]
fn signing_out_ends_the_session_and_all_that_was_given_in_it() {
    let browser = Browser::new();
    let tokens = browser.tokens();
    let unused = browser.authorize(&[]).called_back()["code"].clone();
    let form = [
        ("id_token_hint", text(&tokens["id_token"])),
        ("client_id", "pets-spa"),
        ("post_logout_redirect_uri", "http://localhost:8080/login"),
        ("state", "a&b"),
    ];
    let (address, parameters) = browser.post("oidc/logout", &form).location();
    assert_eq!(address, "http://localhost:8080/login");
    assert_eq!(parameters["state"], "a&b");
    assert!(browser.cookies.borrow().is_empty(), "no cookie is left");
    assert!(is_signed_out(&browser));
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
    browser.exchange(&unused).is_error(400, "invalid_grant");
    assert_eq!(browser.userinfo(text(&tokens["access_token"])).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn an_expired_hint_is_good_enough() {
    let mut browser = Browser::new();
    let tokens = browser.tokens();
    browser.wait(Duration::days(2));
    let query = [("id_token_hint", text(&tokens["id_token"])), ("post_logout_redirect_uri", "http://localhost:8080/")];
    assert_eq!(browser.get("oidc/logout", &query).location().0, "http://localhost:8080/");
    assert!(is_signed_out(&browser));
}

#[test]
fn the_cookie_need_not_come_along_if_the_token_names_the_session() {
    let browser = Browser::new();
    let tokens = browser.tokens();
    let cookies = browser.cookies.take();
    let form = [("id_token_hint", text(&tokens["id_token"])), ("post_logout_redirect_uri", APP)];
    assert_eq!(browser.post("oidc/logout", &form).location().0, "http://localhost:8080/");
    browser.cookies.replace(cookies);
    assert!(is_signed_out(&browser));
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn without_a_fitting_hint_the_person_is_asked() {
    let browser = Browser::new();
    let wilma = browser.choose("amazon", WILMA, &[]).called_back();
    let wilma = browser.exchange(&wilma["code"]).json();
    browser.choose("amazon", FRED, &[("prompt", "login")]).called_back();
    let back = ("post_logout_redirect_uri", "http://localhost:8080/");
    for query in [
        &[back, ("client_id", "pets-spa")][..],
        &[back, ("id_token_hint", text(&wilma["id_token"]))],
        &[back, ("logout_hint", "made-up")],
        &[],
    ] {
        let page = browser.get("oidc/logout", query);
        page.is_page(200, "Sign out?");
        assert!(page.body.contains("Fred Flintstone"));
        assert!(!is_signed_out(&browser));
    }
    let page = browser.get("oidc/logout", &[back, ("state", "s")]);
    let ticket = input(&page.body, "ticket");
    for wrong in ["", "x", &format!("{}{}", &ticket[..22], "A".repeat(43))] {
        browser.post("oidc/logout/confirm", &[("ticket", wrong)]).is_page(400, "is not valid");
    }
    assert!(!is_signed_out(&browser));
    let (address, parameters) = browser.post("oidc/logout/confirm", &[("ticket", ticket)]).location();
    assert_eq!((address.as_str(), parameters["state"].as_str()), ("http://localhost:8080/", "s"));
    assert!(is_signed_out(&browser));
    browser.post("oidc/logout/confirm", &[("ticket", ticket)]).is_page(400, "is not valid");
}

#[test]
fn another_persons_confirmation_signs_nobody_out() {
    let browser = Browser::new();
    browser.code(&[]);
    let page = browser.get("oidc/logout", &[]);
    let ticket = input(&page.body, "ticket");
    browser.cookies.take();
    browser.choose("amazon", WILMA, &[]).called_back();
    browser.post("oidc/logout/confirm", &[("ticket", ticket)]).is_page(400, "is not valid");
    assert!(!is_signed_out(&browser));
}

#[test]
fn the_session_id_is_a_hint_too() {
    let browser = Browser::new();
    let tokens = browser.tokens();
    let claims = browser.claims(&tokens["id_token"]);
    let sid = text(&claims["sid"]);
    let cookies = browser.cookies.take();
    browser.get("oidc/logout", &[("logout_hint", sid)]).is_page(200, "You are signed out");
    browser.cookies.replace(cookies);
    assert!(!is_signed_out(&browser), "an id alone, without the cookie, ends nothing");
    let both = [("logout_hint", "other"), ("id_token_hint", text(&tokens["id_token"]))];
    browser.get("oidc/logout", &both).is_page(400, "logout_hint");
    browser.get("oidc/logout", &[("logout_hint", sid)]).is_page(200, "You are signed out");
    assert!(is_signed_out(&browser));
}

#[test]
fn sign_out_redirects_to_registered_addresses_only() {
    let mut browser = Browser::new();
    for uri in [
        "https://evil.example/",
        "http://localhost:8080.evil.example/",
        "http://localhost:8080@evil.example/",
        "http://localhost:8080/other",
        "http://localhost:8080/?x",
        "http://localhost:8080//evil.example",
        "http://localhost:8081/",
        "//evil.example",
        "/\\evil.example",
        "http:evil.example",
        "http://localhost:8080\\@evil.example/",
        "http://localhost:8080/\\evil.example",
        "http://localhost:8080/..//evil.example",
        "http://localhost:8080/%2f%2fevil.example",
        "http://localhost:8080/#evil",
        "http://localhost:8080/\r\nLocation: https://evil.example/",
        "http://localhost:8080/login?next=https://evil.example/",
        "http://localhost:8080/loginevil",
        "http://evil.example/http://localhost:8080/",
        "http://LOCALHOST:8080/",
        "http://127.0.0.1:8080/",
        "https://localhost:8080/",
        "data:text/html,evil",
        "javascript:alert(1)",
    ] {
        browser.cookies.take();
        let query = [("post_logout_redirect_uri", uri), ("client_id", "pets-spa"), ("state", "s")];
        browser.get("oidc/logout", &query).is_page(200, "You are signed out");
        browser.get("v2/logout", &[("returnTo", uri), ("client_id", "pets-spa")]).is_page(200, "You are signed out");
        let tokens = browser.tokens();
        let query = [("post_logout_redirect_uri", uri), ("id_token_hint", text(&tokens["id_token"]))];
        let page = browser.get("oidc/logout", &query);
        page.is_page(200, "You are signed out");
        assert!(!page.body.contains("evil"), "{uri}");
        assert!(is_signed_out(&browser));
        browser.wait(Duration::seconds(1));
    }
}

#[test]
fn a_hint_that_is_not_ours_is_refused() {
    let browser = Browser::new();
    let tokens = browser.tokens();
    let token = text(&tokens["id_token"]);
    let sign = |iss: &str, aud: &str| {
        let claims = serde_json::json!({ "iss": iss, "aud": aud, "sub": FRED, "sid": "x", "exp": 1 });
        test_key().sign(&claims).unwrap()
    };
    let mut parts = token.split('.').map(str::to_owned).collect::<Vec<_>>();
    parts[0] = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    let changed = format!("{}A", &token[..token.len() - 2]);
    for hint in ["x", &unsigned, &changed, &sign("http://localhost:9001/idp/", "pets-spa"), &sign(ISSUER, "other")] {
        browser.get("oidc/logout", &[("id_token_hint", hint)]).is_page(400, "id_token_hint");
    }
    browser.get("oidc/logout", &[("client_id", "other")]).is_page(400, "unknown");
    browser.get("oidc/logout", &[("state", "a"), ("state", "b")]).is_page(400, "more than once");
    assert!(!is_signed_out(&browser));
}

#[test]
fn auth0s_older_way_signs_out_and_returns() {
    let browser = Browser::new();
    let tokens = browser.tokens();
    let query = [("client_id", "pets-spa"), ("returnTo", "http://localhost:8080/login"), ("federated", "")];
    assert_eq!(browser.get("v2/logout", &query).location().0, "http://localhost:8080/login");
    assert!(is_signed_out(&browser));
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
    browser
        .get("v2/logout", &[("client_id", "other"), ("returnTo", "http://localhost:8080/")])
        .is_page(200, "You are signed out");
    browser
        .get("v2/logout", &[("returnTo", "http://localhost:8080/"), ("returnTo", "x")])
        .is_page(400, "more than once");
}
