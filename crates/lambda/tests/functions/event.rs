//! Events in the shape of API Gateway's REST proxy integration, from `tests/events`.

use std::{fs, path::Path};

use serde_json::Value;

pub struct Event(pub Value);

impl Event {
    /// The event of this file.
    pub fn load(name: &str) -> Self {
        Self::load_with(name, "")
    }

    /// The event with an ID token where the file has a place for one.
    pub fn load_with(name: &str, token: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events").join(format!("{name}.json"));
        let text = fs::read_to_string(file).unwrap().replace("ID_TOKEN", token);
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The event but for what is at this JSON pointer.
    pub fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        *self.0.pointer_mut(pointer).unwrap() = value.into();
        self
    }

    pub fn request_id(&self) -> &str {
        self.0["requestContext"]["requestId"].as_str().unwrap()
    }
}
