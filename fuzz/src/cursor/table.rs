//! A table that answers each Query with what it was told to, and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    Client,
    config::{Region, StalledStreamProtectionConfig},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use service::{Page, Store, StoreError};
use tokio::runtime::Runtime;

use super::List;

/// The store over it, and a runtime to ask the store.
pub struct Table {
    store: Store,
    script: Script,
    runtime: Runtime,
}

/// What one Query asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The index's name.
    pub index: String,
    /// The hash key's value.
    pub partition: String,
    /// The sort key's value, behind which the page begins.
    pub after: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The items of the answers to come. After those, there are none.
    answers: VecDeque<Vec<Value>>,
    asked: Vec<Asked>,
}

impl Table {
    /// An empty one.
    pub fn new() -> Self {
        let script = Script::default();
        let connector = SharedHttpConnector::new(script.clone());
        let config = Store::client_config()
            .region(Region::from_static("us-east-1"))
            .endpoint_url("http://table.invalid")
            .allow_no_auth()
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime on this thread needs nothing");
        Self { store: Store::new(Client::from_conf(config.build()), "pets"), script, runtime }
    }

    /// The cursor that a list gives after this place in one of its walks; none if it can't have such a record.
    pub fn cursor(&self, list: &List, walk: usize, place: &str) -> Option<String> {
        let mut answers = vec![Vec::new(); walk];
        answers.push(items(list, place));
        self.ask(list, None, answers).0.ok()?.next
    }

    /// The page behind a cursor, whose last record is at this place, and what was asked for it.
    pub fn page_that_ends_at(&self, list: &List, cursor: &str, place: &str) -> (Result<Page, StoreError>, Vec<Asked>) {
        self.ask(list, Some(cursor.to_owned()), vec![items(list, place)])
    }

    fn ask(
        &self,
        list: &List,
        cursor: Option<String>,
        answers: Vec<Vec<Value>>,
    ) -> (Result<Page, StoreError>, Vec<Asked>) {
        *self.script.state() = State { answers: answers.into(), asked: Vec::new() };
        let page = self.runtime.block_on(list.page(&self.store, cursor));
        (page, std::mem::take(&mut self.script.state().asked))
    }
}

/// The record at the place, and one that is not shown any more.
fn items(list: &List, place: &str) -> Vec<Value> {
    let mut item = json!({"id": {"N": "1"}, "type": {"S": "dog"}, "price": {"N": "100"}});
    item[list.range] = if list.range == "id" { json!({"N": place}) } else { json!({"S": place}) };
    vec![item.clone(), item]
}

impl Script {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, body: &[u8]) -> String {
        let query: Value = serde_json::from_slice(body).expect("the SDK sends JSON");
        let value = |name: &str| {
            let value = query["ExpressionAttributeValues"][name].as_object()?.values().next()?;
            Some(value.as_str()?.to_owned())
        };
        let mut state = self.state();
        state.asked.push(Asked {
            index: query["IndexName"].as_str().unwrap_or_default().to_owned(),
            partition: value(":hash").unwrap_or_default(),
            after: value(":after"),
        });
        let items = state.answers.pop_front().unwrap_or_default();
        json!({"Count": items.len(), "ScannedCount": items.len(), "Items": items}).to_string()
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = self.answer(request.body().bytes().unwrap_or_default());
        let status = StatusCode::try_from(200).expect("200 is a status");
        let mut response = HttpResponse::new(status, SdkBody::from(body));
        response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        HttpConnectorFuture::ready(Ok(response))
    }
}
