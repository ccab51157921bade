//! The one port: HTTP/1.1, with a bound on everything that a caller could make large or slow. A request is read whole,
//! then goes to the part that its path names. The target of a request is never rewritten on the way.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    body::{Body, Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use template::Template;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

use crate::{
    caller::Caller,
    credentials::Sealer,
    decisions::{self, Decision, Decisions},
    explained,
    gateway::{self, Gateway},
    issuer::{Issuer, SamplePerson},
    names::Names,
    options::Clock,
    site::Site,
    sts::Sts,
};

/// Everything that answers.
pub struct Stack {
    /// Roles, routes and policies.
    pub template: Template,
    /// The API.
    pub gateway: Gateway,
    /// STS.
    pub sts: Sts,
    /// Seals and opens session credentials.
    pub sealer: Sealer,
    /// What was decided.
    pub decisions: Arc<Decisions>,
    /// The built-in issuer, if it is in use.
    pub issuer: Option<Arc<Issuer>>,
    /// The page's configuration.
    pub config: Vec<u8>,
    /// The page, if it is served.
    pub site: Option<Site>,
    /// Under which names it is reached.
    pub names: Names,
    /// Whose pages may ask for an explanation.
    pub origins: Vec<String>,
    /// Tells the time.
    pub clock: Clock,
}

/// A stack that serves. Dropping it stops listening; [`Handle::stop`] also waits for requests that are under way.
pub struct Handle {
    address: SocketAddr,
    stack: Arc<Stack>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

const MAX_CONNECTIONS: usize = 256;
const MAX_HEADERS: usize = 100;
const MAX_HEAD_BYTES: usize = 64 * 1024;
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// How long requests may take to end when the stack stops.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

impl Handle {
    pub(crate) fn start(stack: Stack, listener: TcpListener, address: SocketAddr) -> Self {
        let stack = Arc::new(stack);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(Arc::clone(&stack), listener, stopped));
        Self { address, stack, stop: Some(stop), task }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Who can sign in at the built-in issuer; nobody if it isn't in use.
    pub fn samples(&self) -> &[SamplePerson] {
        self.stack.issuer.as_ref().map_or(&[], |issuer| issuer.samples())
    }

    /// The last decisions, newest first.
    pub fn decisions(&self) -> Vec<Arc<Decision>> {
        self.stack.decisions.last()
    }

    /// Stops listening, lets requests end for a few seconds, and closes the data folder.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.stop.is_some() {
            self.task.abort();
        }
    }
}

async fn accept(stack: Arc<Stack>, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, most likely: let some connection end.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let place = tokio::select! {
            _ = &mut stopped => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let connection = graceful.watch(connection(Arc::clone(&stack), stream, peer));
        tokio::spawn(async move {
            // A connection that ends in the middle of something is the caller's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(STOP_PATIENCE, graceful.shutdown()).await;
}

fn connection(
    stack: Arc<Stack>,
    stream: TcpStream,
    peer: SocketAddr,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let answer = move |request: Request<Incoming>| {
        let stack = Arc::clone(&stack);
        async move { Ok::<_, Infallible>(stack.answer(request, peer).await.map(|body| Full::new(Bytes::from(body)))) }
    };
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service_fn(answer))
}

/// Which part answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Gateway,
    Decisions,
    Explained,
    Issuer,
    Sts,
    Health,
    Config,
    Site,
}

impl Stack {
    async fn answer(self: Arc<Self>, request: Request<Incoming>, peer: SocketAddr) -> Response<Vec<u8>> {
        let now = (self.clock)();
        let Ok(caller) = Caller::new(request.headers(), peer.ip(), now) else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, "The system gives no random numbers.");
        };
        let part = self.part(request.uri().path());
        let (head, body) = request.into_parts();
        let body = match read(body).await {
            Ok(body) => body,
            Err(StatusCode::PAYLOAD_TOO_LARGE) if part == Part::Gateway => {
                return Gateway::too_large(&head, &caller, &self.template, &self.decisions);
            }
            Err(status) => return plain(status, "The body is too large, too slow, or broke off."),
        };
        let request = Request::from_parts(head, body);
        match part {
            Part::Gateway => {
                self.gateway.respond(request, &caller, &self.template, &self.sealer, &self.decisions).await
            }
            Part::Sts => self.sts.respond(&request, &caller, &self.template, &self.sealer, &self.decisions).await,
            Part::Decisions | Part::Explained if !self.names.know(&request) => {
                plain(StatusCode::MISDIRECTED_REQUEST, "Ask under the stack's own address, such as localhost.")
            }
            Part::Decisions => decisions::respond(&request, &self.decisions),
            Part::Explained => explained::respond(&request, &caller, &self.template, &self.sts, &self.origins).await,
            Part::Issuer => match &self.issuer {
                Some(issuer) => {
                    let issuer = Arc::clone(issuer);
                    tokio::task::spawn_blocking(move || issuer.respond(&request, now)).await.unwrap_or_else(|_| {
                        plain(StatusCode::INTERNAL_SERVER_ERROR, "The issuer stopped in the middle.")
                    })
                }
                None => plain(StatusCode::NOT_FOUND, "Another issuer is in use (--issuer)."),
            },
            Part::Health => self.health().await,
            Part::Config => {
                let mut response = Response::new(self.config.clone());
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
                response
            }
            Part::Site => match self.site.clone() {
                Some(site) => tokio::task::spawn_blocking(move || site.respond(&request))
                    .await
                    .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "The file could not be read.")),
                None => plain(StatusCode::NOT_FOUND, "Nothing is here. The page is served with --dist, or by Trunk."),
            },
        }
    }

    /// Whether everything serves. The issuer of a new data folder may still be making its key.
    async fn health(&self) -> Response<Vec<u8>> {
        let issuer = self.issuer.clone();
        let has_key = move || issuer.is_none_or(|issuer| issuer.jwks().is_ok());
        match tokio::task::spawn_blocking(has_key).await {
            Ok(true) => plain(StatusCode::OK, "ok"),
            Ok(false) | Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "The issuer has no key; the log says why."),
        }
    }

    fn part(&self, path: &str) -> Part {
        let first = path.strip_prefix('/').map_or("", |rest| rest.split('/').next().unwrap_or_default());
        match (first, path) {
            (first, _) if first == self.template.api.stage => Part::Gateway,
            // Of no issuer's knowledge, and there whoever the issuer is.
            (_, "/idp/decisions") => Part::Decisions,
            ("idp", _) => Part::Issuer,
            (_, "/explain") => Part::Explained,
            (_, "/sts" | "/sts/") => Part::Sts,
            (_, "/healthz") => Part::Health,
            (_, "/config.json") => Part::Config,
            _ => Part::Site,
        }
    }
}

/// The whole body, or the status that says why not.
async fn read(body: Incoming) -> Result<Vec<u8>, StatusCode> {
    let limit = gateway::MAX_BODY_BYTES;
    if body.size_hint().lower() > limit as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY_PATIENCE, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(format!("{text}\n").into_bytes());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
