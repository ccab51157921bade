//! A client whose requests meet what a network and a busy table have for them, in the order that a test says.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use aws_sdk_dynamodb::{Client, config::retry::RetryPartition};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::json;
use service::Store;
use tokio::time::Instant;

use crate::conformance::Shop;

/// What one request meets.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing: it is answered.
    None,
    /// The table says this instead of doing it.
    Answer(u16, String),
    /// No connection.
    Unreachable,
    /// It never arrives, and nobody says so.
    Silence,
    /// It is done, and the connection breaks before the answer is there.
    LostAnswer,
    /// It is done, and the answer never comes.
    LateAnswer,
}

/// What comes, and what came.
#[derive(Clone, Debug)]
pub struct Faults(Arc<Mutex<Script>>);

#[derive(Debug)]
struct Script {
    next: VecDeque<Fault>,
    /// After those.
    rest: Fault,
    calls: Vec<Instant>,
}

/// An error of DynamoDB, of its service's own namespace.
pub fn refusal(code: &str) -> Fault {
    let body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "So it is." });
    Fault::Answer(400, body.to_string())
}

/// A transaction canceled for these reasons, one for each write.
pub fn canceled(reasons: &[&str]) -> Fault {
    let code = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let list: Vec<_> = reasons.iter().map(|code| json!({ "Code": code, "Message": "So it is." })).collect();
    let message = format!("Transaction cancelled, please refer cancellation reasons for specific reasons {reasons:?}");
    Fault::Answer(400, json!({ "__type": code, "Message": message, "CancellationReasons": list }).to_string())
}

/// The shop's store, through a client of its own that meets these faults, then the last of them for ever.
pub fn store(shop: &Shop, next: impl IntoIterator<Item = Fault>, rest: Fault) -> (Store, Faults) {
    static CLIENTS: AtomicU32 = AtomicU32::new(0);
    let script = Script { next: next.into_iter().collect(), rest, calls: Vec::new() };
    let faults = Faults(Arc::new(Mutex::new(script)));
    let (inner, outer) = (shop.client.config().http_client().unwrap(), faults.clone());
    let http = http_client_fn(move |settings, components| {
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(Faulty { inner, faults: outer.clone() })
    });
    // Clients share what they know of a busy service, and these have nothing in common.
    let partition = RetryPartition::new(format!("test-{}", CLIENTS.fetch_add(1, Ordering::Relaxed)));
    let config = shop.client.config().to_builder().http_client(http).retry_partition(partition);
    (Store::new(Client::from_conf(config.build()), &shop.table), faults)
}

impl Faults {
    /// How many requests came.
    pub fn calls(&self) -> usize {
        self.times().len()
    }

    /// When they came.
    pub fn times(&self) -> Vec<Instant> {
        self.0.lock().unwrap().calls.clone()
    }

    fn take(&self) -> Fault {
        let mut script = self.0.lock().unwrap();
        script.calls.push(Instant::now());
        script.next.pop_front().unwrap_or_else(|| script.rest.clone())
    }
}

#[derive(Debug)]
struct Faulty {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl HttpConnector for Faulty {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let broken = || Err(ConnectorError::io("the connection broke".into()));
        let done = match self.faults.take() {
            Fault::None => return self.inner.call(request),
            Fault::Answer(status, body) => return HttpConnectorFuture::ready(Ok(answer(status, body))),
            Fault::Unreachable => return HttpConnectorFuture::ready(broken()),
            Fault::Silence => return HttpConnectorFuture::new(std::future::pending()),
            late_or_lost => (self.inner.call(request), late_or_lost),
        };
        HttpConnectorFuture::new(async move {
            let (call, fault) = done;
            call.await?;
            match fault {
                Fault::LateAnswer => std::future::pending().await,
                _ => broken(),
            }
        })
    }
}

fn answer(status: u16, body: String) -> HttpResponse {
    let mut response = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}
