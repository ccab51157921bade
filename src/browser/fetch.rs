//! One request by the browser's `fetch`: no cookies, no cache, no redirect, no referrer, and an end to waiting and to
//! reading.

use http::{HeaderName, HeaderValue, Request, Response};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, DomException, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, ReferrerPolicy,
    RequestCache, RequestCredentials, RequestInit, RequestRedirect,
};

use super::window;
use crate::session::{MAX_ANSWER_BYTES, NetworkError};

type Answer = Result<Response<Vec<u8>>, NetworkError>;

/// Sends it. The outer error is what the browser threw, for [`reason`] to read.
pub(super) async fn send(request: Request<Vec<u8>>, timeout_ms: u32) -> Result<Answer, JsValue> {
    let (head, body) = request.into_parts();
    let headers = Headers::new()?;
    for (name, value) in &head.headers {
        if let Ok(value) = value.to_str() {
            headers.append(name.as_str(), value)?;
        }
    }
    let init = RequestInit::new();
    init.set_method(head.method.as_str());
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    let sent = window().fetch_with_str_and_init(&head.uri.to_string(), &init);
    let answer: web_sys::Response = JsFuture::from(sent).await?.dyn_into()?;

    let Some(body) = read(&answer).await? else { return Ok(Err(NetworkError::TooLong)) };
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(answer.status()).unwrap_or_default();
    for entry in js_sys::try_iter(&answer.headers())?.into_iter().flatten() {
        let entry: Array = entry?.dyn_into()?;
        let (name, value) = (entry.get(0).as_string(), entry.get(1).as_string());
        let name = name.and_then(|name| name.parse::<HeaderName>().ok());
        let value = value.and_then(|value| value.parse::<HeaderValue>().ok());
        if let (Some(name), Some(value)) = (name, value) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(Ok(response))
}

/// The body, unless it is longer than anything that is right.
async fn read(answer: &web_sys::Response) -> Result<Option<Vec<u8>>, JsValue> {
    let mut bytes = Vec::new();
    let Some(stream) = answer.body() else { return Ok(Some(bytes)) };
    let reader = ReadableStreamDefaultReader::new(&stream)?;
    loop {
        let chunk: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
        if chunk.get_done().unwrap_or(true) {
            return Ok(Some(bytes));
        }
        let chunk: Uint8Array = chunk.get_value().dyn_into()?;
        if chunk.length() as usize > MAX_ANSWER_BYTES - bytes.len() {
            JsFuture::from(reader.cancel()).await?;
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk.to_vec());
    }
}

/// What a thrown value means. A page isn't told why a server can't be reached, lest it looks around in networks.
pub(super) fn reason(error: &JsValue) -> NetworkError {
    let name = error.dyn_ref::<DomException>().map(DomException::name);
    match name.as_deref() {
        Some("TimeoutError" | "AbortError") => NetworkError::TimedOut,
        _ if !window().navigator().on_line() => NetworkError::Offline,
        _ => NetworkError::Unreachable,
    }
}
