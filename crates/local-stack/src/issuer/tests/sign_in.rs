//! The sign-in page.

use super::*;
use crate::issuer::people::samples;

const DATABASE: &str = "Username-Password-Authentication";

fn log_in(browser: &Browser, email: &str, password: &str) -> Answer {
    let page = browser.open(&[]);
    let ticket = input(&page.body, "ticket");
    let form = [("ticket", ticket), ("connection", DATABASE), ("email", email), ("password", password)];
    browser.post("u/login", &form)
}

#[test]
fn every_sample_person_can_sign_in_and_is_who_they_are() {
    for person in Browser::new().issuer.samples() {
        let browser = Browser::new();
        let answer = match person.password {
            Some(password) => log_in(&browser, person.email, password),
            None => browser.choose(person.connection.name(), person.user_id, &[]),
        };
        let back = answer.called_back();
        assert_eq!(back["state"], "st&te=1");
        let tokens = browser.exchange(&back["code"]).json();
        let claims = browser.claims(&tokens["id_token"]);
        assert_eq!(claims["sub"], person.user_id);
        assert_eq!(claims["name"], person.name);
        assert_eq!(claims["email"], person.email);
        assert_eq!(browser.userinfo(tokens["access_token"].as_str().unwrap()).json()["sub"], person.user_id);
    }
}

#[test]
fn the_page_offers_every_way_and_a_connection_hint_just_one() {
    let browser = Browser::new();
    let page = browser.open(&[]);
    page.is_page(200, "Continue with Amazon");
    assert!(page.body.contains("Continue with Initech"));
    assert!(page.body.contains(PASSWORD));
    let page = browser.open(&[("connection", "amazon")]);
    page.is_page(200, "Fred Flintstone");
    assert!(page.body.contains(WILMA));
    assert!(!page.body.contains("Other ways"));
    assert!(!page.body.contains(BARNEY));
    let page = browser.open(&[("connection", DATABASE)]);
    page.is_page(200, "E-mail address");
    assert!(!page.body.contains("Continue with Amazon"));
}

#[test]
fn the_link_to_a_connection_leads_to_its_people_and_back() {
    let browser = Browser::new();
    let (_, parameters) = browser.authorize(&[]).location();
    let state = parameters["state"].as_str();
    let page = browser.get("u/login", &[("state", state), ("connection", "initech")]);
    page.is_page(200, "Barney Rubble");
    assert!(page.body.contains("Other ways"));
    let (ticket, person) = (input(&page.body, "ticket"), ("person", BARNEY));
    let answer = browser.post("u/login", &[("ticket", ticket), ("connection", "initech"), person]);
    assert!(answer.called_back().contains_key("code"));
}

