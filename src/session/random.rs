//! Values that nobody can guess, and their comparison.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Platform, Secret};

/// 256 random bits as 43 characters, which is what PKCE's verifier needs (RFC 7636, section 4.1).
pub(super) fn unguessable(platform: &impl Platform) -> Secret {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    platform.random(bytes.as_mut());
    URL_SAFE_NO_PAD.encode(bytes.as_slice()).into()
}

/// From 0 to 1: for times that must differ, not for secrets.
pub(crate) fn dice(platform: &impl Platform) -> f64 {
    let mut bytes = [0; 2];
    platform.random(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}

/// Compares in a time that says nothing about where the texts differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |seen, (one, other)| seen | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differ) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_is_the_same() {
        assert!(same("abc", "abc") && same("", ""));
        for other in ["", "a", "ab", "abd", "abcd", "xbc", "ABC"] {
            assert!(!same("abc", other) && !same(other, "abc"), "{other}");
        }
    }
}
