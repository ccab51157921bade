//! One tab at a time: Web Locks (<https://www.w3.org/TR/web-locks/>). A tab that goes lets go of what it holds.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request(name: &str, held: &Function) -> Result<Promise, JsValue>;
}

/// As long as it is there, no other tab has it.
pub struct Turn {
    release: Option<Function>,
}

impl Turn {
    /// Waits for it. In a browser without locks everybody has it at once.
    pub async fn wait(name: &str) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let mut granted = None;
        let turn = Promise::new(&mut |resolve, _| granted = Some(resolve));
        let holding = Closure::once_into_js(move || {
            granted.map(|granted| granted.call0(&JsValue::UNDEFINED));
            held
        });
        if request(name, holding.unchecked_ref()).is_err() {
            return Self { release: None };
        }
        // Nothing rejects it.
        let _ = JsFuture::from(turn).await;
        Self { release }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // It can't fail: a promise takes an answer or ignores it.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}
