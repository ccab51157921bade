//! The engine alone: the very writes that the store makes for purchases, without HTTP, signatures, tokens or policies.
//! Once as `embedded-dynamodb` runs it for the local stack, once as it is published (`dynoxide-rs`, a flush a write).

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Region, retry::RetryConfig},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
    result::ConnectorError,
};
use domain::PetId;
use dynoxide::Database;
use embedded_dynamodb::EmbeddedDynamoDb;
use service::{Buyer, Store};
use time::OffsetDateTime;

use super::timing::Round;
use crate::failure::{Failure, Result};

/// The body of an UpdateItem.
pub type Update = Vec<u8>;

/// Keeps what the SDK would send and sends nothing.
#[derive(Clone, Debug, Default)]
struct Kept(Arc<Mutex<Vec<Update>>>);

impl HttpConnector for Kept {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default().to_vec();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(body);
        HttpConnectorFuture::ready(Err(ConnectorError::user("nothing is sent".into())))
    }
}

/// What the store asks the table for when these pets are bought, in their order.
pub async fn purchases(table: &str, buyer: &Buyer, pets: impl Iterator<Item = u64>) -> Result<Vec<Update>> {
    let kept = Kept::default();
    let connector = SharedHttpConnector::new(kept.clone());
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url("http://nowhere.invalid")
        .allow_no_auth()
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .build();
    let store = Store::new(Client::from_conf(config), table);
    for pet in pets {
        let id = PetId::new(pet).map_err(Failure::wrong)?;
        // It can only fail: nothing is sent.
        let _ = store.purchase(id, buyer, OffsetDateTime::now_utc()).await;
    }
    let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *kept))
}

/// The writes of each caller one after another, all callers at once, through `embedded-dynamodb`.
pub fn embedded(database: &EmbeddedDynamoDb, updates: Vec<Vec<Update>>) -> Result<Round> {
    drive(updates, |body| ask(database, "UpdateItem", body))
}

/// Reads (GetItem) in the same way.
pub fn reads(database: &EmbeddedDynamoDb, bodies: Vec<Vec<Vec<u8>>>) -> Result<Round> {
    drive(bodies, |body| ask(database, "GetItem", body))
}

fn ask(database: &EmbeddedDynamoDb, operation: &str, body: &[u8]) -> Result<()> {
    match database.answer(operation, body) {
        (200, _) => Ok(()),
        (status, answer) => Err(Failure::wrong(format!("the engine answers {status}: {answer}"))),
    }
}

/// The same through the engine as it is published.
pub fn published(database: &Database, updates: Vec<Vec<Update>>) -> Result<Round> {
    drive(updates, |body| {
        let request = serde_json::from_slice(body).map_err(Failure::wrong)?;
        let response = database.update_item(request).map_err(Failure::wrong)?;
        serde_json::to_string(&response).map(drop).map_err(Failure::wrong)
    })
}

fn drive(updates: Vec<Vec<Update>>, write: impl Fn(&[u8]) -> Result<()> + Sync) -> Result<Round> {
    let start = Instant::now();
    let times = thread::scope(|scope| {
        let callers: Vec<_> = updates.into_iter().map(|updates| scope.spawn(|| one_by_one(updates, &write))).collect();
        let mut times = Vec::new();
        for caller in callers {
            times.extend(caller.join().map_err(|_| Failure::wrong("a caller of the engine panicked"))??);
        }
        Ok(times)
    })?;
    Ok(Round::new(start.elapsed(), times))
}

fn one_by_one(updates: Vec<Update>, write: &impl Fn(&[u8]) -> Result<()>) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(updates.len());
    for update in updates {
        let begin = Instant::now();
        write(&update)?;
        times.push(begin.elapsed());
    }
    Ok(times)
}
