//! An issuer that rotates refresh tokens, notices when a spent one comes again, and forgives that for ten seconds.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::{Answer, fake::json_answer};

const LEEWAY_MS: i64 = 10_000;

pub(super) struct Issuer {
    pub(super) id_token_ms: i64,
    pub(super) refresh_token_ms: i64,
    count: u64,
    /// By code: who, and what their question was.
    codes: HashMap<String, (String, HashMap<String, String>)>,
    families: HashMap<u64, Family>,
}

struct Family {
    subject: String,
    good: Vec<u64>,
    replaced: Option<(u64, i64)>,
    until_ms: i64,
    /// Ended on purpose, by its age or by a sign-out.
    over: bool,
}

impl Issuer {
    pub(super) fn new(id_token_ms: i64, refresh_token_ms: i64) -> Self {
        Self { id_token_ms, refresh_token_ms, count: 0, codes: HashMap::new(), families: HashMap::new() }
    }

    /// Somebody signs in at this address; the query that the page is sent back with.
    pub(super) fn authorize(&mut self, url: &str, subject: &str) -> String {
        let query = url.split_once('?').unwrap().1;
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let code = format!("code-{}", self.next());
        let state = asked["state"].clone();
        self.codes.insert(code.clone(), (subject.to_owned(), asked));
        format!("?code={code}&state={state}&iss=https%3A%2F%2Fid.example%2F")
    }

    /// The answer, or what nobody may ever see: a spent refresh token.
    pub(super) fn token(&mut self, form: &HashMap<String, String>, now_ms: i64) -> Result<Answer, String> {
        let refused = Ok(json_answer(400, &json!({ "error": "invalid_grant" })));
        if form["grant_type"] == "authorization_code" {
            let Some((subject, asked)) = self.codes.remove(&form["code"]) else { return refused };
            if URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])) != asked["code_challenge"] {
                return refused;
            }
            let family = self.next();
            let until_ms = now_ms + self.refresh_token_ms;
            let new = Family { subject, good: vec![0], replaced: None, until_ms, over: false };
            self.families.insert(family, new);
            return Ok(self.answer(family, 0, Some(&asked["nonce"]), now_ms));
        }
        let (family, number) = numbers(&form["refresh_token"]);
        let next = self.next();
        let held = self.families.get_mut(&family).unwrap();
        if held.over || held.until_ms <= now_ms {
            held.over = true;
            return refused;
        }
        if held.good.contains(&number) {
            held.good = vec![next];
            held.replaced = Some((number, now_ms));
        } else if held.replaced.is_some_and(|(spent, at_ms)| spent == number && now_ms - at_ms < LEEWAY_MS) {
            held.good.push(next);
        } else {
            return Err(format!("the refresh token {number} of the sign-in {family} was spent, and came again"));
        }
        Ok(self.answer(family, next, None, now_ms))
    }

    pub(super) fn revoke(&mut self, form: &HashMap<String, String>) {
        let (family, _) = numbers(&form["token"]);
        self.families.get_mut(&family).unwrap().over = true;
    }

    fn answer(&mut self, family: u64, number: u64, nonce: Option<&str>, now_ms: i64) -> Answer {
        let subject = &self.families[&family].subject;
        let claims = json!({ "iss": "https://id.example/", "aud": "pets-spa", "sub": subject, "name": subject, "nonce": nonce,
            "iat": now_ms as f64 / 1000.0, "exp": (now_ms + self.id_token_ms) as f64 / 1000.0 });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let id_token = format!("{}.{}.{}", part(&json!({ "alg": "RS256" })), part(&claims), self.next());
        json_answer(200, &json!({ "id_token": id_token, "refresh_token": format!("{family}-{number}") }))
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

fn numbers(refresh_token: &str) -> (u64, u64) {
    let (family, number) = refresh_token.split_once('-').unwrap();
    (family.parse().unwrap(), number.parse().unwrap())
}

/// Whose an ID token is, and when it ends.
pub(super) fn read(id_token: &str) -> (String, i64) {
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    (claims["sub"].as_str().unwrap().to_owned(), (claims["exp"].as_f64().unwrap() * 1000.0) as i64)
}
