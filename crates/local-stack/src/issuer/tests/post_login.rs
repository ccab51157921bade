//! The tenant's Action at the local issuer: the shipped one, and some that misbehave.

use std::cell::RefCell;
use std::path::Path;

use ::post_login::{Action, Limits};

use super::*;
use crate::issuer::{Connection, Event, PostLogin};

const CLAIM: &str = "https://pets.example/role";
const BETTY: &str = "betty@example.com";

thread_local! {
    static LOGGED: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

/// What the Action made the issuer log since the last time.
fn logged() -> Vec<Event> {
    let is_of_an_action = |event: &Event| {
        use Event::{ActionDenied, ActionFailed, ActionLogged, ActionWarning};
        matches!(event, ActionLogged(_) | ActionWarning(_) | ActionDenied | ActionFailed(_))
    };
    LOGGED.take().into_iter().filter(is_of_an_action).collect()
}

fn browser(action: Action, social_connections: &str) -> Browser {
    logged();
    Browser::with(|config| {
        config.post_login = Some(PostLogin { action, social_connections: social_connections.into() });
        config.log = |event| LOGGED.with_borrow_mut(|logged| logged.push(event.clone()));
    })
}

fn shipped() -> Browser {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/auth0/actions/post-login/code.js");
    browser(Action::load(&file).unwrap(), "amazon")
}

/// An Action with this body, in front of people from Amazon.
fn scripted(body: &str) -> Browser {
    let source = format!("exports.onExecutePostLogin = async (event, api) => {{\n{body}\n}};");
    browser(Action::new("code.js", source, Limits::default()).unwrap(), "amazon")
}

impl Browser {
    fn tokens_of(&self, answer: &Answer) -> Value {
        let answer = self.exchange(&answer.called_back()["code"]);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    fn betty(&self, changes: &[(&str, &str)]) -> Answer {
        let page = self.open(changes);
        let ticket = input(&page.body, "ticket");
        let form = [
            ("ticket", ticket),
            ("connection", "Username-Password-Authentication"),
            ("email", BETTY),
            ("password", PASSWORD),
        ];
        self.post("u/login", &form)
    }
}

#[test]
fn a_token_says_the_role_of_the_connection() {
    let check = |sign_in: fn(&Browser) -> Answer, role: Option<&str>| {
        let browser = shipped();
        let tokens = browser.tokens_of(&sign_in(&browser));
        assert_eq!(browser.claims(&tokens["id_token"]).get(CLAIM).and_then(Value::as_str), role);
        assert_eq!(logged(), []);
    };
    check(|browser| browser.choose("amazon", FRED, &[]), Some("buyer"));
    check(|browser| browser.betty(&[]), Some("admin"));
    check(|browser| browser.choose("initech", BARNEY, &[]), None);
}

#[test]
fn the_list_of_social_connections_is_the_stacks() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/auth0/actions/post-login/code.js");
    let browser = browser(Action::load(&file).unwrap(), "github,apple");
    assert_eq!(browser.claims(&browser.tokens()["id_token"]).get(CLAIM), None);
}

#[test]
fn a_buyer_who_asks_for_admin_is_a_buyer_and_it_is_logged() {
    let browser = shipped();
    let asked = browser.choose("amazon", FRED, &[("role", "admin")]);
    let tokens = browser.tokens_of(&asked);
    assert_eq!(browser.claims(&tokens["id_token"])[CLAIM], "buyer");
    let line = "asked for admin, allowed buyer: signed in through amazon";
    assert_eq!(logged(), [Event::ActionLogged(line.into())]);

    // With the session that is there already, nobody is asked; the Action is.
    let again = browser.authorize(&[("role", "admin"), ("prompt", "none")]);
    assert_eq!(browser.claims(&browser.tokens_of(&again)["id_token"])[CLAIM], "buyer");
    assert_eq!(logged(), [Event::ActionLogged(line.into())]);
}

#[test]
fn a_refresh_keeps_the_role_and_asks_the_action_again() {
    let browser = shipped();
    let tokens = browser.tokens();
    let refreshed = browser.refresh(&tokens["refresh_token"]).json();
    assert_eq!(browser.claims(&refreshed["id_token"])[CLAIM], "buyer");
    assert_eq!(logged(), []);
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "pets-spa"),
        ("refresh_token", refreshed["refresh_token"].as_str().unwrap()),
        ("role", "admin"),
    ];
    let asked = browser.call("oauth/token", &form).json();
    assert_eq!(browser.claims(&asked["id_token"])[CLAIM], "buyer");
    assert_eq!(logged().len(), 1);
}

