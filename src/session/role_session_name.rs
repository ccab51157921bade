//! `RoleSessionName`: who acted, as CloudTrail and every refusal write it.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The longest name that STS takes.
const MAX: usize = 64;

/// Makes a name of a token's subject out of STS's characters, `[A-Za-z0-9_=,.@-]{2,64}`. Every other byte, and the two
/// characters that mean something here, is written as `=` and its two hex digits, so `auth0|62f1` is `auth0=7C62f1` and can be
/// read back. A name too long is cut and ends in a comma and 64 bits of the subject's SHA-256, for two long subjects that
/// begin alike must not become one.
pub(super) fn role_session_name(subject: &str) -> String {
    let mut name = String::with_capacity(subject.len());
    for byte in subject.bytes() {
        if byte.is_ascii_alphanumeric() || b"_.@-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            escape(&mut name, byte);
        }
    }
    if name.len() > MAX {
        name.truncate(MAX - 17);
        name.push(',');
        Sha256::digest(subject)[..8].iter().for_each(|byte| hex(&mut name, *byte));
    }
    name
}

fn escape(name: &mut String, byte: u8) {
    name.push('=');
    hex(name, byte);
}

fn hex(name: &mut String, byte: u8) {
    write!(name, "{byte:02X}").expect("a String takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_allowed_characters_and_says_who() {
        assert_eq!(role_session_name("auth0|62f1"), "auth0=7C62f1");
        assert_eq!(role_session_name("amazon|amzn1.account.AFRED"), "amazon=7Camzn1.account.AFRED");
        for subject in ["a|b=c,d+e f", "é|ü", "google-oauth2|1/2\\3\n", &"x|y".repeat(500), &"|".repeat(22)] {
            let name = role_session_name(subject);
            assert!((2..=64).contains(&name.len()), "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_=,.@-".contains(&b)), "{name}");
        }
    }

    #[test]
    fn two_subjects_never_share_a_name() {
        let long = "adfs|".to_owned() + &"x".repeat(100);
        let pairs = [
            ("a|b".to_owned(), "a=7Cb".to_owned()),
            ("a|b,c".to_owned(), "a|b=2Cc".to_owned()),
            (long.clone() + "1", long.clone() + "2"),
            (long.clone(), role_session_name(&long)),
        ];
        for (one, other) in pairs {
            assert_ne!(role_session_name(&one), role_session_name(&other), "{one} {other}");
        }
    }
}
