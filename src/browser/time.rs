//! Waiting.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, ms: i32) -> JsValue;
}

/// Ends after so many milliseconds, or later: a device may sleep meanwhile, and a page in the background is slow.
pub async fn sleep(ms: u32) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let mut begin = |resolve: Function, _| drop(set_timeout(&resolve, ms));
    // It is never rejected.
    let _ = JsFuture::from(Promise::new(&mut begin)).await;
}
