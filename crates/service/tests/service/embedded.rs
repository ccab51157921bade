//! The suite on the engine that the local stack runs on.

use aws_sdk_dynamodb::{
    Client,
    config::{Region, StalledStreamProtectionConfig},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
    result::ConnectorError,
};
use embedded_dynamodb::EmbeddedDynamoDb;
use service::Store;
use tokio::runtime::Handle;

/// A client with the cloud's settings, of an empty engine.
pub fn client() -> Client {
    client_of(&EmbeddedDynamoDb::memory().unwrap())
}

fn client_of(engine: &EmbeddedDynamoDb) -> Client {
    let engine = engine.client().config().http_client().unwrap();
    let http = http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Awaited(engine.http_connector(settings, components)))
    });
    let config = Store::client_config()
        .region(Region::from_static("us-east-1"))
        .endpoint_url("http://embedded.invalid")
        .allow_no_auth()
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(http);
    Client::from_conf(config.build())
}

/// Waits for the engine on a thread that may block: there a clock that stands still doesn't move on meanwhile.
#[derive(Debug)]
struct Awaited(SharedHttpConnector);

impl HttpConnector for Awaited {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let awaited = tokio::task::spawn_blocking(|| Handle::current().block_on(answer)).await;
            awaited.map_err(|error| ConnectorError::other(error.into(), None))?
        })
    }
}

crate::conformance!([](client(), ()));

/// The same with the data on a disk, where readers have connections of their own and writes share their flushes.
mod in_a_folder {
    use tempfile::TempDir;

    use super::*;

    fn server() -> (Client, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (client_of(&EmbeddedDynamoDb::open(folder.path()).unwrap()), folder)
    }

    crate::conformance!([] server());
}
