//! A pet and what it is made of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{ErrorCode, Invalid, Price};

/// A pet as the API answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pet {
    /// Given by the server, never used twice.
    pub id: PetId,
    /// What kind of animal it is.
    #[serde(rename = "type")]
    pub kind: PetType,
    /// What it costs, or was sold for.
    pub price: Price,
    /// Whether somebody has bought it.
    pub is_sold: bool,
    /// Who bought it: the name for admins and for the buyer, masked for everybody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_to: Option<String>,
    /// When it was sold (RFC 3339, UTC), for admins and for the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_at: Option<String>,
}

/// A positive integer that JavaScript, too, holds exactly (at most 2^53 - 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PetId(u64);

impl PetId {
    /// Refuses zero and what JavaScript could not hold.
    pub fn new(id: u64) -> Result<Self, Invalid> {
        match id {
            1..=0x1F_FFFF_FFFF_FFFF => Ok(Self(id)),
            _ => Err(invalid_id()),
        }
    }

    /// The number itself.
    pub fn get(self) -> u64 {
        self.0
    }
}

/// Plain decimal digits only, as a path or a JSON number has them.
impl FromStr for PetId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.starts_with('0') || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid_id());
        }
        text.parse().map_err(|_| invalid_id()).and_then(Self::new)
    }
}

impl fmt::Display for PetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for PetId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn invalid_id() -> Invalid {
    Invalid::field(ErrorCode::InvalidPetId, "petId", "The pet's id must be a positive whole number, such as 1.")
}

/// How long a [`PetType`] may be, in Unicode scalar values.
pub const MAX_TYPE_CHARS: usize = 40;

/// What kind of animal a pet is: 1 to 40 visible characters, with single spaces inside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PetType(String);

impl PetType {
    /// The text as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text by which kinds are compared: `Dog` and `dog` are the same kind.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Space around the text is dropped, and runs of spaces inside become one.
impl FromStr for PetType {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = |message: &str| Err(Invalid::field(ErrorCode::InvalidType, "type", message));
        if is_plain(text) {
            return Ok(Self(text.to_owned()));
        }
        // Bounded before it is copied: nothing that is this long can be right.
        if text.len() > 16 * 1024 {
            return invalid("The type must have at most 40 characters.");
        }
        let text = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if text.chars().any(is_invisible) {
            return invalid("The type must have visible characters only: no line breaks, tabs or control characters.");
        }
        match text.chars().count() {
            0 => invalid("The type must not be empty: say what kind of animal it is, such as dog."),
            1..=MAX_TYPE_CHARS => Ok(Self(text)),
            _ => invalid("The type must have at most 40 characters."),
        }
    }
}

impl fmt::Display for PetType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for PetType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if is_plain(&text) { Ok(Self(text)) } else { text.parse().map_err(de::Error::custom) }
    }
}

/// Whether it is one word without anything special, as nearly all kinds are. Lists have thousands of them.
fn is_plain(kind: &str) -> bool {
    (1..=MAX_TYPE_CHARS).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Characters that take no ink, other than the ordinary space: controls, other white space, format characters
/// (Unicode's general category Cf, which can also turn a text around), fillers, and what is not a character at all.
pub(crate) fn is_invisible(char: char) -> bool {
    char.is_control()
        || (char.is_whitespace() && char != ' ')
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// A buyer's name as strangers see it: the first character of what stands before an `@`, and three dots.
pub fn mask_name(name: &str) -> String {
    let first = name.split('@').next().and_then(|local| local.trim().chars().next());
    first.map_or_else(|| "•••".to_owned(), |first| format!("{first}•••"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_one_to_forty_visible_characters() {
        let ok = |text: &str, kept: &str| assert_eq!(text.parse::<PetType>().unwrap().as_str(), kept);
        ok("dog", "dog");
        ok("  guinea   pig ", "guinea pig");
        ok("Köter 🐕", "Köter 🐕");
        ok(&"x".repeat(40), &"x".repeat(40));
        ok(&"犬".repeat(40), &"犬".repeat(40));
        for text in ["", "   ", "do\ng", "a\tb", "\u{202e}god", "\u{200b}", "\u{2800}", "a\0b", "\u{feff}dog", "\u{a0}"]
        {
            assert_eq!(text.parse::<PetType>().unwrap_err().code, ErrorCode::InvalidType, "{text:?}");
        }
        assert!("x".repeat(41).parse::<PetType>().is_err());
        assert!("x".repeat(1 << 20).parse::<PetType>().is_err());
    }

    #[test]
    fn an_id_is_a_positive_integer_that_javascript_holds() {
        assert_eq!("12".parse::<PetId>().unwrap().get(), 12);
        assert!("9007199254740991".parse::<PetId>().is_ok());
        for text in
            ["", "0", "-1", "+1", "01", "1.0", "1e3", "９", "9007199254740992", "99999999999999999999", "abc", " 1"]
        {
            assert!(text.parse::<PetId>().is_err(), "{text:?}");
        }
        for json in ["0", "-1", "1.5", "\"1\"", "null", "9007199254740992"] {
            assert!(serde_json::from_str::<PetId>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_pet_looks_as_the_api_says() {
        let json = r#"{"id":1,"type":"dog","price":249.99,"isSold":true,"soldTo":"fred flintstone"}"#;
        let pet: Pet = serde_json::from_str(json).unwrap();
        assert_eq!(pet.price.cents(), 24_999);
        assert_eq!(serde_json::to_string(&pet).unwrap(), json);
    }

    #[test]
    fn a_masked_name_gives_away_one_character() {
        assert_eq!(mask_name("fred flintstone"), "f•••");
        assert_eq!(mask_name("ömer@example.com"), "ö•••");
        assert_eq!(mask_name(""), "•••");
        assert_eq!(mask_name("@example.com"), "•••");
    }
}
