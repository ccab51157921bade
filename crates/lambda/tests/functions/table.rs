//! The table: an embedded engine on a port.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use domain::NewPet;
use embedded_dynamodb::EmbeddedDynamoDb;
use http::Request;
use hyper::body::Bytes;
use service::Store;

use crate::server::{Server, answer};

pub const NAME: &str = "Pets";

pub struct Table {
    pub url: String,
    /// The same table, from inside.
    pub store: Store,
    /// While it is set, no request is answered.
    pub is_silent: Arc<AtomicBool>,
    /// The headers `Authorization` and `X-Amz-Security-Token` of every request.
    pub signed: Arc<Mutex<Vec<(String, String)>>>,
    _server: Server,
}

impl Table {
    pub async fn start() -> Self {
        let engine = EmbeddedDynamoDb::memory().unwrap();
        let store = Store::new(engine.client(), NAME);
        store.create_table_if_missing().await.unwrap();
        let (is_silent, signed) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let server = Server::start({
            let (is_silent, signed) = (Arc::clone(&is_silent), Arc::clone(&signed));
            move |request: Request<Bytes>| {
                let (engine, is_silent) = (engine.clone(), Arc::clone(&is_silent));
                let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
                signed.lock().unwrap().push((header("authorization"), header("x-amz-security-token")));
                async move {
                    if is_silent.load(Ordering::SeqCst) {
                        std::future::pending::<()>().await;
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
        Self { url: format!("http://{}", server.authority), store, is_silent, signed, _server: server }
    }

    pub async fn add(&self, kind: &str, price: &str) {
        self.store.add(&NewPet { kind: kind.parse().unwrap(), price: price.parse().unwrap() }).await.unwrap();
    }
}
