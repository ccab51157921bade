//! What the store can answer instead of what was asked for. The router maps it to HTTP, once.

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use domain::PetId;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such pet, or it was removed.
    #[error("there is no pet {0}")]
    PetNotFound(PetId),
    /// Somebody else has bought it.
    #[error("pet {0} is sold")]
    PetNotAvailable(PetId),
    /// The cursor was not given by this list.
    #[error("the cursor does not belong to this list")]
    InvalidCursor,
    /// DynamoDB could not be reached, or is too busy; a later try may work. Whether a write was done is unknown.
    #[error("the table can't be reached now ({0})")]
    Unavailable(String),
    /// DynamoDB understood and refused: a missing table, a missing right, an outdated schema.
    #[error("the table refused a request ({0})")]
    Refused(String),
    /// The table's keys or indexes are not those of [`crate::TABLE`].
    #[error("the table {table} has another shape than this version needs: {difference}")]
    OtherShape {
        /// The table's name.
        table: String,
        /// The first thing that differs.
        difference: String,
    },
    /// A record that this version did not write.
    #[error("the record with id {id} has no valid {attribute}")]
    Corrupt {
        /// The record's id as the table has it.
        id: String,
        /// The attribute at fault.
        attribute: &'static str,
    },
    /// The counter gave an id that a pet has already, or none that is valid.
    #[error("the counter of ids is behind the pets; raise lastId of the record with id 0 above every pet's id")]
    Counter,
    /// More pets than one transaction takes.
    #[error("at most 99 pets can be seeded, not {0}")]
    TooManySeeds(usize),
}

/// Only the code and the message are kept: the SDK's own text may carry an item, and with it a buyer's name.
impl<E: ProvideErrorMetadata> From<SdkError<E, HttpResponse>> for StoreError {
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        match &error {
            SdkError::ServiceError(context) => {
                let (code, message) = (error.code().unwrap_or("no code"), error.message().unwrap_or("no message"));
                let text = format!("{code}: {message}");
                let busy = context.raw().status().is_server_error() || BUSY.contains(&code);
                if busy { Self::Unavailable(text) } else { Self::Refused(text) }
            }
            SdkError::ConstructionFailure(_) => Self::Refused("the request could not be made".to_owned()),
            SdkError::TimeoutError(_) => Self::Unavailable("no answer in time".to_owned()),
            SdkError::ResponseError(_) => Self::Unavailable("the answer could not be read".to_owned()),
            _ => Self::Unavailable("the request could not be sent".to_owned()),
        }
    }
}

/// Errors with a 4xx status that say "not now". From the DynamoDB developer guide, "Error messages and codes".
const BUSY: [&str; 7] = [
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];
