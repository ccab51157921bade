//! The first pets of a new shop, put there once.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{NewPet, PetId};

use super::{Store, StoreError, add::LAST_ID, record::PetRecord, shop_key, table, transaction::NotDone};

/// How many pets one [`Store::seed`] takes: a transaction has at most 100 writes, and one is the counter.
pub const MAX_SEEDS: usize = 99;

impl Store {
    /// Puts these pets into a table that never had one, with the ids 1, 2, 3…, all or none; otherwise does nothing.
    /// Answers whether it did. The counter is the mark: it stays when the pets are removed, so they don't come back.
    pub async fn seed(&self, pets: &[NewPet]) -> Result<bool, StoreError> {
        if pets.len() > MAX_SEEDS {
            return Err(StoreError::TooManySeeds(pets.len()));
        }
        let ids = (1..).map(|id| PetId::new(id).expect("at most 99"));
        let last = AttributeValue::N(pets.len().to_string());
        let counter = [(table::ID.to_owned(), shop_key()), (LAST_ID.to_owned(), last)].into();
        let mut writes = vec![self.put_new(counter)];
        writes.extend(ids.zip(pets).map(|(id, pet)| self.put_new(PetRecord::new(id, pet).to_new_item())));

        match self.transact(writes).await {
            Ok(()) => Ok(true),
            Err(NotDone::Condition { write: 0, .. }) => Ok(false),
            Err(NotDone::Condition { .. }) => Err(StoreError::Counter),
            Err(NotDone::Failed(error)) => Err(error),
        }
    }
}
