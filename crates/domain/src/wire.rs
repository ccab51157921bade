//! The bodies that the API takes. Reading one names the field that is wrong; fields that are not asked for are
//! ignored, so nobody can set `isSold` by sending it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{ErrorCode, Invalid, PetId, PetType, Price};

/// A larger body is refused before it is read.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The body of `POST /pets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewPet {
    /// What kind of animal it is.
    #[serde(rename = "type")]
    pub kind: PetType,
    /// What it costs.
    pub price: Price,
}

/// The body of `POST /pets/purchase`. Which of the two names the buyer is the server's setting, not the caller's.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Purchase {
    /// The pet to buy.
    pub pet_id: PetId,
    /// The ID token of the signed-in person. A secret: it is in no `Debug` output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_token: Option<String>,
    /// The name that the older tutorial sent, believed only where the server is set to `claimed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
}

impl std::fmt::Debug for Purchase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Purchase").field("pet_id", &self.pet_id).finish_non_exhaustive()
    }
}

impl NewPet {
    /// Reads the JSON body.
    pub fn from_json(body: &[u8]) -> Result<Self, Invalid> {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(rename = "type", default, borrow)]
            kind: Option<&'a RawValue>,
            #[serde(default, borrow)]
            price: Option<&'a RawValue>,
        }
        let body: Body = object(body)?;
        let kind = text(body.kind).ok_or_else(|| {
            Invalid::field(ErrorCode::InvalidType, "type", "The type must be a text, such as \"dog\".")
        })?;
        let price = body.price.map_or("", RawValue::get);
        Ok(Self { kind: kind.parse()?, price: price.parse()? })
    }
}

impl Purchase {
    /// Reads the JSON body.
    pub fn from_json(body: &[u8]) -> Result<Self, Invalid> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            #[serde(default, borrow)]
            pet_id: Option<&'a RawValue>,
            #[serde(default, borrow)]
            auth_token: Option<&'a RawValue>,
            #[serde(default, borrow)]
            user_name: Option<&'a RawValue>,
        }
        let body: Body = object(body)?;
        Ok(Self {
            pet_id: body.pet_id.map_or("", RawValue::get).parse()?,
            auth_token: text(body.auth_token),
            user_name: text(body.user_name),
        })
    }
}

/// A JSON string's text; nothing for any other value.
fn text(value: Option<&RawValue>) -> Option<String> {
    value.and_then(|value| serde_json::from_str(value.get()).ok())
}

fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Invalid> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Invalid { code: ErrorCode::BodyTooLarge, ..Invalid::request("The body must be at most 64 KiB.") });
    }
    // A sequence would fill a struct field by field: only an object names what it means.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Invalid::request("The body must be a JSON object."));
    }
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Invalid::request(match error.classify() {
            serde_json::error::Category::Data => format!("The body has a field twice, or is no text ({place})."),
            _ => format!("The body must be JSON: it can't be read at {place}."),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_pet_is_read() {
        let pet = NewPet::from_json(br#" {"type": "frog", "price": 4.99, "isSold": true, "id": 7} "#).unwrap();
        assert_eq!((pet.kind.as_str(), pet.price.cents()), ("frog", 499));
        assert_eq!(serde_json::to_string(&pet).unwrap(), r#"{"type":"frog","price":4.99}"#);
    }

    #[test]
    fn a_bad_body_names_its_field() {
        let check = |body: &str, code: ErrorCode| {
            assert_eq!(NewPet::from_json(body.as_bytes()).expect_err(body).code, code, "{body}");
        };
        for body in [
            "",
            "null",
            "[]",
            r#"["dog", 1]"#,
            "{",
            "{]",
            r#"{"type":"a","type":"b","price":1}"#,
            r#"{"type":"dog","price":NaN}"#,
            r#"{"type":"dog","price":1}x"#,
        ] {
            check(body, ErrorCode::InvalidRequest);
        }
        for body in [
            "{}",
            r#"{"price":1}"#,
            r#"{"type":1,"price":1}"#,
            r#"{"type":null,"price":1}"#,
            r#"{"type":["dog"],"price":1}"#,
        ] {
            check(body, ErrorCode::InvalidType);
        }
        for body in [
            r#"{"type":"dog"}"#,
            r#"{"type":"dog","price":"1"}"#,
            r#"{"type":"dog","price":1e400}"#,
            r#"{"type":"dog","price":-1}"#,
            r#"{"type":"dog","price":0.001}"#,
            r#"{"type":"dog","price":null}"#,
        ] {
            check(body, ErrorCode::InvalidPrice);
        }
        check(&format!(r#"{{"type":"{}","price":1}}"#, "x".repeat(MAX_BODY_BYTES)), ErrorCode::BodyTooLarge);
        assert_eq!(NewPet::from_json(b"{\"type\":\"\xff\",\"price\":1}").unwrap_err().code, ErrorCode::InvalidRequest);
    }

    #[test]
    fn a_purchase_is_read_and_keeps_its_token_to_itself() {
        let purchase = Purchase::from_json(br#"{"petId": 1, "authToken": "secret"}"#).unwrap();
        assert_eq!(purchase.pet_id.get(), 1);
        assert!(!format!("{purchase:?}").contains("secret"));
        for body in
            [r#"{}"#, r#"{"petId":"1"}"#, r#"{"petId":1.5}"#, r#"{"petId":0}"#, r#"{"petId":-1}"#, r#"{"petId":1e2}"#]
        {
            assert_eq!(Purchase::from_json(body.as_bytes()).unwrap_err().code, ErrorCode::InvalidPetId, "{body}");
        }
    }
}
