//! The issuer in process, driven by a browser with a cookie jar and by an app that holds no cookies.

mod authorize;
mod hostile;
mod key;
mod logout;
mod post_login;
mod public;
mod sign_in;
mod stolen;
mod token;
mod verifier;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method, Request, StatusCode, header};
use rsa::RsaPrivateKey;
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use url::Url;

use super::key::{SigningKey, WaitingKey};
use super::registration::Registration;
use super::{Config, Issuer};

const ISSUER: &str = "http://localhost:9000/idp/";
const APP: &str = "http://localhost:8080";
const CALLBACK: &str = "http://localhost:8080/callback";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const FRED: &str = "amazon|amzn1.account.AFREDFLINTSTONE00000000001";
const WILMA: &str = "amazon|amzn1.account.AWILMAFLINTSTONE0000000002";
const BARNEY: &str = "samlp|initech|barney@initech.example";
const PASSWORD: &str = "Yabba-dabba-d00!";

/// An answer, read.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// A browser in front of an issuer of its own, with a clock that the test moves.
struct Browser {
    issuer: Issuer,
    cookies: RefCell<BTreeMap<String, String>>,
    now: OffsetDateTime,
}

fn test_key() -> SigningKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    let key = KEY.get_or_init(|| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap());
    SigningKey::new(key).unwrap()
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

fn encode(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// The value of an input of a page.
fn input<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split_once('"').unwrap().0
}

impl Answer {
    fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Where it redirects to, and the parameters there.
    fn location(&self) -> (String, BTreeMap<String, String>) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        let mut url = Url::parse(self.header(header::LOCATION)).unwrap();
        let parameters = url.query_pairs().into_owned().collect();
        url.set_query(None);
        (url.into(), parameters)
    }

    /// The parameters of a redirect to the callback.
    fn called_back(&self) -> BTreeMap<String, String> {
        let (address, parameters) = self.location();
        assert_eq!(address, CALLBACK);
        assert_eq!(parameters["iss"], ISSUER);
        parameters
    }

    #[track_caller]
    fn is_error(&self, status: u16, error: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.json()["error"], error, "{}", self.body);
    }

    /// A page that sends nobody anywhere.
    #[track_caller]
    fn is_page(&self, status: u16, text: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.header(header::LOCATION), "");
        assert_eq!(self.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert!(self.body.contains(text), "{text:?} is not in {}", self.body);
    }
}

impl Browser {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(ISSUER, "pets-spa", APP);
        change(&mut config);
        let registration = Registration::new(&config).unwrap();
        let issuer = Issuer::with_key(config, registration, WaitingKey::there(test_key()));
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        Self { issuer, cookies: RefCell::default(), now }
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
    }

    fn send(&self, request: Request<Vec<u8>>) -> Answer {
        let (parts, body) = self.issuer.respond(&request, self.now).into_parts();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body).unwrap() }
    }

    /// A navigation: cookies go along and come back.
    fn visit(&self, method: Method, address: &str, body: &str) -> Answer {
        let jar = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let mut request = Request::builder().method(method).uri(address);
        if !jar.is_empty() {
            request = request.header(header::COOKIE, jar.join("; "));
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let answer = self.send(request.body(body.as_bytes().to_vec()).unwrap());
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(line.contains("; Path=/idp/; HttpOnly; SameSite=Lax"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                assert!(line.contains("Max-Age=0"), "{line}");
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        self.visit(Method::GET, &format!("/idp/{path}?{}", encode(parameters)), "")
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.visit(Method::POST, &format!("/idp/{path}"), &encode(form))
    }

    /// A call of the app's: no cookies.
    fn call(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = Request::post(format!("/idp/{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, APP);
        self.send(request.body(encode(form).into_bytes()).unwrap())
    }

    fn userinfo(&self, access_token: &str) -> Answer {
        let request = Request::get("/idp/userinfo").header(header::AUTHORIZATION, format!("Bearer {access_token}"));
        self.send(request.body(Vec::new()).unwrap())
    }

    /// The app's authorization request, with parameters added or, if they are there, replaced; `""` leaves one out.
    fn authorize(&self, changes: &[(&str, &str)]) -> Answer {
        let challenge = challenge();
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", "pets-spa"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid profile email offline_access"),
            ("state", "st&te=1"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        for change in changes {
            parameters.retain(|(name, _)| *name != change.0);
        }
        parameters.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.get("authorize", &parameters)
    }

    /// Follows the redirect of an authorization request to the sign-in page.
    fn open(&self, changes: &[(&str, &str)]) -> Answer {
        let answer = self.authorize(changes);
        let (address, parameters) = answer.location();
        assert_eq!(address, format!("{ISSUER}u/login"));
        self.get("u/login", &[("state", &parameters["state"])])
    }

    /// Signs a person of a connection without passwords in, up to the redirect to the app.
    fn choose(&self, connection: &str, person: &str, changes: &[(&str, &str)]) -> Answer {
        let page = self.open(changes);
        let ticket = input(&page.body, "ticket");
        self.post("u/login", &[("ticket", ticket), ("connection", connection), ("person", person)])
    }

    /// The code that the app gets after Fred signed in.
    fn code(&self, changes: &[(&str, &str)]) -> String {
        self.choose("amazon", FRED, changes).called_back()["code"].clone()
    }

    fn exchange(&self, code: &str) -> Answer {
        self.call(
            "oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("client_id", "pets-spa"),
                ("code", code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
        )
    }

    fn refresh(&self, token: &Value) -> Answer {
        let token = token.as_str().expect("a refresh token");
        self.call(
            "oauth/token",
            &[("grant_type", "refresh_token"), ("client_id", "pets-spa"), ("refresh_token", token)],
        )
    }

    /// Fred's tokens.
    fn tokens(&self) -> Value {
        let answer = self.exchange(&self.code(&[]));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// The claims of an ID token, its signature checked against the published keys.
    fn claims(&self, token: &Value) -> Value {
        let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_value(self.issuer.jwks().unwrap()).unwrap();
        let token = token.as_str().unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let jwk = jwks.find(header.kid.as_deref().unwrap()).unwrap();
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&["pets-spa"]);
        validation.set_issuer(&[ISSUER]);
        let key = jsonwebtoken::DecodingKey::from_jwk(jwk).unwrap();
        jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims
    }
}