#[test]
fn a_login_hint_is_filled_in() {
    Browser::new().open(&[("login_hint", "betty@example.com")]).is_page(200, r#"value="betty@example.com""#);
}

#[test]
fn a_wrong_password_says_so_keeps_the_address_and_leaves_the_form_usable() {
    let browser = Browser::new();
    let page = log_in(&browser, "betty@example.com", "wrong");
    page.is_page(400, "Wrong e-mail address or password.");
    assert!(page.body.contains(r#"value="betty@example.com""#));
    assert!(page.body.contains(r#"aria-describedby="problem""#));
    assert!(page.body.contains(r#"aria-invalid="true""#));
    assert!(page.body.contains(r#"id="problem""#));
    assert!(page.body.contains("<title>Error: Sign in"));
    assert!(!page.body.contains(r#"value="wrong""#), "passwords are not echoed");
    assert_eq!(page.header(header::SET_COOKIE), "");
    let ticket = input(&page.body, "ticket");
    let form = [("ticket", ticket), ("connection", DATABASE), ("email", "betty@example.com"), ("password", PASSWORD)];
    assert!(browser.post("u/login", &form).called_back().contains_key("code"));
}

#[test]
fn an_unknown_address_is_answered_like_a_wrong_password() {
    let answers = ["betty@example.com", "fred@example.com", "nobody@example.com", &"n".repeat(5_000)]
        .map(|email| log_in(&Browser::new(), email, "wrong"));
    for answer in answers {
        answer.is_page(400, "Wrong e-mail address or password.");
    }
}

#[test]
fn guessing_a_password_has_to_pause() {
    let mut browser = Browser::new();
    for _ in 0..5 {
        log_in(&browser, "Betty@example.com", "guess").is_page(400, "Wrong e-mail");
        browser.wait(Duration::seconds(1));
    }
    let refused = log_in(&browser, "betty@example.com", PASSWORD);
    refused.is_page(429, "Try again in 55 seconds.");
    assert_eq!(refused.header(header::RETRY_AFTER), "55");
    log_in(&browser, "other@example.com", "guess").is_page(400, "Wrong e-mail");
    browser.wait(Duration::seconds(55));
    assert!(log_in(&browser, "betty@example.com", PASSWORD).called_back().contains_key("code"));
}

#[test]
fn another_browser_cannot_finish_a_sign_in() {
    // Login CSRF: the attacker begins a sign-in and makes the victim's browser send the form.
    let browser = Browser::new();
    let page = browser.open(&[]);
    let form = [("ticket", input(&page.body, "ticket")), ("connection", "amazon"), ("person", WILMA)];
    let attackers = browser.cookies.take();
    let refused = browser.post("u/login", &form);
    refused.is_page(400, "This sign-in is over");
    assert_eq!(refused.header(header::SET_COOKIE), "");
    // The victim has a sign-in of their own open: it doesn't help.
    browser.open(&[]);
    browser.post("u/login", &form).is_page(400, "This sign-in is over");
    let (_, parameters) = browser.authorize(&[]).location();
    let victims = browser.cookies.replace(attackers);
    browser.get("u/login", &[("state", &parameters["state"])]).is_page(400, "This sign-in is over");
    assert!(browser.post("u/login", &form).called_back().contains_key("code"), "its own browser can");
    assert!(!victims.is_empty());
}

#[test]
fn a_form_without_the_right_ticket_is_refused() {
    let browser = Browser::new();
    let page = browser.open(&[]);
    let ticket = input(&page.body, "ticket");
    let forged = format!("{}{}", &ticket[..22], "A".repeat(43));
    for ticket in ["", "x", &ticket[..22], &forged, &ticket.to_lowercase()] {
        let form = [("ticket", ticket), ("connection", "amazon"), ("person", FRED)];
        browser.post("u/login", &form).is_page(400, "This sign-in is over");
    }
    let form = [("ticket", ticket), ("ticket", ticket), ("connection", "amazon"), ("person", FRED)];
    browser.post("u/login", &form).is_page(400, "more than once");
}

#[test]
fn nobody_is_chosen_through_another_connection_or_without_the_password() {
    let browser = Browser::new();
    let admin = samples().iter().find(|person| person.password.is_some()).unwrap().user_id;
    for (connection, person) in
        [("amazon", admin), ("initech", FRED), ("amazon", BARNEY), ("amazon", "nobody"), ("other", FRED), ("", FRED)]
    {
        browser.choose(connection, person, &[]).is_page(400, "This sign-in is over");
    }
    browser.choose(DATABASE, admin, &[]).is_page(400, "Wrong e-mail");
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
}

#[test]
fn a_sign_in_is_finished_once_and_not_too_late() {
    let mut browser = Browser::new();
    let page = browser.open(&[]);
    let form = [("ticket", input(&page.body, "ticket")), ("connection", "amazon"), ("person", FRED)];
    browser.post("u/login", &form).called_back();
    browser.post("u/login", &form).is_page(400, "This sign-in is over");
    let page = browser.open(&[("prompt", "login")]);
    let form = [("ticket", input(&page.body, "ticket")), ("connection", "amazon"), ("person", FRED)];
    browser.wait(Duration::minutes(30));
    browser.post("u/login", &form).is_page(400, "This sign-in is over");
}

#[test]
fn signing_in_changes_the_session_cookie_and_ends_another_persons_session() {
    let browser = Browser::new();
    let cookie = || browser.cookies.borrow()["pets_idp_9000_session"].clone();
    let fred = browser.tokens();
    let first = cookie();
    let again = browser.choose("amazon", FRED, &[("prompt", "login")]).called_back();
    let again = browser.exchange(&again["code"]).json();
    assert_ne!(cookie(), first);
    assert_eq!(browser.claims(&again["id_token"])["sid"], browser.claims(&fred["id_token"])["sid"]);
    let wilma = browser.choose("amazon", WILMA, &[("prompt", "login")]).called_back();
    let wilma = browser.exchange(&wilma["code"]).json();
    assert_ne!(browser.claims(&wilma["id_token"])["sid"], browser.claims(&fred["id_token"])["sid"]);
    browser.refresh(&fred["refresh_token"]).is_error(400, "invalid_grant");
    assert_eq!(browser.refresh(&wilma["refresh_token"]).status, StatusCode::OK);
    browser.cookies.borrow_mut().insert("pets_idp_9000_session".into(), first);
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
}

#[test]
fn a_session_cookie_cannot_be_made_from_what_a_token_tells() {
    let browser = Browser::new();
    let claims = browser.claims(&browser.tokens()["id_token"]);
    let sid = claims["sid"].as_str().unwrap();
    let silent = || browser.authorize(&[("prompt", "none")]).called_back();
    let old = browser.cookies.borrow()["pets_idp_9000_session"].clone();
    assert!(old.starts_with(sid) && silent().contains_key("code"));
    browser.choose("amazon", FRED, &[("prompt", "login")]).called_back();
    for cookie in [format!("{sid}{}", "A".repeat(43)), sid.to_owned(), old] {
        browser.cookies.borrow_mut().insert("pets_idp_9000_session".into(), cookie);
        assert_eq!(silent()["error"], "login_required");
    }
}

#[test]
fn pages_load_nothing_and_are_framed_by_nobody() {
    let page = Browser::new().open(&[]);
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    for part in [
        "default-src 'none'",
        "form-action 'self' http://localhost:8080 http://localhost:9000",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    let style = page.body.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")));
    assert!(!page.body.contains("<script") && !page.body.contains(" style="));
    assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(page.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
}

#[test]
fn cookies_are_secure_where_the_issuer_is() {
    let browser = Browser::with(|config| config.issuer_url = "https://idp.example/idp/".into());
    let answer = browser.authorize(&[]);
    assert!(answer.header(header::SET_COOKIE).ends_with("; Secure"));
    assert!(!Browser::new().authorize(&[]).header(header::SET_COOKIE).contains("Secure"));
}
