//! What an answer says: the shop's data, the shop's error, or a refusal by the gateway before it.

use domain::{ErrorBody, Pet};
use serde::{Deserialize, de::DeserializeOwned};

use super::{CallError, Page, link::next_cursor};
use crate::session::{Answer, Headers, Refusal, shown};

/// A value.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, CallError> {
    if !answer.is_success() {
        return Err(failure(answer));
    }
    serde_json::from_slice(&answer.body).map_err(|_| unexpected(answer))
}

/// No value, but a success.
pub(super) fn nothing(answer: &Answer) -> Result<(), CallError> {
    if answer.is_success() { Ok(()) } else { Err(failure(answer)) }
}

/// A page of a list, with the way to the next.
pub(super) fn page(answer: &Answer) -> Result<Page, CallError> {
    let pets: Vec<Pet> = read(answer)?;
    Ok(Page { pets, next: next_cursor(&answer.headers) })
}

/// Whether the gateway says that the credentials have expired.
pub(super) fn says_expired(answer: &Answer) -> bool {
    answer.status == 403 && error_type(&answer.headers) == Some("ExpiredTokenException")
}

/// Whether the gateway says that the signature is of another time than its own: more than five minutes off.
pub(super) fn says_clock(answer: &Answer) -> bool {
    let clock = |text: &str| text.contains("Signature expired") || text.contains("Signature not yet current");
    answer.status == 403 && message(answer).is_some_and(|message| clock(&message))
}

/// AWS's error type, which may have an address behind a colon.
fn error_type(headers: &Headers) -> Option<&str> {
    let value = headers.get("x-amzn-errortype")?;
    value.split(':').next().map(str::trim).filter(|name| !name.is_empty())
}

fn message(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        // Some of AWS's refusals write it with a capital letter.
        #[serde(alias = "Message")]
        message: String,
    }
    serde_json::from_slice::<Body>(&answer.body).ok().map(|body| body.message)
}

fn failure(answer: &Answer) -> CallError {
    if let Ok(body) = serde_json::from_slice::<ErrorBody>(&answer.body) {
        let ErrorBody { code, message, field, request_id } = body;
        let field = field.map(|field| shown(&field, 60));
        return CallError::Shop(ErrorBody {
            code,
            message: shown(&message, 600),
            field,
            request_id: shown(&request_id, 100),
        });
    }
    let error_type = error_type(&answer.headers);
    match message(answer) {
        Some(message) if error_type.is_some() || answer.status == 403 => {
            let request_id = answer.headers.get("x-amzn-requestid");
            CallError::Refused(refusal(error_type.unwrap_or_default(), &message, request_id))
        }
        _ => unexpected(answer),
    }
}

/// A refusal with what its message names: `User: … is not authorized to perform: … on resource: …`, then the reason.
fn refusal(error_type: &str, message: &str, request_id: Option<&str>) -> Box<Refusal> {
    let mut refusal = Refusal {
        error_type: shown(error_type, 100),
        message: shown(message, 1000),
        request_id: request_id.map(|id| shown(id, 100)),
        ..Refusal::default()
    };
    let named = refusal.message.strip_prefix("User: ").and_then(|rest| {
        let (principal, rest) = rest.split_once(" is not authorized to perform: ")?;
        let (action, rest) = rest.split_once(" on resource: ")?;
        let resource = rest.split(' ').next()?;
        Some((principal.to_owned(), action.to_owned(), resource.to_owned()))
    });
    if let Some((principal, action, resource)) = named {
        (refusal.principal, refusal.action, refusal.resource) = (Some(principal), Some(action), Some(resource));
    }
    Box::new(refusal)
}

fn unexpected(answer: &Answer) -> CallError {
    CallError::Unexpected { status: answer.status }
}

#[cfg(test)]
mod tests {
    use domain::ErrorCode;

    use super::*;

    fn answer(status: u16, error_type: Option<&str>, body: &str) -> Answer {
        let mut answer = Answer::new(status, body.as_bytes().to_vec());
        if let Some(error_type) = error_type {
            answer.headers.set("x-amzn-errortype", error_type);
        }
        answer
    }

    #[test]
    fn a_denial_names_role_action_and_resource() {
        let body = r#"{"message":"User: arn:aws:sts::123456789012:assumed-role/auth0-api-social-role/amazon=7C1 is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:api/test/POST/pets because no identity-based policy allows it"}"#;
        let CallError::Refused(refusal) = failure(&answer(403, Some("AccessDeniedException:http://x"), body)) else {
            panic!("no refusal")
        };
        assert_eq!(refusal.error_type, "AccessDeniedException");
        let role = "arn:aws:sts::123456789012:assumed-role/auth0-api-social-role/amazon=7C1";
        assert_eq!(refusal.principal.as_deref(), Some(role));
        assert_eq!(refusal.action.as_deref(), Some("execute-api:Invoke"));
        let resource = "arn:aws:execute-api:us-east-1:********9012:api/test/POST/pets";
        assert_eq!(refusal.resource.as_deref(), Some(resource));
    }

    #[test]
    fn a_refusal_without_names_is_one_all_the_same() {
        for (error_type, body) in [
            (Some("MissingAuthenticationTokenException"), r#"{"message":"Missing Authentication Token"}"#),
            (Some("AccessDeniedException"), r#"{"Message":"User: anonymous is not authorized"}"#),
            (None, r#"{"message":"Forbidden"}"#),
        ] {
            let CallError::Refused(refusal) = failure(&answer(403, error_type, body)) else { panic!("{body}") };
            assert_eq!((refusal.principal, refusal.action, refusal.resource), (None, None, None));
        }
    }

    #[test]
    fn the_shops_own_error_keeps_its_code() {
        let body = r#"{"code":"pet_not_available","message":"Gone.","requestId":"r"}"#;
        let CallError::Shop(error) = failure(&answer(409, None, body)) else { panic!("no error") };
        assert_eq!((error.code, error.message.as_str()), (ErrorCode::PetNotAvailable, "Gone."));
    }

    #[test]
    fn what_the_api_never_says_is_unexpected() {
        for (status, body) in
            [(200, "<html>"), (200, "{}"), (200, ""), (500, "oh"), (502, r#"{"message":1}"#), (302, "")]
        {
            let answer = answer(status, None, body);
            assert_eq!(read::<Vec<Pet>>(&answer), Err(CallError::Unexpected { status }), "{body}");
        }
        assert!(read::<Pet>(&answer(200, None, r#"{"id":0,"type":"a","price":1,"isSold":false}"#)).is_err());
    }
}
