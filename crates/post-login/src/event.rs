//! What Auth0 tells an Action of a login: the `event` of
//! <https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/post-login-event-object>.
//! A sample names what matters, the user and the connection; the rest is filled in.

use std::fmt;

use serde_json::{Value, json};

/// The template's default of `SocialConnections`, which the application's metadata repeats for the Action.
pub const DEFAULT_SOCIAL_CONNECTIONS: &str = "amazon,google-oauth2,facebook,apple,github";

/// One login, complete.
#[derive(Clone, Debug)]
pub struct Event(Value);

/// Why something is no login.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not an object.
    #[error("it must be a JSON object with the members \"user\" and \"connection\"")]
    NoObject,
    /// A user as the Management API gives them.
    #[error(
        "it is a user's profile; put it under \"user\", and say under \"connection\" how they signed in, such as \
         {{\"name\": \"amazon\", \"strategy\": \"amazon\"}}"
    )]
    BareUser,
    /// Something that Auth0 doesn't tell.
    #[error("an event has no {0:?}; it has {members}", members = MEMBERS.join(", "))]
    Unknown(String),
    /// Something that the Action needs.
    #[error("{0} is missing, or is no text; write {1}")]
    Missing(&'static str, &'static str),
    /// Something has another shape than at Auth0.
    #[error("{0} must be an object")]
    Shape(String),
}

/// The members that an event may have.
#[rustfmt::skip]
const MEMBERS: [&str; 18] = [
    "authentication", "authorization", "client", "configuration", "connection", "custom_domain", "organization",
    "prompt", "refresh_token", "request", "resource_server", "secrets", "security_context", "session", "stats",
    "tenant", "transaction", "user",
];

/// What has to be known, and an example.
const REQUIRED: [(&str, &str); 3] = [
    ("/user/user_id", "\"user\": {\"user_id\": \"amazon|1\", …}"),
    ("/connection/name", "\"connection\": {\"name\": \"amazon\", …}"),
    ("/connection/strategy", "\"connection\": {\"strategy\": \"amazon\", …}"),
];

impl Event {
    /// Fills in what isn't `given`. What is given stays as it is, but for objects, whose missing members are filled in.
    pub fn complete(given: Value) -> Result<Self, EventError> {
        let Value::Object(given) = given else { return Err(EventError::NoObject) };
        if given.contains_key("user_id") {
            return Err(EventError::BareUser);
        }
        for (name, value) in &given {
            if !MEMBERS.contains(&name.as_str()) {
                return Err(EventError::Unknown(name.clone()));
            }
            if !value.is_object() {
                return Err(EventError::Shape(name.clone()));
            }
        }
        let given = Value::Object(given);
        for (pointer, example) in REQUIRED {
            if given.pointer(pointer).and_then(Value::as_str).is_none_or(str::is_empty) {
                return Err(EventError::Missing(pointer, example));
            }
        }
        Ok(Self(merged(ordinary(), given)))
    }

    /// A member, by its JSON pointer: `/connection/strategy`.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }

    /// Adds a parameter to the authorization request.
    pub fn ask(&mut self, name: &str, value: &str) {
        self.0["request"]["query"][name] = json!(value);
    }

    /// Sets a member of the application's metadata.
    pub fn set_client_metadata(&mut self, name: &str, value: &str) {
        self.0["client"]["metadata"][name] = json!(value);
    }
}

/// As JSON.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is told of every login.
fn ordinary() -> Value {
    json!({
        "authorization": { "roles": [] },
        "client": {
            "client_id": "pets-spa",
            "name": "Pets",
            "metadata": { "social_connections": DEFAULT_SOCIAL_CONNECTIONS },
        },
        "connection": { "id": "con_0000000000000001", "metadata": {} },
        "request": {
            "body": {},
            "geoip": {},
            "hostname": "localhost",
            "ip": "127.0.0.1",
            "method": "GET",
            "query": {},
            "user_agent": "",
        },
        "secrets": {},
        "stats": { "logins_count": 1 },
        "tenant": { "id": "local" },
        "transaction": {
            "acr_values": [],
            "locale": "en",
            "protocol": "oidc-basic-profile",
            "requested_scopes": ["openid", "profile", "email", "offline_access"],
            "ui_locales": [],
        },
        "user": { "app_metadata": {}, "identities": [], "user_metadata": {} },
    })
}

fn merged(base: Value, over: Value) -> Value {
    match (base, over) {
        (Value::Object(mut base), Value::Object(over)) => {
            for (name, value) in over {
                let below = base.remove(&name).unwrap_or_default();
                base.insert(name, merged(below, value));
            }
            Value::Object(base)
        }
        (_, over) => over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fred() -> Value {
        json!({ "user": { "user_id": "amazon|1" }, "connection": { "name": "amazon", "strategy": "amazon" } })
    }

    #[test]
    fn what_is_given_stays_and_the_rest_is_filled_in() {
        let mut given = fred();
        given["client"] = json!({ "name": "Other", "metadata": { "x": "y" } });
        let mut event = Event::complete(given).unwrap();
        assert_eq!(event.text("/client/name"), Some("Other"));
        assert_eq!(event.text("/client/metadata/x"), Some("y"));
        assert_eq!(event.text("/client/metadata/social_connections"), Some(DEFAULT_SOCIAL_CONNECTIONS));
        assert_eq!(event.text("/transaction/protocol"), Some("oidc-basic-profile"));
        event.ask("role", "admin");
        assert_eq!(event.text("/request/query/role"), Some("admin"));
    }

    #[test]
    fn what_is_no_login_says_what_is_missing() {
        let check = |given: Value, expected: &str| {
            let error = Event::complete(given).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(json!([]), "JSON object");
        check(json!({ "user_id": "amazon|1", "name": "Fred" }), "under \"user\"");
        check(json!({ "users": {} }), "no \"users\"; it has authentication");
        check(json!({ "user": "fred" }), "user must be an object");
        check(json!({ "user": {} }), "/user/user_id is missing");
        check(json!({ "user": { "user_id": 1 } }), "/user/user_id is missing");
        check(json!({ "user": { "user_id": "amazon|1" }, "connection": { "name": "amazon" } }), "/connection/strategy");
    }

    #[test]
    fn the_default_list_of_social_connections_is_the_templates() {
        let template = include_str!("../../../infra/template.yaml");
        let (_, parameter) = template.split_once("\n  SocialConnections:\n").unwrap();
        let default = parameter.lines().find_map(|line| line.trim().strip_prefix("Default: ")).unwrap();
        assert_eq!(default, DEFAULT_SOCIAL_CONNECTIONS);
    }
}
