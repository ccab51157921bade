//! STS and the shop's API. Every call has a number of its own, by which is known what became of it.

use std::collections::HashMap;

use aws_smithy_types::date_time::{DateTime, Format};
use serde_json::{Value, json};

use super::{
    super::{
        Answer, Request,
        fake::{json_answer, refusal, sts_refusal},
        sts::instant,
    },
    issuer,
};

#[derive(Default)]
pub(super) struct Aws {
    pub(super) credentials_ms: i64,
    /// Whose each access key is, and until when.
    pub(super) keys: Vec<(String, i64)>,
    /// What came of the tries of a call.
    pub(super) calls: HashMap<u64, Tries>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Tries {
    pub(super) expired: u32,
    pub(super) clock: u32,
    pub(super) done: u32,
}

impl Aws {
    pub(super) fn sts(&mut self, form: &HashMap<String, String>, now_ms: i64) -> Answer {
        let (subject, until_ms) = issuer::read(&form["WebIdentityToken"]);
        if until_ms <= now_ms {
            return sts_refusal("ExpiredTokenException");
        }
        let until_ms = (now_ms + self.credentials_ms) / 1000 * 1000;
        self.keys.push((subject, until_ms));
        let until = DateTime::from_millis(until_ms).fmt(Format::DateTime).unwrap();
        let result = "AssumeRoleWithWebIdentityResult";
        let xml = format!(
            "<R><{result}><Credentials><AccessKeyId>ASIA{}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t\
             </SessionToken><Expiration>{until}</Expiration></Credentials></{result}></R>",
            self.keys.len() - 1
        );
        Answer::new(200, xml.into_bytes())
    }

    /// The answer, or what must never be sent.
    pub(super) fn api(&mut self, request: &Request, now_ms: i64) -> Result<Answer, String> {
        let header = |name: &str| request.headers.get(name);
        let pet = |subject: &str| json!({ "id": 1, "type": "dog", "price": 1, "isSold": true, "soldTo": subject });
        let path = request.path();
        if request.method == "GET" && path == "/test/pets" {
            return Ok(json_answer(200, &json!([pet("nobody")])));
        }
        let Some(authorization) = header("authorization") else {
            return Ok(refusal("MissingAuthenticationTokenException", "Missing Authentication Token"));
        };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let tries = self.calls.entry(number(request, &body)).or_default();
        let off_ms = signed_ms(header("x-amz-date").unwrap()) - now_ms;
        if off_ms.abs() > 300_000 {
            tries.clock += 1;
            let what = if off_ms < 0 { "Signature expired: x" } else { "Signature not yet current: x" };
            return Ok(refusal("InvalidSignatureException", what));
        }
        let key = authorization.split_once("Credential=ASIA").unwrap().1.split('/').next().unwrap();
        let (subject, until_ms) = &self.keys[key.parse::<usize>().unwrap()];
        if *until_ms <= now_ms {
            tries.expired += 1;
            return Ok(refusal("ExpiredTokenException", "The security token included in the request is expired"));
        }
        let token = header("x-identity-token").or(body["authToken"].as_str());
        if let Some((named, until_ms)) = token.map(issuer::read) {
            if named != *subject {
                return Err(format!("{subject} signed a call that names {named}"));
            }
            if until_ms <= now_ms {
                return Ok(json_answer(
                    401,
                    &json!({ "code": "invalid_identity_token", "message": "exp", "requestId": "r" }),
                ));
            }
        }
        tries.done += 1;
        Ok(match (request.method, path.ends_with("s/purchases") || path.ends_with("/sales")) {
            (_, true) => json_answer(200, &json!([pet(subject)])),
            ("DELETE", _) => Answer::new(204, Vec::new()),
            _ => json_answer(200, &pet(subject)),
        })
    }
}

/// A call's number is what it is about: a pet's id, a price in cents, or a cursor.
fn number(request: &Request, body: &Value) -> u64 {
    let text = match request.query() {
        Some(query) => query.split_once("cursor=").unwrap().1.to_owned(),
        None if body["petId"].is_u64() => return body["petId"].as_u64().unwrap(),
        None if body["price"].is_number() => return (body["price"].as_f64().unwrap() * 100.0).round() as u64,
        None => request.path().rsplit('/').next().unwrap().to_owned(),
    };
    text.parse().unwrap()
}

fn signed_ms(date: &str) -> i64 {
    let (day, time) = date.split_once('T').unwrap();
    let text = format!("{}-{}-{}T{}:{}:{}Z", &day[..4], &day[4..6], &day[6..], &time[..2], &time[2..4], &time[4..6]);
    instant(&text).unwrap()
}
