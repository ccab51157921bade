//! What somebody tries who got hold of a part: a code, a token, a page's address. A part alone is worth nothing, and
//! the use of one that was used before takes back what it gave.

use std::thread;

use super::*;

/// The app's request for tokens, with parameters replaced; `""` leaves one out.
fn ask(browser: &Browser, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "pets-spa"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    form.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    browser.call("oauth/token", &form)
}

#[test]
fn of_many_who_bring_one_code_at_once_one_gets_tokens_and_does_not_keep_them() {
    let browser = Browser::new();
    let code = browser.code(&[]);
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "pets-spa"),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code.as_str()),
    ];
    let (issuer, now, body) = (&browser.issuer, browser.now, encode(&form));
    let bodies: Vec<(StatusCode, String)> = thread::scope(|scope| {
        let ask = || {
            let request = Request::post("/idp/oauth/token")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body.clone().into_bytes())
                .unwrap();
            let (parts, body) = issuer.respond(&request, now).into_parts();
            (parts.status, String::from_utf8(body).unwrap())
        };
        let crowd: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        crowd.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let good: Vec<_> = bodies.iter().filter(|(status, _)| status.is_success()).collect();
    assert_eq!(good.len(), 1, "{bodies:?}");
    let tokens: Value = serde_json::from_str(&good[0].1).unwrap();
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
    browser.userinfo(tokens["access_token"].as_str().unwrap()).is_error(401, "invalid_token");
}

#[test]
fn a_code_that_comes_again_without_its_verifier_takes_the_tokens_back_too() {
    for change in
        [("code_verifier", "x"), ("redirect_uri", "https://evil.example/"), ("code_verifier", &*"a".repeat(43))]
    {
        let browser = Browser::new();
        let code = browser.code(&[]);
        let tokens = browser.exchange(&code).json();
        ask(&browser, &[("code", &code), change]).is_error(400, "invalid_grant");
        browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
    }
}

#[test]
fn a_code_of_one_sign_in_is_not_exchanged_with_the_verifier_of_another() {
    // Code injection: the thief began a sign-in, too, and has a verifier that is good for it.
    let browser = Browser::new();
    let thiefs = "t".repeat(43);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&thiefs));
    let victims_code = browser.code(&[]);
    let thiefs_code = browser.authorize(&[("code_challenge", &challenge)]).called_back()["code"].clone();
    ask(&browser, &[("code", &victims_code), ("code_verifier", &thiefs)]).is_error(400, "invalid_grant");
    ask(&browser, &[("code", &thiefs_code)]).is_error(400, "invalid_grant");
}

#[test]
fn pkce_cannot_be_left_out_on_the_way() {
    let browser = Browser::new();
    // Neither the request nor the exchange goes without it, so that no code is ever without a challenge.
    for (challenge, method) in [("", "S256"), ("", ""), ("", "plain"), (VERIFIER, "plain"), (VERIFIER, "")] {
        let back = browser.authorize(&[("code_challenge", challenge), ("code_challenge_method", method)]).called_back();
        assert_eq!(back["error"], "invalid_request");
        assert!(!back.contains_key("code"));
    }
    let code = browser.code(&[]);
    ask(&browser, &[("code", &code), ("code_verifier", "")]).is_error(400, "invalid_request");
    let method = [("code", code.as_str()), ("code_verifier", &*challenge()), ("code_challenge_method", "plain")];
    ask(&browser, &method).is_error(400, "invalid_grant");
    browser.exchange(&code).is_error(400, "invalid_grant");
}

#[test]
fn another_application_gets_nothing_for_what_it_found_and_spoils_nothing() {
    let browser = Browser::new();
    let code = browser.code(&[]);
    for id in ["other", "PETS-SPA", "pets-spa ", "pets-spa\u{0}", "pets-spa,other"] {
        ask(&browser, &[("code", &code), ("client_id", id)]).is_error(401, "invalid_client");
    }
    let tokens = browser.exchange(&code).json();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let of_another = [("grant_type", "refresh_token"), ("client_id", "other"), ("refresh_token", refresh_token)];
    browser.call("oauth/token", &of_another).is_error(401, "invalid_client");
    browser.call("oauth/revoke", &[("client_id", "other"), ("token", refresh_token)]).is_error(401, "invalid_client");
    let two = [&of_another[..], &[("client_id", "pets-spa")]].concat();
    browser.call("oauth/token", &two).is_error(400, "invalid_request");
    assert_eq!(browser.refresh(&tokens["refresh_token"]).status, StatusCode::OK);
}

