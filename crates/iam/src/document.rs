//! A document as it arrives: as text, or as JSON that somebody else parsed. Text is read by a reader that refuses
//! what `serde_json` would let through silently: the same key twice in one object. Next: `policy`.

use std::{borrow::Cow, cell::RefCell, fmt};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::error::{Place, Problem, Refusal};

/// A policy document to load; `&str` and `&Value` turn into it.
#[derive(Debug, Clone, Copy)]
pub enum Document<'a> {
    /// JSON text. Duplicate keys are refused.
    Text(&'a str),
    /// Parsed JSON, for instance out of a CloudFormation template.
    Value(&'a Value),
}

impl<'a> From<&'a str> for Document<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Document<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Value> for Document<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

/// The largest document that IAM takes anywhere, in characters without white space (User Guide, "IAM and AWS STS quotas").
pub(crate) const CHARACTERS: usize = 10_240;

/// Text longer than this isn't parsed at all: a full document and generous indentation.
const TEXT_BYTES: usize = 256 * 1024;

impl<'a> Document<'a> {
    pub(crate) fn value(self) -> Result<Cow<'a, Value>, Refusal> {
        let document = Place::default();
        match self {
            Self::Value(value) => Ok(Cow::Borrowed(value)),
            Self::Text(text) if text.len() > TEXT_BYTES => Err(document.refuse(Problem::TooLarge(CHARACTERS))),
            Self::Text(text) => {
                let duplicate = RefCell::new(None);
                let seed = Strict { at: document.clone(), duplicate: &duplicate };
                let mut reader = serde_json::Deserializer::from_str(text);
                let value = seed.deserialize(&mut reader).and_then(|value| {
                    reader.end()?;
                    Ok(value)
                });
                match (duplicate.into_inner(), value) {
                    (Some(at), _) => Err(at.refuse(Problem::DuplicateKey)),
                    (None, Ok(value)) => Ok(Cow::Owned(value)),
                    (None, Err(error)) => Err(document.refuse(Problem::Json(error.to_string()))),
                }
            }
        }
    }
}

/// Reads one value; notes the place of a duplicate key. Depth is `serde_json`'s to bound (128).
struct Strict<'a> {
    at: Place,
    duplicate: &'a RefCell<Option<Place>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("a number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) =
            items.next_element_seed(Strict { at: self.at.item(values.len()), duplicate: self.duplicate })?
        {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let at = self.at.field(&key);
            if map.contains_key(&key) {
                *self.duplicate.borrow_mut() = Some(at);
                return Err(de::Error::custom("duplicate key"));
            }
            let value = entries.next_value_seed(Strict { at, duplicate: self.duplicate })?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
