//! Identity tokens. The first line of the input names who signs (`keys`), the second is the token's header, the third
//! its claims, as they are to be written; then edits of the token (`edits`). After `raw`, the rest is a token as it is.
//!
//! - A token is believed only if the issuer's key signed its very header and claims. Its signature is the very one,
//!   or, with ES256, that one's twin: of a signature (r, s) anybody can make (r, -s), which says no more and no less.
//! - What is believed is for us, of now, and of the issuer, as read by another reader (`claims`).
//! - Neither a refusal nor what can be printed of a person has anything of the token in it.

mod claims;
mod keys;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use p256::ecdsa::Signature;
use service::{TokenError, TokenVerifier};
use time::OffsetDateTime;
use tokio::runtime::Runtime;

use crate::{Outcome, edits};
use keys::{CLIENTS, ISSUER, Signer};

/// When all of it takes place.
const NOW: i64 = 1_800_000_000;

/// Makes the keys, which takes longer than an input may.
pub fn prepare() {
    keys::signer("rsa");
}

/// Gives a token to a verifier that knows one RSA key and one elliptic one.
pub fn check(input: &[u8]) -> Outcome {
    thread_local! {
        static WALL: (TokenVerifier, Runtime) = (keys::verifier(), runtime());
    }
    let text = String::from_utf8_lossy(input);
    let (text, edits) = edits::split(&text);
    let mut lines = text.splitn(3, '\n');
    let (signer, header, claims) =
        (lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let signed = keys::signer(signer).map(|signer| (signer, signer.token(header, claims)));
    let token = match (&signed, signer) {
        (Some((_, token)), _) => token.clone(),
        (None, "raw") => text.split_once('\n').unwrap_or_default().1.to_owned(),
        (None, _) => return Outcome::Refused,
    };
    let token = edits::apply(token, &edits);
    let now = OffsetDateTime::from_unix_timestamp(NOW).expect("a time of this century");
    let verified = WALL.with(|(verifier, runtime)| runtime.block_on(verifier.verify(&token, now)));
    let identity = match verified {
        Ok(identity) => identity,
        Err(error) => {
            says_nothing(&error, &token);
            return Outcome::Refused;
        }
    };
    let (signer, original) = signed.expect("a token that nobody signed was believed");
    assert!(signer.is_trusted(), "somebody else's signature was believed");
    is_the_signed_one(signer, &original, &token);
    claims::check(&identity, header, claims, signer);
    let shown = format!("{identity:?}");
    assert!(!shown.contains(&identity.sub) || identity.sub.len() < 8, "it can be printed who it is");
    Outcome::Taken
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime on this thread needs nothing")
}

/// The keys are always there, so a refusal is final; and it is one of a few sentences, whatever the token was.
fn says_nothing(error: &TokenError, token: &str) {
    assert!(!matches!(error, TokenError::KeysUnavailable(_)), "the keys were lost: {error}");
    let sentence = error.to_string();
    let parts = token.split('.').filter(|part| part.len() >= 16);
    parts.for_each(|part| assert!(!sentence.contains(part), "a refusal repeats the token: {sentence}"));
}

fn is_the_signed_one(signer: &Signer, original: &str, token: &str) {
    let cut = |token: &str| {
        let (message, signature) = token.rsplit_once('.').expect("a token has parts");
        (message.to_owned(), signature.to_owned())
    };
    let ((message, signature), (believed, with)) = (cut(original), cut(token));
    assert_eq!(believed, message, "other words were believed than those that were signed");
    if with != signature {
        assert_eq!(signer.algorithm(), Algorithm::ES256, "another signature was believed");
        let signature = URL_SAFE_NO_PAD.decode(&signature).expect("a signature is base64url");
        let signature = Signature::from_slice(&signature).expect("a signature is two numbers");
        let twin = URL_SAFE_NO_PAD.encode(twin(&signature).to_bytes());
        assert_eq!(with, twin, "a third signature was believed");
    }
}

/// `(r, n - s)` for `(r, s)`.
fn twin(signature: &Signature) -> Signature {
    let (r, s) = signature.split_scalars();
    Signature::from_scalars(r.to_bytes(), (-s).to_bytes()).expect("neither is zero")
}
