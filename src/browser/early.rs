//! What `public/shell.js` has asked while the app was on its way: the configuration and the first list. An answer is taken
//! at most once, and only for the very request that would be sent in its place; what comes of it is read and checked as
//! every other answer is.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::fetch;
use crate::session::{Answer, Request};

#[wasm_bindgen]
extern "C" {
    /// The answer to this address, if it was asked. Not there where that script didn't run.
    #[wasm_bindgen(js_name = takeEarly, catch)]
    fn take_early(url: &str) -> Result<Option<Promise>, JsValue>;
}

/// The answer to this request, if it is there or on its way. One that failed counts as none: asking anew says why.
pub(super) async fn answer(request: &Request) -> Option<Answer> {
    if request.method != "GET" || request.headers.iter().next().is_some() || !request.body.is_empty() {
        return None;
    }
    let answer = JsFuture::from(take_early(&request.url).ok()??).await.ok()?;
    let answer = fetch::receive(answer.dyn_into::<web_sys::Response>().ok()?.into()).await.ok()?;
    // It says what time it was when it was sent, and this is later.
    Some(Answer { date_ms: None, ..answer })
}
