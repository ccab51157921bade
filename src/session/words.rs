//! What others refused, in words: OAuth's error codes and AWS's error types. What they wrote themselves is shown only
//! after it went through [`shown`].

use super::Refusal;

/// What the issuer said no to. The codes are those of RFC 6749, sections 4.1.2.1 and 5.2, and OpenID Connect Core,
/// section 3.1.2.6.
pub(super) fn denied(code: &str, description: &str) -> String {
    let sentence = match code {
        "access_denied" => "The sign-in was refused.",
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            "The sign-in service wants you to sign in again."
        }
        "server_error" | "temporarily_unavailable" => {
            "The sign-in service has a problem at the moment. Try again in a while."
        }
        "invalid_grant" => "The sign-in can't be completed any more. Sign in again.",
        "unauthorized_client" | "invalid_client" => {
            "The sign-in service does not know this shop: clientId in config.json, or what the service allows it, is wrong."
        }
        _ => "The sign-in service gave an error.",
    };
    match (code, description) {
        ("access_denied", "") => sentence.to_owned(),
        ("access_denied", reason) => format!("{sentence} {reason}"),
        _ => format!("{sentence} ({code})"),
    }
}

/// What AWS said no to. The details are the refusal's other fields, for whoever wants to see them.
pub(super) fn refused(refusal: &Refusal) -> String {
    let sentence = match name_of(&refusal.error_type) {
        "AccessDenied" => "AWS does not allow this for your role.",
        "MissingAuthenticationToken" => "Only a signed call may do this. Sign in as somebody who has a role for it.",
        "ExpiredToken" => "Your credentials have ended and could not be renewed. Sign in again.",
        "UnrecognizedClient" | "InvalidClientTokenId" => "AWS does not know your credentials. Sign in again.",
        "InvalidSignature" | "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "AWS could not verify the call's signature. Something changed it on its way, or a clock is wrong."
        }
        "InvalidIdentityToken" | "IDPRejectedClaim" => "AWS does not accept this sign-in. Sign in again.",
        "IDPCommunicationError" => "AWS could not reach the sign-in service. Try again in a moment.",
        error_type if is_throttling(error_type) => "There are too many calls at the moment. Try again in a while.",
        "" => "AWS refused this.",
        other => return format!("AWS refused this ({other})."),
    };
    sentence.to_owned()
}

/// Whether an issuer's error code says that it may be better in a moment, and that nothing was done.
pub(super) fn is_passing(code: &str) -> bool {
    matches!(code, "server_error" | "temporarily_unavailable" | "slow_down" | "too_many_requests")
}

/// Whether AWS's error type says that there are too many calls.
pub(super) fn is_throttling(error_type: &str) -> bool {
    matches!(name_of(error_type), "Throttling" | "TooManyRequests" | "RequestLimitExceeded" | "LimitExceeded")
}

/// The gateway's names have an end that STS's haven't.
fn name_of(error_type: &str) -> &str {
    error_type.strip_suffix("Exception").unwrap_or(error_type)
}

/// A foreign text as it may be shown: at most so many characters, and none that hides or turns others.
pub(crate) fn shown(text: &str, most: usize) -> String {
    let harmless = |char: char| {
        let hides = char.is_control()
            || matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if hides { ' ' } else { char }
    };
    let text: String = text.chars().take(most).map(harmless).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_a_sentence() {
        let refusal =
            |error_type: &str| Refusal { error_type: error_type.to_owned(), ..Refusal::default() }.to_string();
        assert_eq!(refusal("AccessDenied"), refusal("AccessDeniedException"));
        assert!(refusal("MissingAuthenticationTokenException").contains("Sign in"));
        assert_eq!(refusal("SomethingNew"), "AWS refused this (SomethingNew).");
        assert_eq!(denied("access_denied", "Not today."), "The sign-in was refused. Not today.");
        assert_eq!(denied("odd", ""), "The sign-in service gave an error. (odd)");
    }

    #[test]
    fn a_foreign_text_can_hide_nothing() {
        assert_eq!(shown(" a\nb\u{202e}c\0 ", 10), "a b c");
        assert_eq!(shown(&"é".repeat(1000), 3), "ééé");
    }
}
