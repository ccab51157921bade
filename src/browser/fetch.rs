//! One request by gloo-net: no cookies, no cache, no redirect, no referrer, and an end to waiting and to reading.

use gloo_net::{Error, http::Response};
use js_sys::{Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect,
};

use super::page;
use crate::session::{Answer, Headers, MAX_ANSWER_BYTES, NetworkError, Request};

/// Sends it.
pub(super) async fn send(request: Request, timeout_ms: u32) -> Result<Answer, NetworkError> {
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
pub(super) async fn receive(answer: Response) -> Result<Answer, NetworkError> {
    let body = match answer.body() {
        Some(stream) => read(&stream).await.map_err(|thrown| reason(&thrown))?.ok_or(NetworkError::TooLong)?,
        None => Vec::new(),
    };
    let mut headers = Headers::default();
    for (name, value) in answer.headers().entries() {
        headers.append(name, value);
    }
    Ok(Answer { status: answer.status(), date_ms: headers.get("date").and_then(date), headers, body })
}

/// A time as a header has it (RFC 9110, section 5.6.7). What `parse` reads beyond that may be of another time zone.
fn date(text: &str) -> Option<i64> {
    let ms = Date::parse(text);
    (text.ends_with(" GMT") && !ms.is_nan()).then_some(ms as i64)
}

/// Not by gloo-net's own builder: version 0.6 adds an `&` to every query, and a signature holds for the address as it
/// was signed; and it traps at a header that can't be one, where the browser throws.
fn prepare(request: &Request, timeout_ms: u32) -> Result<gloo_net::http::Request, JsValue> {
    let headers = web_sys::Headers::new()?;
    for (name, value) in request.headers.iter() {
        headers.append(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    if !request.body.is_empty() {
        init.set_body(&Uint8Array::from(request.body.as_slice()));
    }
    web_sys::Request::new_with_str_and_init(&request.url, &init).map(Into::into)
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
