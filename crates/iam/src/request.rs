//! What is asked: who, which action, on what, under which circumstances. Nothing here is interpreted;
//! text that arrives in a request is never a pattern. Next: `evaluate`.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// One question to a set of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks. Read by trust policies only: a permissions policy is attached to its principal.
    pub principal: Principal,
    /// `service:Action`, such as `execute-api:Invoke`.
    pub action: String,
    /// The ARN of what the action touches.
    pub resource: String,
    /// The condition keys of this request.
    pub context: Context,
}

/// Who asks, in the kinds that a `Principal` element distinguishes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub enum Principal {
    /// Nobody in particular; only `"Principal": "*"` covers it.
    #[default]
    Anonymous,
    /// The ARN of a user, a role, an account's root or a role session.
    Aws(String),
    /// An identity provider: its ARN (`arn:aws:iam::…:oidc-provider/…`) or its well-known name.
    Federated(String),
    /// A service, such as `lambda.amazonaws.com`.
    Service(String),
    /// S3's canonical user id.
    CanonicalUser(String),
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Aws(id) => write!(f, "AWS {id}"),
            Self::Federated(id) => write!(f, "Federated {id}"),
            Self::Service(id) => write!(f, "Service {id}"),
            Self::CanonicalUser(id) => write!(f, "CanonicalUser {id}"),
        }
    }
}

/// Condition keys and their values: `aws:SourceIp`, `tenant.auth0.com/:sub`, …
///
/// Key names are compared without case. Numbers and booleans are given as text (`"10"`, `"true"`), dates as
/// ISO 8601 or epoch seconds. A key that isn't known must be left out, not given as an empty string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same context with one more single-valued key; an earlier value of that key is replaced.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.insert(key, value);
        self
    }

    /// The same context with one more multivalued key; earlier values of that key are replaced.
    #[must_use]
    pub fn with_all<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.insert_all(key, values);
        self
    }

    /// Sets a single-valued key.
    pub fn insert(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    /// Sets a multivalued key.
    pub fn insert_all<V: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = V>) {
        let values = values.into_iter().map(Into::into).collect();
        self.0.insert(key.to_ascii_lowercase(), values);
    }

    /// The values of a key, `None` when the request doesn't have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.lookup(&key.to_ascii_lowercase())
    }

    /// As [`Self::get`], for a key that is in lower case already. A key without values counts as absent.
    pub(crate) fn lookup(&self, lowercase: &str) -> Option<&[String]> {
        self.0.get(lowercase).map(Vec::as_slice).filter(|values| !values.is_empty())
    }
}
