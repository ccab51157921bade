//! The suite on the engine that the local stack runs on.

use aws_sdk_dynamodb::{
    Client,
    config::{Region, StalledStreamProtectionConfig},
};
use embedded_dynamodb::EmbeddedDynamoDb;
use service::Store;

/// A client with the cloud's settings, of an empty engine.
pub fn client() -> Client {
    let engine = EmbeddedDynamoDb::memory().unwrap().client();
    let config = Store::client_config()
        .region(Region::from_static("us-east-1"))
        .endpoint_url("http://embedded.invalid")
        .allow_no_auth()
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(engine.config().http_client().unwrap());
    Client::from_conf(config.build())
}

crate::conformance!([](client(), ()));
