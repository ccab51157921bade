//! The table: an embedded engine on a port.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use domain::NewPet;
use embedded_dynamodb::EmbeddedDynamoDb;
use http::Request;
use hyper::body::Bytes;
use service::Store;

use crate::server::{Server, answer};

pub const NAME: &str = "Pets";
const THROTTLED: &str =
    r#"{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "Rate exceeded"}"#;

pub struct Table {
    pub url: String,
    /// The same table, from inside.
    pub store: Store,
    /// While it is set, no request is answered.
    pub is_silent: Arc<AtomicBool>,
    /// How many requests it still refuses for being too busy.
    pub busy: Arc<AtomicU32>,
    /// The headers `Authorization` and `X-Amz-Security-Token` of every request.
    pub signed: Arc<Mutex<Vec<(String, String)>>>,
    _server: Server,
}

impl Table {
    pub async fn start() -> Self {
        let engine = EmbeddedDynamoDb::memory().unwrap();
        let store = Store::new(engine.client(), NAME);
        store.create_table_if_missing().await.unwrap();
        let (is_silent, busy, signed) = <(Arc<AtomicBool>, Arc<AtomicU32>, Arc<Mutex<Vec<_>>>)>::default();
        let server = Server::start({
            let (is_silent, busy, signed) = (Arc::clone(&is_silent), Arc::clone(&busy), Arc::clone(&signed));
            move |request: Request<Bytes>| {
                let (engine, is_silent) = (engine.clone(), Arc::clone(&is_silent));
                let is_busy = busy.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |busy| busy.checked_sub(1)).is_ok();
                let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
                signed.lock().unwrap().push((header("authorization"), header("x-amz-security-token")));
                async move {
                    if is_silent.load(Ordering::SeqCst) {
                        std::future::pending::<()>().await;
                    }
                    if is_busy {
                        return answer(400, THROTTLED);
                    }
                    let target = request.headers()["x-amz-target"].to_str().unwrap().to_owned();
                    let operation = target.strip_prefix("DynamoDB_20120810.").unwrap().to_owned();
                    let work = move || engine.answer(&operation, request.body());
                    let (status, body) = tokio::task::spawn_blocking(work).await.unwrap();
                    answer(status, body)
                }
            }
        })
        .await;
        Self { url: format!("http://{}", server.authority), store, is_silent, busy, signed, _server: server }
    }

    pub async fn add(&self, kind: &str, price: &str) {
        self.store.add(&NewPet { kind: kind.parse().unwrap(), price: price.parse().unwrap() }).await.unwrap();
    }
}
