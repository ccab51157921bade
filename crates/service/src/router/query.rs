//! Reading a path segment and a query string, strictly: what can be read in two ways is refused.

use std::borrow::Cow;

use domain::{Invalid, ListQuery};
use percent_encoding::percent_decode_str;

use crate::WindowQuery;

/// The decoded parameters. Those of a presigned URL (`X-Amz-…`) are the gateway's business and left out.
pub(super) fn pairs(query: Option<&str>) -> Result<Vec<(String, String)>, Invalid> {
    let mut pairs = Vec::new();
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(&name.replace('+', " "))?.into_owned();
        if name.get(..6).is_none_or(|start| !start.eq_ignore_ascii_case("x-amz-")) {
            pairs.push((name, decode(&value.replace('+', " "))?.into_owned()));
        }
    }
    Ok(pairs)
}

/// The query of the list of pets.
pub(super) fn list(query: Option<&str>) -> Result<ListQuery, Invalid> {
    parse(&pairs(query)?)
}

/// The query of a list of sales.
pub(super) fn window(query: Option<&str>) -> Result<WindowQuery, Invalid> {
    let pairs = pairs(query)?;
    if pairs.iter().any(|(name, _)| !matches!(name.as_str(), "limit" | "cursor")) {
        return Err(Invalid::request("The only parameters are limit and cursor."));
    }
    let ListQuery { limit, cursor, .. } = parse(&pairs)?;
    Ok(WindowQuery { limit, cursor })
}

fn parse(pairs: &[(String, String)]) -> Result<ListQuery, Invalid> {
    ListQuery::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Percent-decoding that refuses a `%` without two hex digits, and bytes that are no UTF-8.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, Invalid> {
    let invalid = || Invalid::request("The address has a % that is not followed by the two hex digits of UTF-8 text.");
    let whole = text.match_indices('%').all(|(at, _)| {
        text.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !whole {
        return Err(invalid());
    }
    percent_decode_str(text).decode_utf8().map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_as_a_form_writes_them() {
        let read = |query| pairs(Some(query)).unwrap();
        assert_eq!(read("type=guinea+pig&limit=5"), [("type", "guinea pig"), ("limit", "5")].map(own));
        assert_eq!(read("type=%F0%9F%90%95&cursor=a%3D"), [("type", "🐕"), ("cursor", "a=")].map(own));
        assert_eq!(read("&&limit=5&"), [own(("limit", "5"))]);
        assert_eq!(read("X-Amz-Date=%zz&x-amz-signature=1&limit=5"), [own(("limit", "5"))]);
        assert!(pairs(None).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_percent_encoding_is_refused() {
        for query in ["type=%", "type=%4", "type=%zz", "%=1", "type=%ff", "type=%C3%28", "type=%+41"] {
            assert!(pairs(Some(query)).is_err(), "{query}");
        }
    }

    #[test]
    fn a_window_has_no_filter() {
        assert_eq!(window(Some("limit=7")).unwrap().limit.get(), 7);
        for query in ["id=1", "type=dog", "sort=id", "status=", "limit=0", "limit=1&limit=2"] {
            assert!(window(Some(query)).is_err(), "{query}");
        }
    }

    fn own((name, value): (&str, &str)) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }
}
