//! A server in front of the emulator that passes everything on and notes what changes something. It can end the deploy
//! right after one of its changes was made and before it hears of that, and it can play a bucket of somebody else.

use std::{
    convert::Infallible,
    net::SocketAddr,
    process::Child,
    sync::{Arc, Mutex},
};

use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};

/// What the server knows.
#[derive(Default)]
pub struct Notes {
    /// The changes, in words.
    pub changes: Vec<String>,
    /// After how many changes the deploy is ended.
    pub kill_after: Option<usize>,
    /// The deploy.
    pub child: Option<Child>,
    /// What the next answers about the stack say of its state, in place of the truth.
    pub states: Vec<&'static str>,
    /// A bucket that answers as one of somebody else does.
    pub foreign: Option<String>,
}

/// The server.
pub struct Front {
    pub address: SocketAddr,
    pub notes: Arc<Mutex<Notes>>,
    _runtime: tokio::runtime::Runtime,
}

impl Front {
    /// In front of this endpoint.
    pub fn start(endpoint: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let notes = Arc::new(Mutex::new(Notes::default()));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (shared, behind) = (notes.clone(), endpoint.trim_start_matches("http://").to_owned());
        runtime.spawn(async move {
            let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
            while let Ok((stream, _)) = listener.accept().await {
                let (client, notes, behind) = (client.clone(), shared.clone(), behind.clone());
                let service = hyper::service::service_fn(move |request| {
                    let (client, notes, behind) = (client.clone(), notes.clone(), behind.clone());
                    async move { Ok::<_, Infallible>(pass(&client, &notes, &behind, request).await) }
                });
                tokio::spawn(async move {
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Self { address, notes, _runtime: runtime }
    }
}

type Forward = Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>;

async fn pass(
    client: &Forward,
    notes: &Mutex<Notes>,
    behind: &str,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let foreign = notes.lock().unwrap().foreign.clone();
    if foreign.is_some_and(|bucket| head.uri.path().trim_matches('/') == bucket) {
        return Response::builder().status(StatusCode::FORBIDDEN).body(Full::default()).unwrap();
    }
    let change = change(&head, &body);
    let describes_a_stack = body.windows(21).any(|part| part == b"Action=DescribeStacks");
    // The Host that was signed stays; only the way there is another one.
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = format!("http://{behind}{path}").parse().unwrap();
    let answer = client.request(Request::from_parts(head, Full::new(body))).await.unwrap();
    let (mut head, body) = answer.into_parts();
    let mut body = body.collect().await.unwrap().to_bytes();
    if describes_a_stack && let Some(state) = notes.lock().unwrap().states.pop() {
        let text = String::from_utf8(body.to_vec()).unwrap();
        let (before, rest) = text.split_once("<StackStatus>").unwrap();
        let (_, after) = rest.split_once("</StackStatus>").unwrap();
        body = format!("{before}<StackStatus>{state}</StackStatus>{after}").into();
        head.headers.remove(http::header::CONTENT_LENGTH);
    }
    if let Some(change) = change {
        let mut notes = notes.lock().unwrap();
        notes.changes.push(change);
        if notes.kill_after == Some(notes.changes.len())
            && let Some(child) = &mut notes.child
        {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    Response::from_parts(head, Full::new(body))
}

/// What a request changes, if anything.
fn change(head: &http::request::Parts, body: &[u8]) -> Option<String> {
    let path = head.uri.path();
    if let Some(target) = head.headers.get("x-amz-target") {
        let target = target.to_str().unwrap();
        return ["UpdateTable", "DeleteTable"].iter().any(|action| target.ends_with(action)).then(|| target.to_owned());
    }
    let text = String::from_utf8_lossy(body);
    if let Some(action) = text.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        let changes = ["Create", "Delete", "Execute", "Update", "Set"];
        return changes.iter().any(|verb| action.starts_with(verb)).then(|| action.to_owned());
    }
    if path.starts_with("/2020-05-31/") {
        return Some(format!("invalidate {text}"));
    }
    let query = head.uri.query().unwrap_or_default();
    match head.method.as_str() {
        "PUT" if query.starts_with("x-id") || query.is_empty() => Some(format!("PUT {path}")),
        "PUT" => Some(format!("PUT {path}?{query}")),
        "DELETE" => Some(format!("DELETE {path}")),
        "POST" if query.starts_with("delete") => {
            let keys = text.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>"));
            Some(format!("DELETE {path} {}", keys.map(|(key, _)| key).collect::<Vec<_>>().join(" ")))
        }
        _ => None,
    }
}
