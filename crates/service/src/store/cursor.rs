//! The opaque text that says where a page begins: base64url of a version, a digest, which of the list's walks, and the
//! sort key of the last record shown. The digest is over all of this and the list that it belongs to, so nobody's key
//! can be read from it, and a cursor that was changed or is of another list is refused. Whoever computes the digest
//! of a cursor of their own moves the start within the list that is asked for, and reaches nothing else.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::PetId;
use sha2::{Digest, Sha256};

use super::table::{BY_PRICE, ID};
use crate::StoreError;

const VERSION: u8 = 2;
const DIGEST_BYTES: usize = 12;
/// Longer than any cursor that was ever given.
const MAX_CHARS: usize = 128;

/// The list that a cursor belongs to: the beginning of the digest.
pub(super) struct Binding(Sha256);

/// What a sort key looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Id,
    PriceAndId,
    TimeAndId,
}

impl Binding {
    /// To the list that these words make what it is.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut digest = Sha256::new();
        for word in words {
            digest.update((word.len() as u64).to_be_bytes());
            digest.update(word);
        }
        Self(digest)
    }

    pub(super) fn seal(&self, walk: usize, position: &str) -> String {
        let walk = u8::try_from(walk).expect("a list has two walks at most");
        let digest = self.digest(walk, position.as_bytes());
        URL_SAFE_NO_PAD.encode([&[VERSION], &digest[..], &[walk], position.as_bytes()].concat())
    }

    /// Which walk, and after which sort key.
    pub(super) fn open(&self, cursor: &str, walks: usize, shape: Shape) -> Result<(usize, String), StoreError> {
        self.read(cursor, walks, shape).ok_or(StoreError::InvalidCursor)
    }

    fn read(&self, cursor: &str, walks: usize, shape: Shape) -> Option<(usize, String)> {
        if cursor.len() > MAX_CHARS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (digest, rest) = bytes.strip_prefix(&[VERSION])?.split_first_chunk()?;
        let (&walk, position) = rest.split_first()?;
        if *digest != self.digest(walk, position) {
            return None;
        }
        let (walk, position) = (usize::from(walk), std::str::from_utf8(position).ok()?);
        (walk < walks && shape.fits(position)).then(|| (walk, position.to_owned()))
    }

    fn digest(&self, walk: u8, position: &[u8]) -> [u8; DIGEST_BYTES] {
        let digest = self.0.clone().chain_update([VERSION, walk]).chain_update(position).finalize();
        digest[..DIGEST_BYTES].try_into().expect("SHA-256 has 32 bytes")
    }
}

impl Shape {
    /// The shape of this range key.
    pub(super) fn of(range: &str) -> Self {
        match range {
            ID => Self::Id,
            BY_PRICE => Self::PriceAndId,
            _ => Self::TimeAndId,
        }
    }

    pub(super) fn attribute(self, position: String) -> AttributeValue {
        match self {
            Self::Id => AttributeValue::N(position),
            Self::PriceAndId | Self::TimeAndId => AttributeValue::S(position),
        }
    }

    fn fits(self, position: &str) -> bool {
        match self {
            Self::Id => position.parse::<PetId>().is_ok(),
            Self::PriceAndId => looks_like(position, "000000000#0000000000000000"),
            Self::TimeAndId => looks_like(position, "0000-00-00T00:00:00.000Z#0000000000000000"),
        }
    }
}

/// Whether the text is the pattern with any digit for each `0`.
fn looks_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            wanted => byte == wanted,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Binding {
        Binding::new(["status", "available", "id"])
    }

    #[test]
    fn a_cursor_is_read_by_the_list_that_gave_it() {
        let cursor = list().seal(1, "17");
        assert_eq!(list().open(&cursor, 2, Shape::Id).unwrap(), (1, "17".to_owned()));
    }

    #[test]
    fn another_list_refuses_it() {
        let cursor = list().seal(0, "17");
        for words in [["status", "sold", "id"], ["status", "available", "-id"], ["statu", "savailable", "id"]] {
            assert!(Binding::new(words).open(&cursor, 2, Shape::Id).is_err(), "{words:?}");
        }
        assert!(list().open(&cursor, 2, Shape::PriceAndId).is_err());
        assert!(list().open(&list().seal(1, "17"), 1, Shape::Id).is_err());
    }

    #[test]
    fn another_version_is_refused() {
        let mut bytes = URL_SAFE_NO_PAD.decode(list().seal(0, "17")).unwrap();
        for version in [0, 1, VERSION + 1, 0xff] {
            bytes[0] = version;
            assert!(list().open(&URL_SAFE_NO_PAD.encode(&bytes), 2, Shape::Id).is_err(), "{version}");
        }
    }

    #[test]
    fn a_changed_cursor_is_refused() {
        let bytes = URL_SAFE_NO_PAD.decode(list().seal(0, "17")).unwrap();
        for place in 0..bytes.len() {
            for change in 1..=u8::MAX {
                let mut bytes = bytes.clone();
                bytes[place] ^= change;
                assert!(list().open(&URL_SAFE_NO_PAD.encode(&bytes), 2, Shape::Id).is_err(), "{place}, {change}");
            }
        }
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        let cursor = list().seal(0, "17");
        let mut cases = vec![String::new(), "abc".to_owned(), "=".to_owned(), format!("{cursor}="), "A".repeat(10_000)];
        cases.extend((1..cursor.len()).map(|end| cursor[..end].to_owned()));
        for position in ["", "0", "-1", "1.5", "x", "17 ", "99999999999999999999", "\0"] {
            cases.push(list().seal(0, position));
        }
        for case in cases {
            assert!(list().open(&case, 2, Shape::Id).is_err(), "{case:?}");
        }
        assert!(list().open(&list().seal(0, "000024999#000000000000001x"), 2, Shape::PriceAndId).is_err());
        assert!(list().open(&list().seal(0, "2026-01-01T00:00:00.000Z"), 1, Shape::TimeAndId).is_err());
    }
}
