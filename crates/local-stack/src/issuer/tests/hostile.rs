//! Input made to do harm.

use super::*;

const EVIL: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"#;

#[test]
fn what_is_reflected_is_escaped() {
    let browser = Browser::new();
    let check = |answer: Answer| {
        assert!(!answer.body.contains("<script"), "{}", answer.body);
        assert!(!answer.body.contains("<img"), "{}", answer.body);
        assert!(!answer.body.contains("\"'>"), "{}", answer.body);
    };
    check(browser.open(&[("login_hint", EVIL)]));
    assert!(browser.open(&[("login_hint", EVIL)]).body.contains("&lt;script&gt;alert(1)"));
    check(browser.authorize(&[("client_id", EVIL)]));
    check(browser.authorize(&[("redirect_uri", EVIL)]));
    check(browser.authorize(&[(EVIL, "1"), (EVIL, "2"), ("client_id", "")]));
    let (_, parameters) = browser.authorize(&[]).location();
    check(browser.get("u/login", &[("state", &parameters["state"]), ("connection", EVIL)]));
    check(browser.get("u/login", &[("state", EVIL)]));
    check(browser.get("u/login", &[(EVIL, "1"), (EVIL, "2")]));
    let page = browser.open(&[]);
    let ticket = ("ticket", input(&page.body, "ticket"));
    let database = ("connection", "Username-Password-Authentication");
    check(browser.post("u/login", &[ticket, database, ("email", EVIL), ("password", EVIL)]));
    check(browser.post("u/login", &[ticket, ("connection", "amazon"), ("person", EVIL)]));
    check(browser.post("u/login", &[("ticket", EVIL), ("connection", EVIL)]));
    check(browser.get("oidc/logout", &[("id_token_hint", EVIL)]));
    check(browser.get("oidc/logout", &[("post_logout_redirect_uri", EVIL), ("state", EVIL)]));
    check(browser.get("oidc/logout", &[(EVIL, "1"), (EVIL, "2")]));
    check(browser.get("v2/logout", &[("returnTo", EVIL)]));
    check(browser.post("oidc/logout/confirm", &[("ticket", EVIL)]));
    let json = browser.call("oauth/token", &[("client_id", EVIL), ("grant_type", EVIL)]);
    assert_eq!(json.header(header::CONTENT_TYPE), "application/json");
    check(json);
}

#[test]
fn state_comes_back_as_it_was_and_splits_nothing() {
    let browser = Browser::new();
    for state in [EVIL, "a\r\nSet-Cookie: x=y", "&code=evil&iss=evil", "é😀\u{0}", "%26", "a+b c"] {
        let answer = browser.authorize(&[("state", state), ("prompt", "none")]);
        assert_eq!(answer.called_back()["state"], state);
        assert_eq!(answer.header(header::SET_COOKIE), "");
    }
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    let browser = Browser::new();
    let long = "x".repeat(20_000);
    assert_eq!(browser.authorize(&[("state", &long)]).status, StatusCode::URI_TOO_LONG);
    for path in ["authorize", "u/login", "oauth/token", "oauth/revoke", "oidc/logout", "oidc/logout/confirm"] {
        let answer = browser.post(path, &[("state", &long)]);
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let many = "a=1&".repeat(64);
    assert_eq!(browser.visit(Method::POST, "/idp/oauth/token", &many).status, StatusCode::BAD_REQUEST);
}

#[test]
fn bodies_that_are_no_forms_are_refused() {
    let browser = Browser::new();
    for path in ["authorize", "u/login", "oidc/logout", "oidc/logout/confirm"] {
        for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", "\u{e9}"] {
            let request = Request::post(format!("/idp/{path}")).header(header::CONTENT_TYPE, kind.as_bytes());
            let answer = browser.send(request.body(b"ticket=1".to_vec()).unwrap());
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {kind}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_hurt_nobody() {
    let browser = Browser::new();
    browser.visit(Method::GET, "/idp/authorize?client_id=%ff%fe&redirect_uri=%00", "").is_page(400, "is not valid");
    browser
        .visit(Method::POST, "/idp/oauth/token", "grant_type=%ff&client_id=pets-spa")
        .is_error(400, "unsupported_grant_type");
    for cookie in
        [&b"\xff\xfe"[..], b"pets_idp_9000_session", b"pets_idp_9000_session=; pets_idp_9000_session=x", b";;=;="]
    {
        let request = Request::get("/idp/oidc/logout").header(header::COOKIE, cookie);
        browser.send(request.body(Vec::new()).unwrap()).is_page(200, "You are signed out");
    }
}

#[test]
fn what_strangers_make_it_remember_is_bounded() {
    let browser = Browser::new();
    for _ in 0..1_100 {
        browser.authorize(&[]);
    }
    assert_eq!(browser.issuer.state().sign_ins.len(), 1_000);
    browser.code(&[]);
    for _ in 0..1_100 {
        browser.authorize(&[]);
        browser.get("oidc/logout", &[]);
    }
    assert_eq!(browser.issuer.state().codes.len(), 1_000);
    assert_eq!(browser.issuer.state().sign_outs.len(), 1_000);
}

#[test]
fn no_event_can_carry_a_name_or_a_token() {
    use std::sync::Mutex;
    static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut browser = Browser::with(|config| config.log = |event| LINES.lock().unwrap().push(event.to_string()));
    let code = browser.code(&[]);
    let tokens = browser.exchange(&code).json();
    browser.refresh(&tokens["refresh_token"]);
    browser.refresh(&tokens["refresh_token"]);
    browser.wait(Duration::seconds(10));
    browser.refresh(&tokens["refresh_token"]);
    browser.exchange(&code);
    browser.get("v2/logout", &[]);
    let expected = [
        "signed in through amazon",
        "a replaced refresh token was used again, within the leeway",
        "a replaced refresh token was used: its family is revoked",
        "a code was used twice: its tokens are revoked",
        "signed out",
    ];
    assert_eq!(*LINES.lock().unwrap(), expected);
}
