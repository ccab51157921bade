//! One request by gloo-net: no cookies, no cache, no redirect, no referrer, and an end to waiting and to reading.

use gloo_net::{Error, http::Headers};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect,
};

use super::page;
use crate::session::{MAX_ANSWER_BYTES, NetworkError};

/// Sends it.
pub(super) async fn send(request: Request<Vec<u8>>, timeout_ms: u32) -> Result<Response<Vec<u8>>, NetworkError> {
    // A network that is lost while an answer is on its way is another thing: the request may have arrived.
    let offline = !page::is_online();
    let request = prepare(&request, timeout_ms).map_err(|thrown| reason(&thrown))?;
    let answer = request.send().await.map_err(|error| match error {
        Error::JsError(error) if offline && named(&error.name) == NetworkError::Unreachable => NetworkError::Offline,
        Error::JsError(error) => named(&error.name),
        _ => NetworkError::Unreachable,
    })?;
    receive(answer).await
}

/// Reads an answer to its end.
pub(super) async fn receive(answer: gloo_net::http::Response) -> Result<Response<Vec<u8>>, NetworkError> {
    let body = match answer.body() {
        Some(stream) => read(&stream).await.map_err(|thrown| reason(&thrown))?.ok_or(NetworkError::TooLong)?,
        None => Vec::new(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status()).map_err(|_| NetworkError::Unreachable)?;
    for (name, value) in answer.headers().entries() {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// Not by gloo-net's own builder: version 0.6 adds an `&` to every query, and a signature holds for the address as it
/// was signed.
fn prepare(request: &Request<Vec<u8>>, timeout_ms: u32) -> Result<gloo_net::http::Request, JsValue> {
    let headers = Headers::new();
    for (name, value) in request.headers() {
        if let Ok(value) = value.to_str() {
            headers.append(name.as_str(), value);
        }
    }
    let init = RequestInit::new();
    init.set_method(request.method().as_str());
    init.set_headers(&headers.into_raw());
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    if !request.body().is_empty() {
        init.set_body(&Uint8Array::from(request.body().as_slice()));
    }
    web_sys::Request::new_with_str_and_init(&request.uri().to_string(), &init).map(Into::into)
}

/// The body, unless it is longer than anything that is right.
async fn read(stream: &ReadableStream) -> Result<Option<Vec<u8>>, JsValue> {
    let mut bytes = Vec::new();
    let reader = ReadableStreamDefaultReader::new(stream)?;
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

/// What a thrown value means.
fn reason(thrown: &JsValue) -> NetworkError {
    let name = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.name()));
    named(&name.unwrap_or_default())
}

/// What an error of this name means. A page isn't told why a server can't be reached, lest it looks around in networks.
fn named(name: &str) -> NetworkError {
    match name {
        "TimeoutError" | "AbortError" => NetworkError::TimedOut,
        _ => NetworkError::Unreachable,
    }
}
