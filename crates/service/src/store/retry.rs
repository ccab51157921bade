//! How a client of the table behaves when the table is busy or silent. The SDK repeats what it may: throttling, answers
//! of 5xx, lost connections, and attempts that take too long, with full jitter (a random part of a span that doubles).
//! Added here is what it takes for final and isn't: a write that met another one. Every write of the store can be
//! repeated, see `transaction` and `purchase`. The caller's deadline ends it all: a request that is dropped is not
//! repeated any more.

use std::time::Duration;

use aws_sdk_dynamodb::{
    config::{
        BehaviorVersion, Builder,
        interceptors::InterceptorContext,
        retry::{ClassifyRetry, RetryAction, RetryConfig},
        timeout::TimeoutConfig,
    },
    operation::{transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
};

use super::{Store, transaction};

/// Ten attempts in all: with the spans below, throttling is borne for two to three seconds. Whoever waits longer only
/// keeps others waiting too.
const ATTEMPTS: u32 = 10;
/// The span that the first wait is a random part of.
const FIRST_WAIT: Duration = Duration::from_millis(25);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// DynamoDB answers in milliseconds; a function has ten seconds. So a lost packet costs one attempt and not the answer.
const ATTEMPT: Duration = Duration::from_millis(1500);
const CONNECT: Duration = Duration::from_secs(1);

/// What DynamoDB says of single writes that met another one, and may be repeated. From the API reference of UpdateItem.
const MET_ANOTHER: [&str; 2] = ["TransactionConflictException", "ReplicatedWriteConflictException"];

impl Store {
    /// What the configuration of a client in the cloud begins with; the caller adds region, credentials and HTTP
    /// client. It gives up after ten attempts; a deadline is the caller's to set, around the store's futures
    /// ([`crate::Router::respond_within`] does).
    pub fn client_config() -> Builder {
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(FIRST_WAIT)
            .with_max_backoff(LONGEST_WAIT);
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT).build();
        Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .retry_config(retries)
            .timeout_config(timeouts)
            .retry_classifier(MetAnotherWrite)
    }
}

/// Asks for a repetition of writes that another write was in the way of.
#[derive(Debug)]
struct MetAnotherWrite;

impl ClassifyRetry for MetAnotherWrite {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error =
            context.output_or_error().and_then(|answer| answer.err()).and_then(|error| error.as_operation_error());
        let Some(error) = error else { return RetryAction::NoActionIndicated };
        let met_another = if let Some(error) = error.downcast_ref::<TransactWriteItemsError>() {
            transaction::is_busy(error) || error.meta().code().is_some_and(|code| MET_ANOTHER.contains(&code))
        } else if let Some(error) = error.downcast_ref::<UpdateItemError>() {
            error.meta().code().is_some_and(|code| MET_ANOTHER.contains(&code))
        } else {
            false
        };
        // Not "transient": that would close a connection that is in order.
        if met_another { RetryAction::throttling_error() } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "a write that met another one"
    }
}
