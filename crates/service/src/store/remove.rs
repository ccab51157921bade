//! Removing a pet. One that is for sale is deleted; one that is sold leaves the shelves, and the sale stays on record.
//! So a purchase that comes a moment earlier than the removal is kept, whatever the admin's page showed. Either is a
//! transaction of one: a plain write, repeated after a lost answer, would find its own work and report no such pet.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use domain::{PetId, Status};

use super::{Store, StoreError, key, record::is_removed, table, transaction::NotDone};

impl Store {
    /// Takes the pet out of every public list.
    pub async fn remove(&self, id: PetId) -> Result<(), StoreError> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .key(table::ID, key(id))
            .condition_expression("#status = :available")
            .expression_attribute_names("#status", table::STATUS)
            .expression_attribute_values(":available", status(Status::Available))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .expect("table and key are set");
        match self.transact(vec![TransactWriteItem::builder().delete(delete).build()]).await {
            Ok(()) => Ok(()),
            Err(NotDone::Condition { item: Some(item), .. }) if !is_removed(&item) => {
                self.take_off_the_shelves(id).await
            }
            Err(NotDone::Condition { .. }) => Err(StoreError::PetNotFound(id)),
            Err(NotDone::Failed(error)) => Err(error),
        }
    }

    /// A sold pet never becomes available again, so the state seen above can only have become "removed" since.
    async fn take_off_the_shelves(&self, id: PetId) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(&self.table)
            .key(table::ID, key(id))
            .update_expression(format!("REMOVE #status, {}, {}", table::STATUS_TYPE, table::BY_PRICE))
            .condition_expression("#status = :sold")
            .expression_attribute_names("#status", table::STATUS)
            .expression_attribute_values(":sold", status(Status::Sold))
            .build()
            .expect("table, key and expression are set");
        match self.transact(vec![TransactWriteItem::builder().update(update).build()]).await {
            Ok(()) => Ok(()),
            Err(NotDone::Condition { .. }) => Err(StoreError::PetNotFound(id)),
            Err(NotDone::Failed(error)) => Err(error),
        }
    }
}

fn status(status: Status) -> AttributeValue {
    AttributeValue::S(status.as_str().to_owned())
}
