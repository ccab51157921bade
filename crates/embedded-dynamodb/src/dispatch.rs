//! From `X-Amz-Target` and a JSON body to one call of the engine, and back. The protocol is AWS JSON 1.0, as
//! DynamoDB's developer guide describes it under "DynamoDB low-level API".

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use dynoxide::{Database, DynoxideError, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::describe;

const UNKNOWN_OPERATION: &str = r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#;

/// The operation that a request asks for, such as `Query`.
pub(crate) fn operation(request: &HttpRequest) -> &str {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    target.strip_prefix("DynamoDB_20120810.").unwrap_or_default()
}

/// The status and the JSON body that answer this request.
pub(crate) fn answer(database: &Database, operation: &str, body: &[u8]) -> (u16, String) {
    match dispatch(database, operation, body) {
        Some(Ok(body)) => (200, body),
        Some(Err(error)) => failed(&error),
        None => (400, UNKNOWN_OPERATION.to_owned()),
    }
}

/// What the service would answer to this error.
pub(crate) fn failed(error: &DynoxideError) -> (u16, String) {
    (error.status_code(), error.to_json())
}

/// The answer when it is nobody's fault but ours.
pub(crate) fn internal_error(message: &str) -> (u16, String) {
    failed(&DynoxideError::InternalServerError(message.to_owned()))
}

/// `None` for an operation that the engine has not.
fn dispatch(database: &Database, operation: &str, body: &[u8]) -> Option<Result<String>> {
    let db = database;
    Some(match operation {
        "BatchGetItem" => call(body, |request| db.batch_get_item(request)),
        "BatchWriteItem" => call(body, |request| db.batch_write_item(request)),
        "CreateTable" => call(body, |request| db.create_table(request)),
        "DeleteItem" => call(body, |request| db.delete_item(request)),
        "DeleteTable" => call(body, |request| db.delete_table(request)),
        "DescribeTable" => {
            describe::table(db, body).map_or_else(|| call(body, |request| db.describe_table(request)), Ok)
        }
        "DescribeTimeToLive" => call(body, |request| db.describe_time_to_live(request)),
        "GetItem" => call(body, |request| db.get_item(request)),
        "ListTables" => call(body, |request| db.list_tables(request)),
        "PutItem" => call(body, |request| db.put_item(request)),
        "Query" => call(body, |request| db.query(request)),
        "Scan" => call(body, |request| db.scan(request)),
        "TransactGetItems" => call(body, |request| db.transact_get_items(request)),
        "TransactWriteItems" => call(body, |request| db.transact_write_items(request)),
        "UpdateItem" => call(body, |request| db.update_item(request)),
        "UpdateTable" => call(body, |request| db.update_table(request)),
        "UpdateTimeToLive" => call(body, |request| db.update_time_to_live(request)),
        _ => return None,
    })
}

fn call<Request: DeserializeOwned, Response: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Request) -> Result<Response>,
) -> Result<String> {
    let request = serde_json::from_slice(body)
        .map_err(|error| DynoxideError::SerializationException(format!("The request can't be read: {error}")))?;
    serde_json::to_string(&operation(request)?)
        .map_err(|error| DynoxideError::InternalServerError(format!("The answer can't be written: {error}")))
}
