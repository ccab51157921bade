//! One function: its routes, over the shop's router. An event of another route, and one that can't be understood, is
//! answered as the router answers a path that it doesn't know. An answer leaves before Lambda would end the function,
//! since what is behind the API's gateway then is nothing but a bare 502.

use std::time::{Duration, Instant};

use http::{Response, Uri};
use lambda_http::{Body, Context, Request, RequestExt as _};
use service::{RequestContext, Router, Store};
use time::OffsetDateTime;

use crate::{Route, dynamodb, place::Place, settings::Settings};

/// What an answer needs to leave in time.
const RESERVE: Duration = Duration::from_millis(500);

pub(crate) struct Function {
    routes: &'static [Route],
    router: Router,
}

impl Function {
    pub(crate) fn new(routes: &'static [Route], settings: Settings) -> Self {
        let store = Store::new(dynamodb::client(settings.aws), settings.table);
        Self { routes, router: Router::new(store, settings.router) }
    }

    /// Answers an event, and logs one line.
    pub(crate) async fn answer(&self, event: Request) -> Response<Body> {
        let started = Instant::now();
        let now = OffsetDateTime::now_utc();
        let place = Place::of(&event, self.routes);
        let context = event.lambda_context();
        let time_left = time_left(&context, now);
        let route = place.route.as_ref().map_or("none", |(route, _)| route.path);
        let method = place.route.as_ref().map_or("", |_| event.method().as_str()).to_owned();

        let request = routed(event, &place);
        let id = &place.request_id;
        let request_context = RequestContext { request_id: id.clone(), base_url: place.base_url.clone(), now };
        let response = self.router.respond_within(time_left, request, &request_context).await;

        let status = response.status().as_u16();
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let invocation = &context.request_id;
        tracing::info!(requestId = id, invocation, method, route, status, milliseconds, "answered");
        response.map(text)
    }
}

/// The request that the router is given: with the shop's own path. One that no route takes has the path of nothing.
fn routed(event: Request, place: &Place) -> http::Request<Body> {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(event.query_string_parameters_ref().into_iter().flat_map(|query| query.iter()))
        .finish();
    let uri = place.route.as_ref().and_then(|(_, path)| {
        let uri: Uri = if query.is_empty() { path.parse() } else { format!("{path}?{query}").parse() }.ok()?;
        // What a `?` or `#` in it would cut off is what the gateway has decided by.
        (uri.path() == path).then_some(uri)
    });
    let (mut parts, body) = event.into_parts();
    parts.uri = uri.unwrap_or(Uri::from_static("/"));
    http::Request::from_parts(parts, body)
}

fn time_left(context: &Context, now: OffsetDateTime) -> Duration {
    let now = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    Duration::from_millis(context.deadline.saturating_sub(now)).saturating_sub(RESERVE)
}

/// All answers are JSON or nothing.
fn text(body: Vec<u8>) -> Body {
    match String::from_utf8(body) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(bytes) => Body::Binary(bytes.into_bytes()),
    }
}
