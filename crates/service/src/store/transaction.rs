//! Writes that are done together or not at all, and once. The SDK gives each transaction a token (`ClientRequestToken`)
//! that stays the same however often it has to send it: when the answer is lost, the repetition is answered as the
//! first was, for ten minutes. So nobody is told that the own write was in the way.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, TransactWriteItem},
};

use super::{Store, StoreError, record::Item};

/// The reason of a write that was not at fault.
const NONE: &str = "None";
const CONDITION: &str = "ConditionalCheckFailed";
/// Reasons that say "not now". From the API reference of TransactWriteItems.
const BUSY: [&str; 3] = ["ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"];

/// Why a transaction did nothing.
pub(super) enum NotDone {
    /// The condition of this write (counted from 0) didn't hold. With the item that is there, where it was asked for.
    Condition {
        write: usize,
        item: Option<Item>,
    },
    Failed(StoreError),
}

impl Store {
    /// Does all of these writes, or none.
    pub(super) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<(), NotDone> {
        let done = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = done else { return Ok(()) };
        let reasons = error.as_service_error().map(reasons).unwrap_or_default();
        if let Some(write) = reasons.iter().position(|reason| reason.code() == Some(CONDITION)) {
            return Err(NotDone::Condition { write, item: reasons[write].item.clone() });
        }
        // Only the code: a reason's message may tell what is in the item.
        Err(NotDone::Failed(match reasons.iter().filter_map(CancellationReason::code).find(|code| *code != NONE) {
            Some(code) if BUSY.contains(&code) => StoreError::Unavailable(code.to_owned()),
            Some(code) => StoreError::Refused(code.to_owned()),
            None => error.into(),
        }))
    }
}

/// Whether the transaction was only canceled because the table is busy.
pub(super) fn is_busy(error: &TransactWriteItemsError) -> bool {
    let mut codes = reasons(error).iter().filter_map(CancellationReason::code).filter(|code| *code != NONE).peekable();
    codes.peek().is_some() && codes.all(|code| BUSY.contains(&code))
}

/// One for each write.
fn reasons(error: &TransactWriteItemsError) -> &[CancellationReason] {
    match error {
        TransactWriteItemsError::TransactionCanceledException(canceled) => canceled.cancellation_reasons(),
        _ => &[],
    }
}