#[test]
fn what_an_action_sees_is_in_auth0s_words() {
    let browser = scripted(
        "const { authentication, client, connection, request, transaction, user } = event;
         api.idToken.setCustomClaim('seen', [
             authentication.methods[0].name, client.client_id, client.metadata.social_connections, connection.name,
             connection.strategy, request.query.ext, request.query.nonce, request.body, transaction.protocol,
             transaction.requested_scopes, user.user_id, user.email, user.identities[0].provider,
         ]);",
    );
    let answer = browser.choose("amazon", FRED, &[("ext", "a b")]);
    let tokens = browser.tokens_of(&answer);
    let scopes = serde_json::json!(["openid", "profile", "email", "offline_access"]);
    let mut expected = serde_json::json!([
        "federated",
        "pets-spa",
        "amazon",
        "amazon",
        "amazon",
        "a b",
        "n-0S6_WzA2Mj",
        {},
        "oidc-basic-profile",
        scopes,
        FRED,
        "fred@example.com",
        "amazon",
    ]);
    assert_eq!(browser.claims(&tokens["id_token"])["seen"], expected);

    let refreshed = browser.refresh(&tokens["refresh_token"]).json();
    (expected[5], expected[6]) = (Value::Null, Value::Null);
    expected[7] = serde_json::json!({ "client_id": "pets-spa", "grant_type": "refresh_token" });
    expected[8] = "oauth2-refresh-token".into();
    assert_eq!(browser.claims(&refreshed["id_token"])["seen"], expected);
}

#[test]
fn a_denied_sign_in_goes_back_to_the_app_with_its_reason_and_leaves_no_session() {
    let browser = scripted("if (event.request.query.ok !== 'yes') api.access.deny('Not you & not now.');");
    let denied = browser.choose("amazon", FRED, &[]).called_back();
    assert_eq!((&*denied["error"], &*denied["error_description"]), ("access_denied", "Not you & not now."));
    assert_eq!(denied["state"], "st&te=1");
    assert!(!denied.contains_key("code"));
    assert_eq!(logged(), [Event::ActionDenied]);
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");

    // Who is signed in already may be denied, too, and is signed out.
    let tokens = browser.tokens_of(&browser.choose("amazon", FRED, &[("ok", "yes")]));
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "access_denied");
    assert_eq!(browser.authorize(&[("prompt", "none")]).called_back()["error"], "login_required");
    browser.refresh(&tokens["refresh_token"]).is_error(400, "invalid_grant");
}

#[test]
fn a_denied_refresh_replaces_nothing() {
    let browser = scripted("if (event.request.body.no) api.access.deny('Not any more.');");
    let tokens = browser.tokens();
    let token = tokens["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", "pets-spa"), ("refresh_token", token), ("no", "1")];
    let denied = browser.call("oauth/token", &form);
    denied.is_error(403, "access_denied");
    assert_eq!(denied.json()["error_description"], "Not any more.");
    assert_eq!(browser.refresh(&tokens["refresh_token"]).status, StatusCode::OK);
}

#[test]
fn a_failed_action_fails_the_sign_in_and_says_why_in_the_log_only() {
    let browser = scripted("null.secret;");
    let failed = browser.choose("amazon", FRED, &[]).called_back();
    assert_eq!(failed["error"], "server_error");
    assert!(!failed["error_description"].contains("secret"), "{failed:?}");
    let log = logged();
    assert!(matches!(&log[..], [Event::ActionFailed(why)] if why.starts_with("code.js:2:")), "{log:?}");

    let browser =
        scripted("if (event.transaction.protocol === 'oauth2-refresh-token') api.user.setAppMetadata('a', 1);");
    let tokens = browser.tokens();
    browser.refresh(&tokens["refresh_token"]).is_error(500, "server_error");
    assert!(format!("{:?}", logged()).contains("api.user is not supported"));
}

#[test]
fn no_action_changes_who_a_token_is_of() {
    let browser = scripted(
        "for (const name of ['sub', 'aud', 'iss', 'exp', 'nonce', 'sid']) api.idToken.setCustomClaim(name, 'auth0|1');
         api.idToken.setCustomClaim('name', 'Somebody else');
         api.accessToken.setCustomClaim('a', 1);",
    );
    let claims = browser.claims(&browser.tokens()["id_token"]);
    assert_eq!((&claims["sub"], &claims["nonce"]), (&FRED.into(), &"n-0S6_WzA2Mj".into()));
    assert_eq!(claims["name"], "Somebody else", "as at Auth0");
    assert_eq!(logged().len(), 7);
}

#[test]
fn the_samples_to_try_are_the_people_of_the_issuer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/auth0/samples");
    for (file, connection) in
        [("amazon", Connection::Amazon), ("database", Connection::Database), ("enterprise", Connection::Enterprise)]
    {
        let text = std::fs::read(folder.join(file).with_extension("json")).unwrap();
        let sample: Value = serde_json::from_slice(&text).unwrap();
        let browser = Browser::new();
        let person = browser.issuer.samples().iter().find(|person| person.connection == connection).unwrap();
        assert_eq!(sample["user"]["user_id"], person.user_id);
        assert_eq!(sample["user"]["email"], person.email);
        assert_eq!(sample["connection"]["strategy"], connection.strategy());
    }
}
