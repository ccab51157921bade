//! A world for tests: an issuer, STS and an API that answer as the real ones do, a device whose clock may be wrong, and
//! answers to order. Every request is kept to be looked at.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::poll_fn,
    rc::Rc,
    task::Poll,
};

use aws_smithy_types::date_time::{DateTime, Format};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, NetworkError, Platform, Request, Secret, Session, Share, SignIn, sts::instant};
use crate::{api::Shop, config::Config};

pub(crate) const ORIGIN: &str = "https://shop.example";
pub(crate) const START_MS: i64 = 1_800_000_000_000;

type Sent = Result<Answer, NetworkError>;

#[derive(Clone)]
pub(crate) struct Fake(pub(crate) Rc<World>);

impl std::ops::Deref for Fake {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

#[derive(Default)]
pub(crate) struct World {
    /// One tab's at a time.
    turn: std::sync::Arc<async_lock::Mutex<()>>,
    /// What the tabs have together.
    pub(crate) shared: RefCell<Option<Secret>>,
    /// The servers' clock; the device's differs from it by `device_off_ms`.
    pub(crate) now_ms: Cell<i64>,
    pub(crate) device_off_ms: Cell<i64>,
    /// Whether the issuer's and STS's `Date` can be read.
    pub(crate) hides_dates: Cell<bool>,
    pub(crate) requests: RefCell<Vec<Request>>,
    /// Answers to order: the first whose text is in the address is given, once.
    orders: RefCell<Vec<(&'static str, Sent)>>,
    /// What replaces claims of the next ID tokens; null takes one away.
    pub(crate) claims: RefCell<HashMap<&'static str, Value>>,
    /// What replaces fields of the discovery document.
    pub(crate) discovery: RefCell<HashMap<&'static str, Value>>,
    /// What the last trip to the issuer asked for.
    asked: RefCell<HashMap<String, String>>,
    pub(crate) refresh_token: RefCell<Option<String>>,
    count: Cell<u64>,
    /// Access keys from before this one have expired.
    pub(crate) first_good_key: Cell<u64>,
    pub(crate) keys_given: Cell<u64>,
    /// How many others STS lets go first.
    pub(crate) slow: Cell<u64>,
}

impl Platform for Fake {
    async fn send(&self, request: Request, _timeout_ms: u32) -> Sent {
        let visible = |value: &str| value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        assert!(request.headers.iter().all(|(_, value)| visible(value)), "a browser sends no such header: {request:?}");
        let address = request.url.clone();
        self.requests.borrow_mut().push(request.clone());
        // Others come first, as with a real network.
        let slow = if address.contains("sts.") { self.slow.get() } else { 0 };
        for _ in 0..3 + slow {
            give_way().await;
        }
        let order = self.orders.borrow().iter().position(|(part, _)| address.contains(part));
        let mut answer = match order {
            Some(index) => self.orders.borrow_mut().remove(index).1?,
            None => self.answer(&request),
        };
        let is_api = address.contains("/test/");
        if (is_api || !self.hides_dates.get()) && answer.headers.get("x-no-date").is_none() {
            answer.date_ms = Some(self.now_ms.get().div_euclid(1000) * 1000);
        }
        Ok(answer)
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.get() + self.device_off_ms.get()
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&Sha256::digest(self.next().to_be_bytes())[..bytes.len()]);
    }

    /// Time passes when somebody waits for it.
    async fn sleep(&self, ms: u32) {
        self.now_ms.set(self.now_ms.get() + i64::from(ms));
        give_way().await;
    }

    type Turn = async_lock::MutexGuardArc<()>;

    async fn turn(&self) -> Self::Turn {
        self.0.turn.lock_arc().await
    }

    async fn shared(&self) -> Option<Secret> {
        self.0.shared.borrow().clone()
    }

