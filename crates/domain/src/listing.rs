//! What a list of pets can be asked for: `GET /pets?id=&type=&status=&sort=&limit=&cursor=`.

use crate::{ErrorCode, Invalid, PetId, PetType};

/// The query of a list. A parameter that is empty counts as absent; one that is unknown is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Only the pet with this id, if it is in the list. Such a list is one page at most, so it takes no cursor.
    pub id: Option<PetId>,
    /// Only pets of this kind.
    pub kind: Option<PetType>,
    /// Only what is for sale, or only what is sold. Without it: what is for sale, then what is sold.
    pub status: Option<Status>,
    /// The order within each status.
    pub sort: Sort,
    /// How many pets a page has.
    pub limit: Limit,
    /// Where the page begins: the opaque text from the `Link` header of the page before.
    pub cursor: Option<String>,
}

/// Whether a pet is for sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// `available`
    Available,
    /// `sold`
    Sold,
}

/// The order of a list; a leading `-` turns it around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// `id`: the oldest first.
    #[default]
    Id,
    /// `-id`: the newest first.
    IdDescending,
    /// `price`: the cheapest first.
    Price,
    /// `-price`: the dearest first.
    PriceDescending,
}

/// The default page.
pub const DEFAULT_LIMIT: u16 = 50;
/// The largest page.
pub const MAX_LIMIT: u16 = 100;

/// A page's size, 1 to [`MAX_LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit(u16);

impl Limit {
    /// Refuses 0 and more than [`MAX_LIMIT`].
    pub fn new(limit: u16) -> Result<Self, Invalid> {
        match limit {
            1..=MAX_LIMIT => Ok(Self(limit)),
            _ => Err(Invalid::request("limit must be a whole number from 1 to 100.")),
        }
    }

    /// The number itself.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT_LIMIT)
    }
}

impl Status {
    /// The word in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Sold => "sold",
        }
    }
}

impl Sort {
    /// Every order there is.
    pub const ALL: [Self; 4] = [Self::Id, Self::IdDescending, Self::Price, Self::PriceDescending];

    /// The word in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::IdDescending => "-id",
            Self::Price => "price",
            Self::PriceDescending => "-price",
        }
    }
}

impl ListQuery {
    /// Reads decoded query parameters. A name that is given twice is refused: two readers could pick different ones.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Invalid> {
        let mut query = Self::default();
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in pairs {
            if seen.contains(&name) {
                return Err(Invalid::request(format!("The parameter {name} is given twice.")));
            }
            match name {
                "id" | "type" | "status" | "sort" | "limit" | "cursor" => seen.push(name),
                _ => return Err(Invalid::request("The only parameters are id, type, status, sort, limit and cursor.")),
            }
            if value.is_empty() {
                continue;
            }
            match name {
                "id" => query.id = Some(id(value)?),
                "type" => query.kind = Some(value.parse()?),
                "status" => query.status = Some(status(value)?),
                "sort" => query.sort = sort(value)?,
                "limit" => query.limit = limit(value)?,
                _ => query.cursor = Some(value.to_owned()),
            }
        }
        if query.id.is_some() && query.cursor.is_some() {
            let message = "A list of the one pet with this id has no further page: leave the cursor out.";
            return Err(Invalid::field(ErrorCode::InvalidCursor, "cursor", message));
        }
        Ok(query)
    }

    /// The parameters that say the same, those with a default value left out.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if let Some(id) = self.id {
            pairs.push(("id", id.to_string()));
        }
        if let Some(kind) = &self.kind {
            pairs.push(("type", kind.to_string()));
        }
        if let Some(status) = self.status {
            pairs.push(("status", status.as_str().to_owned()));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.as_str().to_owned()));
        }
        if self.limit != Limit::default() {
            pairs.push(("limit", self.limit.get().to_string()));
        }
        if let Some(cursor) = &self.cursor {
            pairs.push(("cursor", cursor.clone()));
        }
        pairs
    }
}

