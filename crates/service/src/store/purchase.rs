//! Selling a pet: one conditional write decides who gets it, and its answer is the receipt.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use domain::PetId;
use time::OffsetDateTime;

use super::{
    Buyer, PetRecord, Store, StoreError, key,
    record::{is_removed, sale_update},
    table,
};

impl Store {
    /// Sells the pet to this buyer, who may ask again and gets the same answer. Of many at once one gets it; the
    /// others hear [`StoreError::PetNotAvailable`].
    pub async fn purchase(&self, id: PetId, buyer: &Buyer, now: OffsetDateTime) -> Result<PetRecord, StoreError> {
        let (update, values) = sale_update(id, buyer, now);
        let sold = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(table::ID, key(id))
            .update_expression(update)
            .condition_expression("#status = :available")
            .expression_attribute_names("#status", table::STATUS)
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let refused = match sold {
            Ok(answer) => return PetRecord::from_item(&answer.attributes.unwrap_or_default()),
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(refused)) = refused.as_service_error() else {
            return Err(refused.into());
        };
        let item = refused.item().ok_or(StoreError::PetNotFound(id))?;
        let record = PetRecord::from_item(item)?;
        match &record.sale {
            Some(sale) if sale.buyer.key == buyer.key => Ok(record),
            _ if is_removed(item) => Err(StoreError::PetNotFound(id)),
            _ => Err(StoreError::PetNotAvailable(id)),
        }
    }
}
