//! The suite on the engine that the local stack runs on.

use embedded_dynamodb::EmbeddedDynamoDb;

crate::conformance!(EmbeddedDynamoDb::memory().unwrap().client());
