//! How a buyer is called: on the receipt, and to the admins.

use std::{fmt, str::FromStr};

use crate::{ErrorCode, Invalid, pet::is_invisible};

/// How long a [`BuyerName`] may be, in Unicode scalar values.
const MAX_NAME_CHARS: usize = 100;

/// A name to show: 1 to 100 visible characters, with single spaces inside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuyerName(String);

impl BuyerName {
    /// Makes the best of what an issuer says: invisible characters are dropped and the end of a long name is cut.
    /// `None` where nothing is left.
    pub fn from_claim(text: &str) -> Option<Self> {
        let visible: String = text.chars().filter(|&char| !is_invisible(char)).take(4 * MAX_NAME_CHARS).collect();
        let name: String = single_spaced(&visible).chars().take(MAX_NAME_CHARS).collect();
        let name = name.trim_end();
        (!name.is_empty()).then(|| Self(name.to_owned()))
    }

    /// The text as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Space around the text is dropped, and runs of spaces inside become one; anything else that is no name is refused.
impl FromStr for BuyerName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid =
            || Invalid::field(ErrorCode::InvalidRequest, "userName", "The name must have 1 to 100 visible characters.");
        if text.len() > 16 * 1024 || text.chars().any(is_invisible) {
            return Err(invalid());
        }
        let name = single_spaced(text);
        match name.chars().count() {
            1..=MAX_NAME_CHARS => Ok(Self(name)),
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for BuyerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn single_spaced(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_to_a_hundred_visible_characters() {
        assert_eq!(" fred  flintstone ".parse::<BuyerName>().unwrap().as_str(), "fred flintstone");
        assert!("é".repeat(100).parse::<BuyerName>().is_ok());
        for text in ["", "  ", "a\nb", "\u{202e}derf", "a\0", &"x".repeat(101), &"x".repeat(1 << 20)] {
            assert_eq!(text.parse::<BuyerName>().unwrap_err().field, Some("userName"));
        }
    }

    #[test]
    fn a_claim_is_cleaned_rather_than_refused() {
        let check = |text: &str, name: Option<&str>| {
            assert_eq!(BuyerName::from_claim(text).as_ref().map(BuyerName::as_str), name, "{text:?}");
        };
        check("fred\u{202e}\n flintstone", Some("fred flintstone"));
        check("\u{200b} \t", None);
        check("", None);
        check(&"x".repeat(1000), Some(&"x".repeat(100)));
        check(&format!("{} tail", "x".repeat(99)), Some(&"x".repeat(99)));
    }
}
