//! Adding a pet: an id from the counter, then the record under that id if there is none.

use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue, TransactWriteItem};
use domain::{NewPet, PetId};

use super::{
    Store, StoreError,
    record::{Item, PetRecord, number},
    shop_key, table,
    transaction::NotDone,
};

/// The last id that was given, in the shop's own record.
pub(super) const LAST_ID: &str = "lastId";

impl Store {
    /// Adds a pet for sale. The SDK may repeat both writes: a number may be lost by that, as by a crash between them,
    /// and the pet is there once.
    pub async fn add(&self, pet: &NewPet) -> Result<PetRecord, StoreError> {
        let record = PetRecord::new(self.next_id().await?, pet);
        match self.transact(vec![self.put_new(record.to_new_item())]).await {
            Ok(()) => Ok(record),
            Err(NotDone::Condition { .. }) => Err(StoreError::Counter),
            Err(NotDone::Failed(error)) => Err(error),
        }
    }

    /// The write of a new item, refused where there is one of its id already.
    pub(super) fn put_new(&self, item: Item) -> TransactWriteItem {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(format!("attribute_not_exists({})", table::ID))
            .build()
            .expect("table and item are set");
        TransactWriteItem::builder().put(put).build()
    }

    async fn next_id(&self) -> Result<PetId, StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(table::ID, shop_key())
            .update_expression(format!("ADD {LAST_ID} :one"))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        let last = answer.attributes.as_ref().and_then(|attributes| number(attributes, LAST_ID));
        last.and_then(|last| last.parse().ok()).ok_or(StoreError::Counter)
    }
}