#[test]
fn one_kind_of_token_is_not_another() {
    let browser = Browser::new();
    let code = browser.code(&[]);
    let unused = browser.authorize(&[]).called_back()["code"].clone();
    let tokens = browser.exchange(&code).json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let session = browser.cookies.borrow()["pets_idp_9000_session"].clone();
    for wrong in [text("access_token"), text("id_token"), unused.clone(), session.clone()] {
        browser.refresh(&serde_json::json!(wrong)).is_error(400, "invalid_grant");
    }
    for wrong in [text("access_token"), text("id_token"), text("refresh_token"), session.clone()] {
        browser.exchange(&wrong).is_error(400, "invalid_grant");
    }
    for wrong in [text("refresh_token"), text("id_token"), unused.clone(), session] {
        browser.userinfo(&wrong).is_error(401, "invalid_token");
    }
    for wrong in [text("refresh_token"), text("access_token"), text("id_token"), unused.clone()] {
        let cookies = browser.cookies.replace([("pets_idp_9000_session".to_owned(), wrong)].into());
        assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
        browser.cookies.replace(cookies);
    }
    assert_eq!(browser.exchange(&unused).status, StatusCode::OK, "none of it spoilt anything");
    assert_eq!(browser.refresh(&tokens["refresh_token"]).status, StatusCode::OK);
}

#[test]
fn a_family_ends_with_the_persons_session_and_not_with_anothers() {
    let mut browser = Browser::new();
    let first = browser.tokens();
    let second = browser.exchange(&browser.authorize(&[]).called_back()["code"]).json();
    let renewed = browser.refresh(&first["refresh_token"]).json();
    browser.wait(Duration::seconds(10));
    browser.refresh(&first["refresh_token"]).is_error(400, "invalid_grant");
    browser.refresh(&renewed["refresh_token"]).is_error(400, "invalid_grant");
    let other = browser.refresh(&second["refresh_token"]);
    assert_eq!(other.status, StatusCode::OK, "another sign-in of the same person is another family");
    browser.get("v2/logout", &[]);
    browser.refresh(&other.json()["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn a_sign_in_page_is_worth_nothing_in_another_browser() {
    let browser = Browser::new();
    let (_, parameters) = browser.authorize(&[]).location();
    let state = parameters["state"].as_str();
    let page = browser.get("u/login", &[("state", state)]);
    let ticket = input(&page.body, "ticket").to_owned();
    let own = browser.cookies.take();
    let (name, value) = own.first_key_value().map(|(name, value)| (name.clone(), value.clone())).unwrap();
    let form = [("ticket", ticket.as_str()), ("connection", "amazon"), ("person", WILMA)];
    let forged = format!("{}{}", &value[..22], "A".repeat(43));
    let other = Browser::new();
    other.authorize(&[]);
    let others = other.cookies.borrow()[&name].clone();
    for cookies in [
        vec![],
        vec![(name.clone(), String::new())],
        vec![(name.clone(), forged)],
        vec![(name.clone(), others)],
        vec![(name.to_uppercase(), value.clone())],
        vec![("pets_idp_9001_browser".to_owned(), value.clone())],
        vec![("pets_idp_9000_session".to_owned(), value.clone())],
    ] {
        browser.cookies.replace(cookies.into_iter().collect());
        browser.get("u/login", &[("state", state)]).is_page(400, "This sign-in is over");
        let refused = browser.post("u/login", &form);
        refused.is_page(400, "This sign-in is over");
        assert_eq!(refused.header(header::SET_COOKIE), "", "nobody is signed in behind their back");
    }
    browser.cookies.replace(own);
    assert!(browser.post("u/login", &form).called_back().contains_key("code"), "in its own it is");
}
