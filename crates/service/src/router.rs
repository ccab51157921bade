//! The shop's HTTP API: from a whole request to a whole answer. The gateway in front has decided that the call may
//! come through; nothing beyond that is taken on trust, least of all a buyer's name. One operation a file. The next
//! step is the [`Store`]; refusals become HTTP in `refusal`, in one place.

mod add;
mod list;
mod purchase;
mod purchases;
mod query;
mod refusal;
mod remove;
mod route;
mod sales;
mod settings;

use std::time::Duration;

use domain::{ErrorCode, Invalid, MAX_BODY_BYTES, Pet};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use time::OffsetDateTime;

use crate::{Page, Store};
use refusal::Refusal;
use route::Route;
pub use settings::{BuyerIdentity, RouterSettings};

/// Answers requests over one store.
#[derive(Clone, Debug)]
pub struct Router {
    store: Store,
    settings: RouterSettings,
}

/// What the host knows of a request.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// For finding the request in a log; it is in every answer.
    pub request_id: String,
    /// The API's public address with its stage, `https://example.com/test`: what `Link` and `Location` begin with.
    pub base_url: String,
    /// The time it is.
    pub now: OffsetDateTime,
}

type Answer = Result<Response<Vec<u8>>, Refusal>;

impl Router {
    /// A router over this store.
    pub fn new(store: Store, settings: RouterSettings) -> Self {
        Self { store, settings }
    }

    /// Answers one request. Its path starts behind the stage (`/pets`). Never fails: a refusal is an answer too.
    pub async fn respond<B: AsRef<[u8]>>(&self, request: Request<B>, context: &RequestContext) -> Response<Vec<u8>> {
        let (parts, body) = request.into_parts();
        self.finish(self.dispatch(&parts, body.as_ref(), context).await, context)
    }

    /// As [`Self::respond`], but gives up after this time, so that the caller is told in the shop's words while the
    /// host can still send an answer. Whether a write was done is unknown then. Must run in a Tokio runtime.
    pub async fn respond_within<B: AsRef<[u8]>>(
        &self,
        limit: Duration,
        request: Request<B>,
        context: &RequestContext,
    ) -> Response<Vec<u8>> {
        let (parts, body) = request.into_parts();
        let answer = tokio::time::timeout(limit, self.dispatch(&parts, body.as_ref(), context)).await;
        self.finish(answer.unwrap_or_else(|_| Err(Refusal::unavailable(&"no answer in the host's time"))), context)
    }

    fn finish(&self, answer: Answer, context: &RequestContext) -> Response<Vec<u8>> {
        let mut response = answer.unwrap_or_else(|refusal| refusal.into_response(&context.request_id));
        self.settings.add_cors(response.headers_mut());
        // A type's name may look like a page. Nobody is to read one into it.
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(id) = HeaderValue::from_str(&context.request_id) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }

    async fn dispatch(&self, request: &Parts, body: &[u8], context: &RequestContext) -> Answer {
        let route = Route::find(request.uri.path()).ok_or_else(Refusal::not_found)?;
        if request.method == Method::OPTIONS {
            return Ok(settings::preflight(route));
        }
        if !route.methods().contains(&request.method) {
            return Err(Refusal::method_not_allowed(route));
        }
        if body.len() > MAX_BODY_BYTES {
            let message = "The body must have at most 64 KiB.".to_owned();
            return Err(Invalid { code: ErrorCode::BodyTooLarge, field: None, message }.into());
        }
        match route {
            Route::Pets if request.method == Method::POST => self.add(body, context).await,
            Route::Pets => self.list(request, context).await,
            Route::Pet(id) => self.remove(id).await,
            Route::Purchase => self.purchase(body, context).await,
            Route::Purchases => self.purchases(request, context).await,
            Route::Sales => self.sales(request, context).await,
        }
    }
}

/// A JSON answer. What is personal, or the result of a write, must be in no cache.
fn json(status: StatusCode, body: &impl serde::Serialize) -> Answer {
    let body = serde_json::to_vec(body).map_err(|error| Refusal::internal(&error))?;
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A page of pets with the address of the next one (RFC 8288). `query` is what the next page is asked for with.
fn page(page: &Page, view: impl Fn(&crate::PetRecord) -> Pet, next: impl FnOnce(String) -> String) -> Answer {
    let pets: Vec<Pet> = page.records.iter().map(view).collect();
    let mut response = json(StatusCode::OK, &pets)?;
    if let Some(cursor) = &page.next {
        let link = format!("<{}>; rel=\"next\"", next(cursor.clone()));
        insert(response.headers_mut(), header::LINK, &link)?;
    }
    Ok(response)
}

/// The absolute address of a resource.
fn address(context: &RequestContext, path: &str, pairs: &[(&str, String)]) -> String {
    let mut url = format!("{}{path}", context.base_url.trim_end_matches('/'));
    if !pairs.is_empty() {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        url = format!("{url}?{query}");
    }
    url
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) -> Result<(), Refusal> {
    headers.insert(name, HeaderValue::from_str(value).map_err(|error| Refusal::internal(&error))?);
    Ok(())
}
