//! Pets in one DynamoDB table, one record a pet. Every write carries its condition, so whoever comes second is told
//! and nothing is overwritten; every list is a Query on a sparse index, never a Scan. The record with id 0 is the
//! shop's own: the counter that gives ids. Sold pets keep who bought them, and a sale is never erased: removing a sold
//! pet takes it off the shelves only.

mod add;
mod cursor;
mod error;
mod list;
mod purchase;
mod record;
mod remove;
mod seed;
mod table;

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

    /// One pet as it is now (a consistent read).
    pub async fn pet(&self, id: PetId) -> Result<PetRecord, StoreError> {
        let answer =
            self.client.get_item().table_name(&self.table).key(table::ID, key(id)).consistent_read(true).send().await?;
        match answer.item {
            Some(item) if !record::is_removed(&item) => PetRecord::from_item(&item),
            _ => Err(StoreError::PetNotFound(id)),
        }
    }
}

fn key(id: PetId) -> AttributeValue {
    AttributeValue::N(id.to_string())
}

/// The id of the shop's own record. [`PetId`] has no zero, so no request can name it.
fn shop_key() -> AttributeValue {
    AttributeValue::N("0".to_owned())
}
