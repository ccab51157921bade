//! The page's own signer, from its own source, behind a door that the browser's bench can call. It must never become a part
//! of the page. `e2e/bench/signature.mjs` compares it with others.

// The bench measures the very file that the page is made of.
#[path = "../../../src/api"]
mod api {
    pub(crate) mod sign;
}

#[path = "../../../src/session"]
mod session {
    #[expect(dead_code, reason = "a signer reads no answers")]
    mod message;
    pub(crate) use message::Request;
}

use api::sign;
use aws_credential_types::Credentials;
use session::Request;
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
        let method = ["GET", "POST", "DELETE"].into_iter().find(|known| *known == method);
        let mut request = Request::new(method.expect("the bench's requests are good ones"), url);
        if !body.is_empty() {
            request.headers.set("content-type", "application/json");
        }
        request.body = body;
        sign::sign(&mut request, &self.keys, &self.derived, &self.region, now_ms as i64);
        request.headers.get("authorization").expect("it is signed").to_owned()
    }
}
