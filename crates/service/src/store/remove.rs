//! Removing a pet. One that is for sale is deleted; one that is sold leaves the shelves, and the sale stays on record.
//! So a purchase that comes a moment earlier than the removal is kept, whatever the admin's page showed.

use aws_sdk_dynamodb::{
    operation::delete_item::DeleteItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use domain::{PetId, Status};

use super::{Store, StoreError, key, record::is_removed, table};

impl Store {
    /// Takes the pet out of every public list.
    pub async fn remove(&self, id: PetId) -> Result<(), StoreError> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(table::ID, key(id))
            .condition_expression("#status = :available")
            .expression_attribute_names("#status", table::STATUS)
            .expression_attribute_values(":available", AttributeValue::S(Status::Available.as_str().to_owned()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = deleted else { return Ok(()) };
        let Some(DeleteItemError::ConditionalCheckFailedException(refused)) = error.as_service_error() else {
            return Err(error.into());
        };
        match refused.item() {
            Some(item) if !is_removed(item) => self.take_off_the_shelves(id).await,
            _ => Err(StoreError::PetNotFound(id)),
        }
    }

    /// A sold pet never becomes available again, so the state seen above can only have become "removed" since.
    async fn take_off_the_shelves(&self, id: PetId) -> Result<(), StoreError> {
        let removed = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(table::ID, key(id))
            .update_expression(format!("REMOVE #status, {}, {}", table::STATUS_TYPE, table::BY_PRICE))
            .condition_expression("#status = :sold")
            .expression_attribute_names("#status", table::STATUS)
            .expression_attribute_values(":sold", AttributeValue::S(Status::Sold.as_str().to_owned()))
            .send()
            .await;
        match removed {
            Err(error)
                if error.as_service_error().is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                Err(StoreError::PetNotFound(id))
            }
            removed => Ok(removed.map(|_| ())?),
        }
    }
}
