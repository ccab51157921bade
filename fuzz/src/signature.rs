//! Requests signed with Signature Version 4. The first line of the input says how it is signed: `sign` or `presign 60`
//! (for that many seconds), then how many seconds ago, then the names of headers that stay out of the signature. The
//! request follows as HTTP/1.1 writes it, then edits of the signed request (`edits`). After `raw` nobody signs.
//!
//! - What passes was signed with the session's secret, in its time, and means what was signed: the method, the path
//!   and the query as the router reads them, the signed headers, the body. And it passes as that session's.
//! - A plain request that was signed by the letter of the specification (`signer`) and not edited passes.
//! - A refusal repeats neither the secret, nor the token, nor the signature that it should have been.

mod message;
mod signer;

use local_stack::walls::{Refusal, Secret, TARGET, segments, verify, well_encoded};
use time::{Duration, OffsetDateTime};

use crate::{Outcome, edits};
use message::Message;
use signer::{How, Session};

/// When the request arrives.
const NOW: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);
/// How old a signature may be, or how far ahead.
const WINDOW: Duration = Duration::minutes(5);

/// Sends a request to the gateway's door.
pub fn check(input: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(input);
    let (text, edits) = edits::split(&text);
    let (line, text) = text.split_once('\n').unwrap_or_default();
    let signed = match line {
        "raw" => None,
        line => {
            let (Some(how), Some(message)) = (How::read(line), Message::read(text)) else { return Outcome::Refused };
            Some((signer::sign(&message, &how), how, message))
        }
    };
    let sent = signed.as_ref().map_or(text.to_owned(), |(sent, ..)| sent.write());
    let Some(arrived) = Message::read(&edits::apply(sent, &edits)) else { return Outcome::Refused };
    match (door(&arrived), signed) {
        (Ok(session), Some((sent, how, _))) => {
            assert_eq!(session.access_key_id(), how.session.access_key_id(), "it passed as somebody else's");
            assert!(how.is_current(), "it passed out of its time");
            let signed = how.signed(&sent);
            assert_eq!(arrived.meaning(&signed), sent.meaning(&signed), "it means what nobody signed");
            Outcome::Taken
        }
        (Ok(_), None) => panic!("an unsigned request passed"),
        (Err(refusal), signed) => {
            if let Some((_, how, message)) = signed {
                says_no_secret(&refusal, &how, &arrived);
                let should_pass = edits.is_empty() && how.is_current() && how.unsigned.is_empty() && message.is_plain();
                assert!(!should_pass, "a plain request was refused: {refusal:?}");
            }
            Outcome::Refused
        }
    }
}

/// The gateway's first steps, see `local_stack::gateway`.
fn door(message: &Message) -> Result<Session, Refusal> {
    let request = message.request();
    if !well_encoded(request.uri().query().unwrap_or_default()) {
        return Err(Refusal::BadRequest("query"));
    }
    segments(request.uri().path()).ok_or(Refusal::MissingAuthenticationToken)?;
    verify(&request, TARGET, NOW, Session::find)
}

fn says_no_secret(refusal: &Refusal, how: &How, arrived: &Message) {
    let (message, said) = (refusal.message(), arrived.write());
    assert!(!message.contains(how.session.token()), "a token in a refusal: {message}");
    // What the caller said, a refusal may repeat.
    let secret = how.session.secret_access_key();
    assert!(!message.contains(secret) || said.contains(secret), "a secret in a refusal: {message}");
    // A signature is 64 digits in a row.
    let mut runs = message.split(|c: char| !c.is_ascii_hexdigit());
    assert!(!runs.any(|run| run.len() >= 64 && !said.contains(run)), "a signature in a refusal: {message}");
}