    fn share(&self, session: Option<&str>, _why: Share) {
        *self.0.shared.borrow_mut() = session.map(|text| text.to_owned().into());
    }
}

impl Fake {
    pub(crate) fn new() -> Self {
        let world = World::default();
        world.now_ms.set(START_MS);
        Self(Rc::new(world))
    }

    pub(crate) fn session(&self) -> Session<Self> {
        session_on(self.clone())
    }

    /// A shop with this person in it.
    pub(crate) async fn shop(&self, subject: &str) -> Shop<Self> {
        let session = self.session();
        self.claims.borrow_mut().insert("sub", json!(subject));
        let departure = session.begin_sign_in(&SignIn::default()).await.unwrap();
        session.finish_sign_in(&self.authorize(&departure.url), Some(&departure.keep)).await.unwrap();
        self.requests.borrow_mut().clear();
        Shop::new(session)
    }
}

/// A session of the shop that these tests are about.
pub(crate) fn session_on<P: Platform>(platform: P) -> Session<P> {
    let config = json!({ "issuer": "https://id.example/", "clientId": "pets-spa", "apiUrl": "https://api.example/test",
        "stsUrl": "https://sts.example/", "region": "us-east-1",
        "roles": { "admin": "arn:aws:iam::123456789012:role/admin", "buyer": "arn:aws:iam::123456789012:role/buyer" },
        "socialConnections": ["amazon"], "currency": "USD" });
    let config = Config::from_json(config.to_string().as_bytes()).unwrap();
    Session::new(config, ORIGIN.to_owned(), platform)
}

impl World {
    pub(crate) fn pass(&self, seconds: i64) {
        self.now_ms.set(self.now_ms.get() + seconds * 1000);
    }

    pub(crate) fn order(&self, part: &'static str, answer: Sent) {
        self.orders.borrow_mut().push((part, answer));
    }

    /// The issuer signs the person in at this address, and sends the page back with this query.
    pub(crate) fn authorize(&self, url: &str) -> String {
        let (endpoint, query) = url.split_once('?').unwrap();
        assert_eq!(endpoint, "https://id.example/authorize");
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let state = asked["state"].clone();
        *self.asked.borrow_mut() = asked;
        format!("?code=good-code&state={state}&iss=https%3A%2F%2Fid.example%2F")
    }

    pub(crate) fn asked(&self, name: &str) -> Option<String> {
        self.asked.borrow().get(name).cloned()
    }

    /// The requests to addresses with this part.
    pub(crate) fn sent(&self, part: &str) -> Vec<Request> {
        let requests = self.requests.borrow();
        requests.iter().filter(|request| request.url.contains(part)).cloned().collect()
    }

    fn next(&self) -> u64 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    fn answer(&self, request: &Request) -> Answer {
        match request.authority() {
            "id.example" => self.issuer(request),
            "sts.example" => self.sts(request),
            _ => self.api(request),
        }
    }

    fn issuer(&self, request: &Request) -> Answer {
        match request.path() {
            "/.well-known/openid-configuration" => {
                let mut document = json!({ "issuer": "https://id.example/",
                    "authorization_endpoint": "https://id.example/authorize", "token_endpoint": "https://id.example/token",
                    "end_session_endpoint": "https://id.example/logout", "revocation_endpoint": "https://id.example/revoke",
                    "authorization_response_iss_parameter_supported": true, "code_challenge_methods_supported": ["S256"] });
                for (field, value) in self.discovery.borrow().iter() {
                    document[field] = value.clone();
                }
                json_answer(200, &document)
            }
            "/token" => self.token(&form_of(request)),
            _ => json_answer(200, &json!({})),
        }
    }

