//! Where a page of the list of all pets begins, for any place in it: walking there a hundred pets at a time takes minutes
//! in a shop of a million. They are made as `service`'s store makes them (its `cursor` module says that nobody reaches
//! anything else by that), and compared with one of its own before they are used.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Limit, ListQuery, Sort};
use service::Store;
use sha2::{Digest, Sha256};

use super::stock;
use crate::failure::{Failure, Result};

const VERSION: u8 = 2;
const DIGEST_BYTES: usize = 12;

/// An order of the list of all pets, of a shop in which none is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they came.
    Id,
    /// The cheapest first.
    Price,
}

impl Order {
    /// The first page.
    pub fn list(self) -> ListQuery {
        let sort = match self {
            Self::Id => Sort::Id,
            Self::Price => Sort::Price,
        };
        ListQuery { sort, ..ListQuery::default() }
    }

    /// The page that begins after this pet.
    pub fn after(self, pet: u64) -> ListQuery {
        ListQuery { cursor: Some(self.cursor(pet)), ..self.list() }
    }

    /// Whether the store gives the same cursor for the same place.
    pub async fn check(self, store: &Store) -> Result<()> {
        let limit = Limit::new(10).map_err(Failure::wrong)?;
        let page = store.list(&ListQuery { limit, ..self.list() }).await.map_err(Failure::wrong)?;
        let last = page.records.last().map(|record| self.cursor(record.id.get()));
        match last == page.next && last.is_some() {
            true => Ok(()),
            false => Err(Failure::wrong(
                "the store's cursors are made in another way than crates/bench makes them: see server/cursors.rs",
            )),
        }
    }

    /// A version, a digest of the list and the place, which of its two walks (what is for sale), and the place.
    fn cursor(self, pet: u64) -> String {
        let (direction, place) = match self {
            Self::Id => ("id", pet.to_string()),
            Self::Price => ("price", stock::by_price(pet)),
        };
        let mut digest = Sha256::new();
        for word in ["status", "available", direction, "status", "sold", direction] {
            digest.update((word.len() as u64).to_be_bytes());
            digest.update(word);
        }
        let rest = [&[0], place.as_bytes()].concat();
        let digest = digest.chain_update([VERSION]).chain_update(&rest).finalize();
        BASE64_URL_SAFE_NO_PAD.encode([&[VERSION], &digest[..DIGEST_BYTES], &rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_of_its_order_and_place() {
        let cursors: Vec<String> =
            [Order::Id, Order::Price].iter().flat_map(|order| [1, 2].map(|pet| order.cursor(pet))).collect();
        for (place, cursor) in cursors.iter().enumerate() {
            assert!(!cursors[..place].contains(cursor), "{cursors:?}");
        }
    }
}
