//! One question to a set of documents, as data: what a failure prints, what a replay reads, and what other programs
//! are asked.

use std::collections::BTreeMap;

use iam::{Context, Outcome, Policy, Principal, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub kind: Kind,
    pub policies: Vec<Value>,
    #[serde(default)]
    pub principal: Who,
    pub action: String,
    pub resource: String,
    #[serde(default)]
    pub context: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Permissions,
    Trust,
}

/// Who asks, written as in a `Principal` element.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    #[default]
    Anonymous,
    #[serde(rename = "AWS")]
    Aws(String),
    Federated(String),
    Service(String),
}

impl Case {
    /// What `iam` says. A document that it refuses is an error of the case.
    pub fn ours(&self) -> Result<Outcome, String> {
        Ok(iam::decide(&self.loaded()?, &self.request()).outcome)
    }

    pub fn loaded(&self) -> Result<Vec<Policy>, String> {
        let load = |document: &Value| match self.kind {
            Kind::Permissions => Policy::permissions("p", document),
            Kind::Trust => Policy::trust("p", document),
        };
        self.policies.iter().map(|document| load(document).map_err(|error| error.to_string())).collect()
    }

    pub fn request(&self) -> Request {
        let mut context = Context::new();
        for (key, values) in &self.context {
            context.insert_all(key, values.iter().map(String::as_str));
        }
        let principal = match &self.principal {
            Who::Anonymous => Principal::Anonymous,
            Who::Aws(id) => Principal::Aws(id.clone()),
            Who::Federated(id) => Principal::Federated(id.clone()),
            Who::Service(id) => Principal::Service(id.clone()),
        };
        Request { principal, action: self.action.clone(), resource: self.resource.clone(), context }
    }

    /// Every statement, with whether its document has variables.
    pub fn statements(&self) -> impl Iterator<Item = (&Value, bool)> {
        self.policies.iter().flat_map(|document| {
            let variables = document["Version"] == "2012-10-17";
            list(&document["Statement"]).into_iter().map(move |statement| (statement, variables))
        })
    }

    /// Operator, key and values of every condition.
    pub fn conditions(&self) -> impl Iterator<Item = (&str, &str, Vec<&Value>)> {
        let operators = self.statements().filter_map(|(statement, _)| statement["Condition"].as_object()).flatten();
        operators.flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| (operator.as_str(), key.as_str(), list(values)))
        })
    }

    /// The texts of these elements of all statements.
    pub fn texts<'a>(&'a self, elements: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
        let written = elements.iter().flat_map(|element| self.statements().map(|(statement, _)| &statement[*element]));
        written.flat_map(list).filter_map(Value::as_str)
    }

    /// The request's values of a key, whose name is compared without case.
    pub fn values(&self, key: &str) -> Option<&[String]> {
        let mut found = self.context.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
        found.next().map(|(_, values)| values.as_slice()).filter(|values| !values.is_empty())
    }
}

/// A value that may stand alone or in a list.
pub fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}