/// The parameter has another name than the field of a body.
fn id(value: &str) -> Result<PetId, Invalid> {
    value.parse().map_err(|invalid| Invalid { field: Some("id"), ..invalid })
}

/// Plain digits: what parses numbers would take a sign and zeros too.
fn limit(value: &str) -> Result<Limit, Invalid> {
    let plain = !value.starts_with('0') && value.bytes().all(|byte| byte.is_ascii_digit());
    Limit::new(value.parse().ok().filter(|_| plain).unwrap_or(0))
}

fn status(value: &str) -> Result<Status, Invalid> {
    [Status::Available, Status::Sold]
        .into_iter()
        .find(|status| status.as_str() == value)
        .ok_or_else(|| Invalid::request("status must be available or sold."))
}

fn sort(value: &str) -> Result<Sort, Invalid> {
    Sort::ALL
        .into_iter()
        .find(|sort| sort.as_str() == value)
        .ok_or_else(|| Invalid::request("sort must be id, -id, price or -price."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_the_round_trip() {
        let kinds = [("type", "guinea pig"), ("status", "sold"), ("sort", "-price"), ("limit", "7")];
        for (pairs, id) in [
            ([&kinds[..], &[("cursor", "abc")]].concat(), None),
            ([&[("id", "9007199254740991")], &kinds[..]].concat(), Some(9_007_199_254_740_991)),
        ] {
            let query = ListQuery::from_pairs(pairs.clone()).unwrap();
            assert_eq!(query.id.map(PetId::get), id);
            let expected: Vec<_> = pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
            assert_eq!(query.to_pairs(), expected);
        }
        assert_eq!(ListQuery::from_pairs([("id", ""), ("type", ""), ("limit", "")]).unwrap(), ListQuery::default());
        assert!(ListQuery::default().to_pairs().is_empty());
    }

    #[test]
    fn a_bad_parameter_is_named() {
        for (pair, word) in [
            (("limit", "0"), "limit"),
            (("limit", "101"), "limit"),
            (("limit", "99999999999"), "limit"),
            (("limit", "-1"), "limit"),
            (("limit", "+1"), "limit"),
            (("limit", "01"), "limit"),
            (("status", "Sold"), "status"),
            (("sort", "name"), "sort"),
            (("type", "\n"), "type"),
            (("id", "0"), "pet's id"),
            (("page", "1"), "parameters"),
        ] {
            assert!(ListQuery::from_pairs([pair]).unwrap_err().message.contains(word), "{pair:?}");
        }
        assert!(ListQuery::from_pairs([("page", "1")]).unwrap_err().message.contains(" id,"));
        assert!(ListQuery::from_pairs([("limit", "1"), ("limit", "2")]).unwrap_err().message.contains("twice"));
    }
    #[test]
    fn one_pet_is_asked_for_by_an_id_and_without_a_cursor() {
        let fault = |pairs: [(&str, &str); 2]| {
            let invalid = ListQuery::from_pairs(pairs).unwrap_err();
            (invalid.code, invalid.field)
        };
        for id in ["0", "-1", "+1", "01", "1.0", "1e2", " 1", "one", "9007199254740992", "1,2"] {
            assert_eq!(fault([("id", id), ("sort", "id")]), (ErrorCode::InvalidPetId, Some("id")), "{id:?}");
        }
        for pairs in [[("id", "1"), ("cursor", "abc")], [("cursor", "abc"), ("id", "1")]] {
            assert_eq!(fault(pairs), (ErrorCode::InvalidCursor, Some("cursor")));
        }
        assert_eq!(fault([("id", "1"), ("id", "1")]), (ErrorCode::InvalidRequest, None));
        assert!(ListQuery::from_pairs([("id", "1"), ("cursor", "")]).is_ok());
        assert!(ListQuery::from_pairs([("id", ""), ("cursor", "abc")]).is_ok());
    }
}
