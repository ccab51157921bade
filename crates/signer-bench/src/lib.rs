//! The page's own signer, from its own source, behind a door that the browser's bench can call. It must never become a part
//! of the page. `e2e/bench/signature.mjs` compares it with others.

// The bench measures the very file that the page is made of.
#[path = "../../../src/api"]
mod api {
    pub(crate) mod sign;
}

use api::sign;
use aws_credential_types::Credentials;
use http::Request;
use wasm_bindgen::prelude::wasm_bindgen;

/// Signs as the page does, with one set of credentials.
#[wasm_bindgen]
pub struct Signer {
    keys: Credentials,
    derived: sign::DerivedKey,
    region: String,
}

#[wasm_bindgen]
impl Signer {
    /// A signer for a session.
    #[wasm_bindgen(constructor)]
    pub fn new(id: String, secret: String, token: String, region: String) -> Self {
        let keys = Credentials::new(id, secret, Some(token), None, "bench");
        Self { keys, derived: sign::DerivedKey::default(), region }
    }

    /// The `authorization` header of a request; a body is JSON.
    pub fn sign(&self, method: &str, url: &str, body: Vec<u8>, now_ms: f64) -> String {
        let mut request = Request::builder().method(method).uri(url);
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let mut request = request.body(body).expect("the bench's requests are good ones");
        sign::sign(&mut request, &self.keys, &self.derived, &self.region, now_ms as i64);
        request.headers()["authorization"].to_str().expect("it is ASCII").to_owned()
    }
}
