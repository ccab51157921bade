//! Who may do what, asked of those who know: the policy documents where somebody explains them, and the server itself, by
//! calls that change nothing even if they are allowed.

use domain::{Access, ApiCall, Verdict};

use super::{CallError, Shop, answer, call::Call};
use crate::session::{Answer, Platform, Request, SessionError};

/// What the server answered to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// What IAM said; whatever the shop behind it answers, IAM has let the call through.
    pub verdict: Verdict,
    /// The status, and what it is called.
    pub says: String,
    /// The server's own words.
    pub words: String,
}

impl<P: Platform> Shop<P> {
    /// What the documents say of whoever is here.
    pub async fn explain(&self, url: &str) -> Result<Access, CallError> {
        let token = self.session.id_token().await?;
        let mut request = Request::get(url);
        if let Some(token) = token {
            request.headers.set("x-identity-token", token.as_str());
        }
        answer::read(&self.session.send(request).await.map_err(CallError::Network)?)
    }

    /// Whether STS lets this person into their role; nothing where there is none to ask for.
    pub async fn let_in(&self) -> Result<Option<()>, SessionError> {
        Ok(self.session.credentials().await?.map(drop))
    }

    /// Makes a call that lacks what it would need to change anything: no pet has number 0, and an empty object is neither a
    /// pet nor a purchase.
    pub async fn try_call(&self, call: &ApiCall) -> Trial {
        let mut trial = Call::new(call.method, &call.path.replace("{petId}", "0"));
        if call.method == "POST" {
            trial = trial.text("{}");
        }
        match self.signed(&trial).await {
            Ok(answer) => read(&answer),
            Err(CallError::Refused(refusal)) => Trial {
                verdict: Verdict::Refused,
                says: format!("STS: {}", refusal.error_type),
                words: refusal.message,
            },
            Err(error) => Trial { verdict: Verdict::Unknown, says: "no answer".to_owned(), words: error.to_string() },
        }
    }
}

fn read(answer: &Answer) -> Trial {
    let status = answer.status;
    let (verdict, name, words) = match answer::nothing(answer) {
        Ok(()) => (Verdict::Allowed, String::new(), String::new()),
        Err(CallError::Refused(refusal)) if status == 403 => (Verdict::Refused, refusal.error_type, refusal.message),
        // Behind IAM the shop says what is wrong with the call, or the gateway that looks at its body first.
        Err(CallError::Shop(body)) if answer.is_client_error() => {
            (Verdict::Allowed, "from the shop".to_owned(), body.message)
        }
        Err(CallError::Refused(refusal)) if status == 400 => (Verdict::Allowed, refusal.error_type, refusal.message),
        Err(error) => (Verdict::Unknown, String::new(), error.to_string()),
    };
    Trial { verdict, says: format!("{status} {name}").trim_end().to_owned(), words }
}

#[cfg(test)]
mod tests {
    use domain::{CALLS, LIST, PURCHASE, REMOVE};
    use futures::executor::block_on;
    use serde_json::json;

    use super::*;
    use crate::session::fake::{Fake, json_answer, refusal, sts_refusal};

    #[test]
    fn what_the_shop_itself_says_was_let_through() {
        let check = |status: u16, error_type: Option<&str>, body: &str, verdict: Verdict, says: &str| {
            let mut answer = Answer::new(status, body.as_bytes().to_vec());
            if let Some(error_type) = error_type {
                answer.headers.set("x-amzn-errortype", error_type);
            }
            let trial = read(&answer);
            assert_eq!((trial.verdict, trial.says.as_str()), (verdict, says), "{body}");
        };
        let shop = r#"{"code":"invalid_type","message":"No type.","requestId":"r"}"#;
        check(200, None, "[]", Verdict::Allowed, "200");
        check(400, None, shop, Verdict::Allowed, "400 from the shop");
        check(403, None, shop, Verdict::Allowed, "403 from the shop");
        let invalid = r#"{"message":"Invalid request body"}"#;
        check(400, Some("BadRequestException"), invalid, Verdict::Allowed, "400 BadRequestException");
        let denied = r#"{"message":"User: x is not authorized"}"#;
        check(403, Some("AccessDeniedException"), denied, Verdict::Refused, "403 AccessDeniedException");
        check(429, Some("TooManyRequestsException"), denied, Verdict::Unknown, "429");
        check(500, None, "oh", Verdict::Unknown, "500");
        check(404, None, "<html>", Verdict::Unknown, "404");
    }

    #[test]
    fn a_trial_is_the_call_without_what_it_would_need_to_change_anything() {
        block_on(async {
            let fake = Fake::new();
            let shop = fake.shop("amazon|1").await;
            for call in &CALLS {
                fake.order("/test/pets", Ok(refusal("AccessDeniedException", "no")));
                assert_eq!(shop.try_call(call).await.verdict, Verdict::Refused);
            }
            let sent = fake.sent("api.example");
            assert_eq!(sent.len(), CALLS.len());
            for (request, call) in sent.iter().zip(&CALLS) {
                assert_eq!(request.method, call.method);
                assert!(!request.path().ends_with("/1"), "{call}");
                let body: &[u8] = if call.method == "POST" { b"{}" } else { b"" };
                assert_eq!(request.body, body, "{call}");
                assert!(request.headers.get("authorization").is_some(), "{call}");
                assert!(request.headers.get("x-identity-token").is_none(), "{call}");
            }
            assert!(sent.iter().any(|request| request.path().ends_with("/pets/0")));
            assert!(domain::PetId::new(0).is_err(), "number 0 is no pet's");
        });
    }

    #[test]
    fn a_visitor_tries_unsigned_and_who_is_not_let_in_is_told_by_whom() {
        block_on(async {
            let fake = Fake::new();
            let visitor = Shop::new(fake.session());
            visitor.try_call(&PURCHASE).await;
            assert!(fake.sent("/purchase")[0].headers.get("authorization").is_none());
            let shop = fake.shop("amazon|1").await;
            fake.order("sts.example", Ok(sts_refusal("AccessDenied")));
            let trial = shop.try_call(&REMOVE).await;
            assert_eq!((trial.verdict, trial.says.as_str()), (Verdict::Refused, "STS: AccessDenied"));
        });
    }

    #[test]
    fn the_documents_are_asked_with_the_id_token_and_an_odd_answer_is_said() {
        block_on(async {
            let fake = Fake::new();
            let shop = fake.shop("adfs|ida").await;
            let url = "https://stack.example/explain";
            let access = json!({ "steps": [], "table": { "roles": [], "calls": [] } });
            fake.order("/explain", Ok(json_answer(200, &access)));
            assert!(shop.explain(url).await.unwrap().steps.is_empty());
            let sent = fake.sent("/explain");
            assert_eq!(sent[0].headers.get("x-identity-token").unwrap().split('.').count(), 3);
            for (status, body) in [(200, json!({})), (200, json!([])), (401, json!({ "message": "no" }))] {
                fake.order("/explain", Ok(json_answer(status, &body)));
                assert_eq!(shop.explain(url).await, Err(CallError::Unexpected { status }));
            }
            let visitor = Shop::new(fake.session());
            fake.order("/explain", Ok(json_answer(200, &access)));
            visitor.explain(url).await.unwrap();
            assert!(fake.sent("/explain").last().unwrap().headers.get("x-identity-token").is_none());
            assert_eq!(shop.try_call(&LIST).await.verdict, Verdict::Allowed);
        });
    }
}
