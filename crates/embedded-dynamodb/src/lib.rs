//! DynamoDB's API answered in process, for an `aws-sdk-dynamodb` client: the engine (`dynoxide-rs`, on SQLite) sits
//! behind the SDK's HTTP connector, so what speaks to the table in the cloud speaks to a folder here, and no port is
//! open for anybody else. It knows nothing of pets; `service::Store` is the next step. Never for more than one
//! process: the folder is locked while it is open.

mod access;
mod connector;
mod describe;
mod dispatch;
mod folder;
mod pages;
mod worker;

use std::{path::Path, sync::Arc};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Region, StalledStreamProtectionConfig},
};
use aws_smithy_runtime_api::client::http::{SharedHttpConnector, http_client_fn};

pub use access::{Access, Denied};
use connector::{Connector, Guard};
pub use folder::OpenError;
use folder::Opened;
use worker::{Answer, Job, Workers};

/// An engine with its data, in memory or in a folder. Clones share both; the last one, and the last client, let go.
#[derive(Clone)]
pub struct EmbeddedDynamoDb {
    engine: Arc<Engine>,
}

/// The threads that have the database open, and what keeps other processes away from it, in the order in which they end.
struct Engine {
    workers: Workers,
    _lock: Option<std::fs::File>,
}

impl EmbeddedDynamoDb {
    /// Opens the data in this folder, which is made if it's missing. A write is on the disk before it is answered
    /// (SQLite's write-ahead log, flushed once for all writes that come together). Blocks for as long as the disk takes.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let Opened { writer, flush, reader, lock } = folder::open(folder)?;
        let workers = Workers::start(writer, flush, Some(reader)).map_err(OpenError::Threads)?;
        Ok(Self { engine: Arc::new(Engine { workers, _lock: Some(lock) }) })
    }

    /// An empty database that is gone with the last client.
    pub fn memory() -> Result<Self, OpenError> {
        let database = dynoxide::Database::memory().map_err(|error| OpenError::Memory(error.to_string()))?;
        let workers = Workers::start(database, Box::new(|| Ok(())), None).map_err(OpenError::Threads)?;
        Ok(Self { engine: Arc::new(Engine { workers, _lock: None }) })
    }

    /// A client of this engine. It needs a Tokio runtime when it is used, and no credentials.
    pub fn client(&self) -> Client {
        self.client_with(None)
    }

    /// A client that may do what the guard lets through, as one has whose credentials are a role's. The guard is asked
    /// before each request, on the task that makes it: it must not block.
    pub fn guarded_client(&self, guard: impl Fn(&[Access]) -> Result<(), Denied> + Send + Sync + 'static) -> Client {
        self.client_with(Some(Arc::new(guard)))
    }

    /// What DynamoDB would answer to this operation (`Query`) with this body, for a test that needs it on a port: the
    /// status and the JSON. Blocks.
    pub fn answer(&self, operation: &str, body: &[u8]) -> (u16, String) {
        let (send, answer) = std::sync::mpsc::channel();
        self.engine.ask(operation, body, move |answer| drop(send.send(answer)));
        answer.recv().unwrap_or_else(|_| dispatch::internal_error(GONE))
    }

    fn client_with(&self, guard: Option<Guard>) -> Client {
        let connector = SharedHttpConnector::new(Connector { engine: Arc::clone(&self.engine), guard });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            // Never looked up: the connector below answers, whatever the address.
            .endpoint_url("http://embedded.invalid")
            .allow_no_auth()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        Client::from_conf(config)
    }
}

impl std::fmt::Debug for EmbeddedDynamoDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedDynamoDb").finish_non_exhaustive()
    }
}

/// Why no answer comes.
const GONE: &str = "A thread of the database has ended.";

impl Engine {
    /// Has the request run, in its turn. The reply is called on a thread that must not be kept.
    fn ask(&self, operation: &str, body: &[u8], reply: impl FnOnce(Answer) + Send + 'static) {
        self.workers.hand_over(Job { operation: operation.to_owned(), body: body.to_vec(), reply: Box::new(reply) });
    }
}
