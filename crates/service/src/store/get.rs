//! Reading one pet by its id, as it is now: a consistent read of the table itself, not of an index.

use domain::{ListQuery, PetId, Status};

use super::{Page, PetRecord, Store, StoreError, key, record::is_removed, table};

impl Store {
    /// One pet as it is now (a consistent read).
    pub async fn pet(&self, id: PetId) -> Result<PetRecord, StoreError> {
        let answer =
            self.client.get_item().table_name(&self.table).key(table::ID, key(id)).consistent_read(true).send().await?;
        match answer.item {
            Some(item) if !is_removed(&item) => PetRecord::from_item(&item),
            _ => Err(StoreError::PetNotFound(id)),
        }
    }

    /// The list of the one pet with this id: empty where there is none, or where it is not what else is asked for.
    /// It is one page and gives no cursor, so it takes none.
    pub(super) async fn list_of_one(&self, id: PetId, query: &ListQuery) -> Result<Page, StoreError> {
        if query.cursor.is_some() {
            return Err(StoreError::InvalidCursor);
        }
        let records = match self.pet(id).await {
            Ok(record) if matches(&record, query) => vec![record],
            Ok(_) | Err(StoreError::PetNotFound(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Page { records, next: None })
    }
}

/// Whether the pet would be in the list without the id.
fn matches(record: &PetRecord, query: &ListQuery) -> bool {
    let status = if record.sale.is_some() { Status::Sold } else { Status::Available };
    query.status.is_none_or(|wanted| wanted == status)
        && query.kind.as_ref().is_none_or(|wanted| wanted.key() == record.kind.key())
}
