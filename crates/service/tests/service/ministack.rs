//! The suite on a DynamoDB that others wrote, over a port and with signatures.

use std::sync::Arc;

use aws_emulator::{Emulator, REGION};
use aws_sdk_dynamodb::{
    Client,
    config::{Credentials, Region},
};
use service::Store;

fn server() -> (Client, Arc<Emulator>) {
    let emulator = Emulator::shared();
    let (id, secret) = emulator.credentials();
    let config = Store::client_config()
        .region(Region::from_static(REGION))
        .endpoint_url(emulator.endpoint())
        .credentials_provider(Credentials::new(id, secret, None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http());
    (Client::from_conf(config.build()), emulator)
}

crate::conformance!([ignore = "needs MiniStack: cargo xtask test cloud"] server());
