//! The table's shape: one hash key, and a sparse index for each list. An item is in an index only while it has the
//! index's attributes, so a list reads nothing that it does not answer.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType, TableDescription, TableStatus,
};
use std::time::Duration;

use crate::{Store, StoreError};

/// The pet's id, the table's key.
pub(super) const ID: &str = "id";
/// `available` or `sold`; missing on what was removed.
pub(super) const STATUS: &str = "status";
/// The status and the kind of animal in one.
pub(super) const STATUS_TYPE: &str = "statusType";
/// The price and the id, so that equal prices have an order.
pub(super) const BY_PRICE: &str = "byPrice";
/// `sales` on whatever was sold.
pub(super) const LEDGER: &str = "ledger";
/// The time of the sale and the id.
pub(super) const BY_TIME: &str = "byTime";
/// The buyer's key, a token's `sub`.
pub(super) const BUYER: &str = "buyer";

/// What the table must look like, here and in a template. Billing is on demand; indexes project every attribute.
#[derive(Debug)]
pub struct TableDefinition {
    /// The key attributes of the table and its indexes, each `S` (string) or `N` (number).
    pub attributes: &'static [(&'static str, &'static str)],
    /// The table's hash key; it has no range key.
    pub hash: &'static str,
    /// The global secondary indexes.
    pub indexes: &'static [IndexDefinition],
}

/// A global secondary index with all attributes.
#[derive(Debug)]
pub struct IndexDefinition {
    /// The index's name.
    pub name: &'static str,
    /// Its hash key.
    pub hash: &'static str,
    /// Its range key.
    pub range: &'static str,
}

/// The shape of the table.
pub const TABLE: TableDefinition = TableDefinition {
    attributes: &[
        (ID, "N"),
        (STATUS, "S"),
        (STATUS_TYPE, "S"),
        (BY_PRICE, "S"),
        (LEDGER, "S"),
        (BY_TIME, "S"),
        (BUYER, "S"),
    ],
    hash: ID,
    indexes: &[
        IndexDefinition { name: "status-id", hash: STATUS, range: ID },
        IndexDefinition { name: "status-price", hash: STATUS, range: BY_PRICE },
        IndexDefinition { name: "type-id", hash: STATUS_TYPE, range: ID },
        IndexDefinition { name: "type-price", hash: STATUS_TYPE, range: BY_PRICE },
        IndexDefinition { name: "sales", hash: LEDGER, range: BY_TIME },
        IndexDefinition { name: "purchases", hash: BUYER, range: BY_TIME },
    ],
};

/// How long a new table may take, in polls a second apart.
const POLLS: u32 = 120;

impl Store {
    /// Makes the table if there is none, waits until it serves, and refuses one of another shape.
    pub async fn create_table_if_missing(&self) -> Result<(), StoreError> {
        for poll in 0..POLLS {
            let described = self.client.describe_table().table_name(&self.table).send().await;
            let description = match described {
                Ok(answer) => answer.table,
                Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
                    self.create_table().await?;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let description = description.unwrap_or_else(|| TableDescription::builder().build());
            if let Some(difference) = difference(&description) {
                return Err(StoreError::OtherShape { table: self.table.clone(), difference });
            }
            if description.table_status == Some(TableStatus::Active) {
                return Ok(());
            }
            if poll + 1 < POLLS {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        Err(StoreError::Unavailable("the new table is not ready after two minutes".to_owned()))
    }

    /// Somebody else may make it at the same moment, which is as good.
    async fn create_table(&self) -> Result<(), StoreError> {
        let attributes = TABLE.attributes.iter().map(|&(name, kind)| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(ScalarAttributeType::from(kind))
                .build()
                .expect("both fields are set")
        });
        let indexes = TABLE.indexes.iter().map(|index| {
            GlobalSecondaryIndex::builder()
                .index_name(index.name)
                .key_schema(key_schema(index.hash, KeyType::Hash))
                .key_schema(key_schema(index.range, KeyType::Range))
                .projection(Projection::builder().projection_type(ProjectionType::All).build())
                .build()
                .expect("name and keys are set")
        });
        let created = self
            .client
            .create_table()
            .table_name(&self.table)
            .set_attribute_definitions(Some(attributes.collect()))
            .key_schema(key_schema(TABLE.hash, KeyType::Hash))
            .set_global_secondary_indexes(Some(indexes.collect()))
            .billing_mode(BillingMode::PayPerRequest)
            .send()
            .await;
        match created {
            Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => Ok(()),
            created => Ok(created.map(|_| ())?),
        }
    }
}

fn key_schema(attribute: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().expect("both fields are set")
}

/// The first thing in which a table is not [`TABLE`]. More indexes than ours do no harm.
fn difference(table: &TableDescription) -> Option<String> {
    let keys = |schema: &[KeySchemaElement]| {
        let mut keys: Vec<_> =
            schema.iter().map(|key| (key.key_type().as_str().to_owned(), key.attribute_name().to_owned())).collect();
        keys.sort();
        keys
    };
    if keys(table.key_schema()) != [("HASH".to_owned(), TABLE.hash.to_owned())] {
        return Some(format!("its key is not {}", TABLE.hash));
    }
    for (name, kind) in TABLE.attributes {
        let mut defined = table.attribute_definitions().iter();
        if !defined.any(|found| found.attribute_name() == *name && found.attribute_type().as_str() == *kind) {
            return Some(format!("the attribute {name} is not defined as {kind}"));
        }
    }
    TABLE.indexes.iter().find_map(|index| {
        let wanted = [("HASH".to_owned(), index.hash.to_owned()), ("RANGE".to_owned(), index.range.to_owned())];
        let found = table.global_secondary_indexes().iter().find(|found| found.index_name() == Some(index.name));
        match found {
            Some(found) if keys(found.key_schema()) == wanted => None,
            Some(_) => Some(format!("the index {} has other keys", index.name)),
            None => Some(format!("the index {} is missing", index.name)),
        }
    })
}