    fn token(&self, form: &HashMap<String, String>) -> Answer {
        let good = match form["grant_type"].as_str() {
            "authorization_code" => {
                let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
                form["code"] == "good-code"
                    && self.asked("code_challenge") == Some(challenge)
                    && self.asked("redirect_uri").as_ref() == form.get("redirect_uri")
            }
            "refresh_token" => self.refresh_token.borrow().as_ref() == form.get("refresh_token"),
            _ => false,
        };
        if !good || form["client_id"] != "pets-spa" {
            return json_answer(400, &json!({ "error": "invalid_grant", "error_description": "secret words" }));
        }
        let refresh_token = format!("refresh-{}", self.next());
        *self.refresh_token.borrow_mut() = Some(refresh_token.clone());
        let id_token = self.id_token();
        json_answer(
            200,
            &json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token, "refresh_token": refresh_token }),
        )
    }

    fn id_token(&self) -> String {
        let now = self.now_ms.get() / 1000;
        let mut claims = json!({ "iss": "https://id.example/", "aud": "pets-spa", "sub": "amazon|1", "name": "Fred",
            "iat": now, "exp": now + 600, "nonce": self.asked("nonce") });
        for (claim, value) in self.claims.borrow().iter() {
            claims[claim] = value.clone();
        }
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!(
            "{}.{}.{}",
            part(json!({ "alg": "RS256" })),
            part(claims),
            URL_SAFE_NO_PAD.encode(self.next().to_string())
        )
    }

    fn sts(&self, _request: &Request) -> Answer {
        self.keys_given.set(self.keys_given.get() + 1);
        let until = DateTime::from_millis(self.now_ms.get() + 3_600_000).fmt(Format::DateTime).unwrap();
        let xml = format!(
            "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n<AssumeRoleWithWebIdentityResult>\
             <Credentials><AccessKeyId>ASIA{}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token/+=\
             </SessionToken><Expiration>{until}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
             </AssumeRoleWithWebIdentityResponse>",
            self.keys_given.get()
        );
        Answer::new(200, xml.into_bytes())
    }

    fn api(&self, request: &Request) -> Answer {
        let header = |name: &str| request.headers.get(name);
        let pet = json!({ "id": 1, "type": "dog", "price": 249.99, "isSold": true, "soldTo": "Fred" });
        if request.method == "GET" && request.path() == "/test/pets" {
            return json_answer(200, &json!([pet]));
        }
        let Some(authorization) = header("authorization") else {
            return refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
        };
        let date = header("x-amz-date").unwrap();
        let (day, time) = date.split_once('T').unwrap();
        let rfc3339 =
            format!("{}-{}-{}T{}:{}:{}Z", &day[..4], &day[4..6], &day[6..], &time[..2], &time[2..4], &time[4..6]);
        let signed = instant(&rfc3339).unwrap();
        match signed - self.now_ms.get() {
            ..-300_000 => {
                return refusal("InvalidSignatureException", "Signature expired: then is now earlier than now");
            }
            300_001.. => return refusal("InvalidSignatureException", "Signature not yet current: later than now"),
            _ => {}
        }
        let key =
            authorization.split_once("Credential=ASIA").unwrap().1.split('/').next().unwrap().parse::<u64>().unwrap();
        if key < self.first_good_key.get() {
            return refusal("ExpiredTokenException", "The security token included in the request is expired");
        }
        match request.method {
            "GET" => json_answer(200, &json!([pet])),
            "DELETE" => Answer::new(204, Vec::new()),
            _ => json_answer(200, &pet),
        }
    }
}

/// Lets others run.
async fn give_way() {
    let mut waited = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

pub(crate) fn form_of(request: &Request) -> HashMap<String, String> {
    assert_eq!(request.headers.get("content-type"), Some("application/x-www-form-urlencoded"));
    form_urlencoded::parse(&request.body).into_owned().collect()
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Answer {
    Answer::new(status, body.to_string().into_bytes())
}

pub(crate) fn refusal(error_type: &str, message: &str) -> Answer {
    let mut answer = json_answer(403, &json!({ "message": message }));
    answer.headers.set("x-amzn-errortype", error_type);
    answer
}

pub(crate) fn sts_refusal(code: &str) -> Answer {
    let xml = format!("<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>");
    Answer::new(400, xml.into_bytes())
}
