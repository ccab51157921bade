//! Pets in one DynamoDB table, one record a pet. Every write carries its condition, so whoever comes second is told
//! and nothing is overwritten; every list is a Query on a sparse index, or a GetItem where it is of one pet, never a
//! Scan. The record with id 0 is the shop's own: the counter that gives ids. Sold pets keep who bought them, and a sale
//! is never erased: removing a sold pet takes it off the shelves only.

mod add;
mod cursor;
mod error;
mod get;
mod list;
mod purchase;
mod record;
mod remove;
mod retry;
mod seed;
mod table;
mod transaction;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use domain::PetId;

pub use error::StoreError;
pub use list::{Page, WindowQuery};
pub use record::{Buyer, PetRecord, Sale};
pub use seed::MAX_SEEDS;
pub use table::{IndexDefinition, TABLE, TableDefinition};

/// The use cases over one table. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
}

impl Store {
    /// A store over the table of this name. The client decides where that is.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}

fn key(id: PetId) -> AttributeValue {
    AttributeValue::N(id.to_string())
}

/// The id of the shop's own record. [`PetId`] has no zero, so no request can name it.
fn shop_key() -> AttributeValue {
    AttributeValue::N("0".to_owned())
}
