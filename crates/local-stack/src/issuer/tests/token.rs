//! Codes, refresh tokens, access tokens.

use super::*;
use crate::issuer::Lifetimes;

#[test]
fn a_code_becomes_tokens_with_auth0s_claims() {
    let browser = Browser::new();
    let answer = browser.exchange(&browser.code(&[]));
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), APP);
    let tokens = answer.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 86_400);
    assert_eq!(tokens["scope"], "openid profile email offline_access");
    let mut claims = browser.claims(&tokens["id_token"]);
    let sid = claims.as_object_mut().unwrap().remove("sid").unwrap();
    assert_eq!(sid.as_str().unwrap().len(), 22);
    let expected = serde_json::json!({
        "iss": ISSUER, "sub": FRED, "aud": "pets-spa", "iat": 1_800_000_000, "exp": 1_800_036_000,
        "nonce": "n-0S6_WzA2Mj", "name": "Fred Flintstone", "nickname": "fred", "email": "fred@example.com",
        "email_verified": true, "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(claims, expected);
}

#[test]
fn the_scope_decides_what_is_told() {
    let browser = Browser::new();
    let tokens = browser.exchange(&browser.code(&[("scope", "openid email admin"), ("nonce", "")])).json();
    assert_eq!(tokens["scope"], "openid email");
    assert_eq!(tokens.get("refresh_token"), None);
    let claims = browser.claims(&tokens["id_token"]);
    assert_eq!(claims.get("name"), None);
    assert_eq!(claims.get("nonce"), None);
    assert_eq!(claims["email"], "fred@example.com");
    let info = browser.userinfo(tokens["access_token"].as_str().unwrap()).json();
    assert_eq!(info, serde_json::json!({ "sub": FRED, "email": "fred@example.com", "email_verified": true }));
}

#[test]
fn auth_time_is_told_to_those_who_ask_for_an_age() {
    let mut browser = Browser::new();
    browser.code(&[]);
    let signed_in = browser.now.unix_timestamp();
    browser.wait(Duration::seconds(30));
    let back = browser.authorize(&[("max_age", "60")]).called_back();
    let tokens = browser.exchange(&back["code"]).json();
    assert_eq!(browser.claims(&tokens["id_token"])["auth_time"], signed_in);
    let renewed = browser.refresh(&tokens["refresh_token"]).json();
    assert_eq!(browser.claims(&renewed["id_token"])["auth_time"], signed_in);
}

#[test]
fn a_code_is_good_for_its_minute_only() {
    let mut browser = Browser::new();
    let code = browser.code(&[]);
    browser.wait(Duration::seconds(60));
    browser.exchange(&code).is_error(400, "invalid_grant");
    let code = browser.authorize(&[]).called_back()["code"].clone();
    browser.wait(Duration::seconds(59));
    assert_eq!(browser.exchange(&code).status, StatusCode::OK);
}

#[test]
fn a_code_that_comes_again_takes_back_what_it_gave() {
    let mut browser = Browser::new();
    let code = browser.code(&[]);
    let tokens = browser.exchange(&code).json();
    let access_token = tokens["access_token"].as_str().unwrap();
    let renewed = browser.refresh(&tokens["refresh_token"]).json();
    assert_eq!(browser.userinfo(access_token).status, StatusCode::OK);
    browser.wait(Duration::minutes(10));
    browser.exchange(&code).is_error(400, "invalid_grant");
    assert_eq!(browser.userinfo(access_token).status, StatusCode::UNAUTHORIZED);
    browser.refresh(&renewed["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn a_code_is_bound_to_verifier_and_redirect_uri_and_a_wrong_one_spends_it() {
    let browser = Browser::new();
    let check = |name: &str, value: &str| {
        browser.cookies.borrow_mut().clear();
        let code = browser.code(&[]);
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("client_id", "pets-spa"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(known, _)| *known != name);
        form.push((name, value));
        browser.call("oauth/token", &form).is_error(400, "invalid_grant");
        browser.exchange(&code).is_error(400, "invalid_grant");
    };
    check("code_verifier", &VERIFIER.to_lowercase());
    check("code_verifier", &challenge());
    check("code_verifier", "short");
    check("code_verifier", &format!("{VERIFIER}\n"));
    check("code_verifier", &"a".repeat(129));
    check("redirect_uri", "http://localhost:9000/callback");
    check("redirect_uri", "http://localhost:8080/callback/");
}

#[test]
fn a_verifier_must_have_the_length_and_characters_of_one() {
    let browser = Browser::new();
    for (verifier, good) in
        [("short", false), (&*"a".repeat(129), false), (&*"é".repeat(43), false), (&*"~".repeat(43), true)]
    {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        browser.cookies.borrow_mut().clear();
        let code = browser.code(&[("code_challenge", &challenge)]);
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "pets-spa"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", verifier),
        ];
        assert_eq!(browser.call("oauth/token", &form).status.is_success(), good, "{verifier}");
    }
}

#[test]
fn a_made_up_code_is_refused_and_spends_nothing() {
    let browser = Browser::new();
    let code = browser.code(&[]);
    let forged = format!("{}{}", &code[..22], "A".repeat(43));
    for wrong in ["x", &forged, &code[1..], &format!("{code}A")] {
        browser.exchange(wrong).is_error(400, "invalid_grant");
    }
    assert_eq!(browser.exchange(&code).status, StatusCode::OK);
}

#[test]
fn a_request_for_tokens_is_checked_before_anything_is_spent() {
    let browser = Browser::new();
    let code = browser.code(&[]);
    let right = [
        ("grant_type", "authorization_code"),
        ("client_id", "pets-spa"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    for missing in ["grant_type", "client_id", "code", "redirect_uri", "code_verifier"] {
        let form: Vec<_> = right.iter().copied().filter(|(name, _)| *name != missing).collect();
        browser.call("oauth/token", &form).is_error(400, "invalid_request");
        let twice: Vec<_> = right.iter().chain(right.iter().filter(|(name, _)| *name == missing)).copied().collect();
        browser.call("oauth/token", &twice).is_error(400, "invalid_request");
    }
    let with = |name, value| [&right[..], &[(name, value)]].concat();
    let twice = [&right[..], &[("extra", "1"), ("extra", "2")]].concat();
    browser.call("oauth/token", &twice).is_error(400, "invalid_request");
    browser.call("oauth/token", &with("client_secret", "s")).is_error(401, "invalid_client");
    browser.call("oauth/token", &with("client_assertion", "s")).is_error(401, "invalid_client");
    let replaced = |name, value| right.map(|pair| if pair.0 == name { (name, value) } else { pair });
    browser.call("oauth/token", &replaced("client_id", "other")).is_error(401, "invalid_client");
    for other in ["password", "client_credentials", "implicit", "Authorization_Code"] {
        browser.call("oauth/token", &replaced("grant_type", other)).is_error(400, "unsupported_grant_type");
    }
    let in_address = format!("oauth/token?{}", encode(&[("client_id", "pets-spa")]));
    browser.call(&in_address, &right).is_error(400, "invalid_request");
    let json = Request::post("/idp/oauth/token").header(header::CONTENT_TYPE, "application/json");
    browser.send(json.body(b"{}".to_vec()).unwrap()).is_error(400, "invalid_request");
    let basic = Request::post("/idp/oauth/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header(header::AUTHORIZATION, "Basic cGV0cy1zcGE6");
    browser.send(basic.body(encode(&right).into_bytes()).unwrap()).is_error(401, "invalid_client");
    assert_eq!(browser.exchange(&code).status, StatusCode::OK, "none of it spent the code");
}

#[test]
fn refresh_tokens_rotate() {
    let mut browser = Browser::new();
    let mut tokens = browser.tokens();
    let sid = browser.claims(&tokens["id_token"])["sid"].clone();
    for _ in 0..5 {
        browser.wait(Duration::days(1));
        let renewed = browser.refresh(&tokens["refresh_token"]);
        assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
        assert_eq!(renewed.header(header::CACHE_CONTROL), "no-store");
        let renewed = renewed.json();
        assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
        let claims = browser.claims(&renewed["id_token"]);
        assert_eq!(claims["iat"], browser.now.unix_timestamp());
        assert_eq!(claims["sid"], sid);
        assert_eq!(claims.get("nonce"), None);
        tokens = renewed;
    }
}

#[test]
fn a_replaced_refresh_token_ends_its_family() {
    let browser = Browser::new();
    let first = browser.tokens();
    let second = browser.refresh(&first["refresh_token"]).json();
    let third = browser.refresh(&second["refresh_token"]).json();
    let reused = browser.refresh(&first["refresh_token"]);
    reused.is_error(400, "invalid_grant");
    assert_eq!(reused.json()["error_description"], "Unknown or invalid refresh token.");
    browser.refresh(&third["refresh_token"]).is_error(400, "invalid_grant");
    let access_token = third["access_token"].as_str().unwrap();
    assert_eq!(browser.userinfo(access_token).status, StatusCode::UNAUTHORIZED);
    let back = browser.authorize(&[("prompt", "none")]).called_back();
    assert!(back.contains_key("code"), "the session goes on, so the person just comes back");
}

#[test]
fn a_refresh_token_may_come_again_while_its_answer_may_have_been_lost() {
    let mut browser = Browser::new();
    let first = browser.tokens();
    browser.refresh(&first["refresh_token"]);
    browser.wait(Duration::milliseconds(9_999));
    let again = browser.refresh(&first["refresh_token"]);
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    // The leeway began when the token was replaced, not when it came again.
    browser.wait(Duration::milliseconds(1));
    browser.refresh(&first["refresh_token"]).is_error(400, "invalid_grant");
    browser.refresh(&again.json()["refresh_token"]).is_error(400, "invalid_grant");
    browser.userinfo(again.json()["access_token"].as_str().unwrap()).is_error(401, "invalid_token");
}

#[test]
fn the_leeway_is_for_the_token_that_was_replaced_last() {
    let browser = Browser::new();
    let first = browser.tokens();
    let second = browser.refresh(&first["refresh_token"]).json();
    let third = browser.refresh(&second["refresh_token"]).json();
    browser.refresh(&first["refresh_token"]).is_error(400, "invalid_grant");
    browser.refresh(&third["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn two_who_share_a_refresh_token_do_not_both_go_on() {
    for owner_first in [true, false] {
        let browser = Browser::new();
        let shared = browser.tokens();
        let thief = browser.refresh(&shared["refresh_token"]).json();
        let owner = browser.refresh(&shared["refresh_token"]).json();
        let (faster, slower) = if owner_first { (owner, thief) } else { (thief, owner) };
        let goes_on = browser.refresh(&faster["refresh_token"]);
        assert_eq!(goes_on.status, StatusCode::OK, "whichever answer arrived");
        browser.refresh(&slower["refresh_token"]).is_error(400, "invalid_grant");
        browser.refresh(&goes_on.json()["refresh_token"]).is_error(400, "invalid_grant");
    }
}

#[test]
fn more_repetitions_than_lost_answers_explain_are_a_reuse() {
    let browser = Browser::new();
    let shared = browser.tokens();
    for _ in 0..4 {
        assert_eq!(browser.refresh(&shared["refresh_token"]).status, StatusCode::OK);
    }
    browser.refresh(&shared["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn lifetimes_are_those_of_the_tenant() {
    let tenant = include_str!("../../../../../infra/auth0/tenant.yaml");
    let lifetimes = Lifetimes::default();
    for (name, time) in [
        ("lifetime_in_seconds", lifetimes.id_token),
        ("leeway", lifetimes.refresh_leeway),
        ("token_lifetime", lifetimes.refresh_absolute),
        ("idle_token_lifetime", lifetimes.refresh_idle),
    ] {
        let line = format!("{name}: {}", time.whole_seconds());
        assert!(tenant.lines().any(|known| known.trim() == line), "{line}");
    }
}

#[test]
fn refresh_tokens_end_when_idle_and_in_the_end() {
    let mut browser = Browser::new();
    let mut tokens = browser.tokens();
    browser.wait(Duration::days(15));
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
    tokens = browser.tokens();
    for _ in 0..2 {
        browser.wait(Duration::days(14));
        tokens = browser.refresh(&tokens["refresh_token"]).json();
    }
    browser.wait(Duration::days(2));
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn a_refresh_may_ask_for_less_but_not_for_more() {
    let browser = Browser::new();
    let tokens = browser.exchange(&browser.code(&[("scope", "openid email offline_access")])).json();
    let refresh = |token: &str, scope: &str| {
        let form =
            [("grant_type", "refresh_token"), ("client_id", "pets-spa"), ("refresh_token", token), ("scope", scope)];
        browser.call("oauth/token", &form)
    };
    let token = tokens["refresh_token"].as_str().unwrap();
    refresh(token, "openid profile").is_error(400, "invalid_scope");
    refresh(token, "email").is_error(400, "invalid_scope");
    let less = refresh(token, "openid").json();
    assert_eq!(less["scope"], "openid");
    assert_eq!(browser.claims(&less["id_token"]).get("email"), None);
    let full = browser.refresh(&less["refresh_token"]).json();
    assert_eq!(browser.claims(&full["id_token"])["email"], "fred@example.com");
}

#[test]
fn a_revoked_refresh_token_takes_its_family_along() {
    let browser = Browser::new();
    let revoke =
        |token: &Value| browser.call("oauth/revoke", &[("client_id", "pets-spa"), ("token", token.as_str().unwrap())]);
    let tokens = browser.tokens();
    let other = browser.authorize(&[]).called_back();
    let other = browser.exchange(&other["code"]).json();
    assert_eq!(revoke(&tokens["access_token"]).status, StatusCode::OK);
    assert_eq!(browser.userinfo(tokens["access_token"].as_str().unwrap()).status, StatusCode::UNAUTHORIZED);
    let renewed = browser.refresh(&tokens["refresh_token"]).json();
    assert_eq!(revoke(&renewed["refresh_token"]).status, StatusCode::OK);
    assert_eq!(browser.userinfo(renewed["access_token"].as_str().unwrap()).status, StatusCode::UNAUTHORIZED);
    browser.refresh(&renewed["refresh_token"]).is_error(400, "invalid_grant");
    assert_eq!(revoke(&renewed["refresh_token"]).status, StatusCode::OK, "again");
    assert_eq!(revoke(&serde_json::json!("unknown")).status, StatusCode::OK);
    assert_eq!(browser.refresh(&other["refresh_token"]).status, StatusCode::OK, "another family goes on");
    browser.call("oauth/revoke", &[("client_id", "pets-spa")]).is_error(400, "invalid_request");
    browser.call("oauth/revoke", &[("client_id", "other"), ("token", "x")]).is_error(401, "invalid_client");
}

#[test]
fn an_access_token_ends_and_others_are_no_access_tokens() {
    let mut browser = Browser::new();
    let tokens = browser.tokens();
    for wrong in ["refresh_token", "id_token"] {
        let refused = browser.userinfo(tokens[wrong].as_str().unwrap());
        refused.is_error(401, "invalid_token");
        assert!(refused.header(header::WWW_AUTHENTICATE).starts_with("Bearer error=\"invalid_token\""));
    }
    let silent = browser.visit(Method::GET, "/idp/userinfo", "");
    assert_eq!(silent.status, StatusCode::UNAUTHORIZED);
    assert_eq!(silent.header(header::WWW_AUTHENTICATE), "Bearer");
    let access_token = tokens["access_token"].as_str().unwrap();
    let forged = format!("{}{}", &access_token[..22], "A".repeat(43));
    browser.userinfo(&forged).is_error(401, "invalid_token");
    browser.wait(Duration::seconds(86_399));
    assert_eq!(browser.userinfo(access_token).json()["name"], "Fred Flintstone");
    browser.wait(Duration::seconds(1));
    browser.userinfo(access_token).is_error(401, "invalid_token");
}

#[test]
fn lifetimes_can_be_shortened() {
    let browser = Browser::with(|config| config.lifetimes.id_token = Duration::seconds(5));
    let claims = browser.claims(&browser.tokens()["id_token"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 5);
}
