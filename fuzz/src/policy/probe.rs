//! Requests that a document's own words suggest, and some that they don't.

use iam::{Context, Principal, Request};
use serde_json::Value;

/// How many of each kind of word are tried.
const EACH: usize = 3;

/// At most a few dozen requests, the same ones for the same document.
pub fn requests(document: &Value) -> Vec<Request> {
    let mut words = Words::default();
    let statements = match &document["Statement"] {
        Value::Array(statements) => statements.as_slice(),
        one => std::slice::from_ref(one),
    };
    statements.iter().for_each(|statement| words.read(statement));

    let actions = some(words.actions, "s3:GetObject");
    let resources = some(words.resources, "arn:aws:s3:::bucket/key");
    let mut principals = vec![Principal::Anonymous];
    principals.extend(words.principals.into_iter().take(EACH));
    let contexts = contexts(&words.keys);
    let mut requests = Vec::new();
    for (at, action) in actions.iter().enumerate() {
        for (of, resource) in resources.iter().enumerate() {
            for (number, context) in contexts.iter().enumerate() {
                requests.push(Request {
                    // Each principal meets each context.
                    principal: principals[(at + of + number) % principals.len()].clone(),
                    action: action.clone(),
                    resource: resource.clone(),
                    context: context.clone(),
                });
            }
        }
    }
    requests
}

#[derive(Default)]
struct Words {
    actions: Vec<String>,
    resources: Vec<String>,
    principals: Vec<Principal>,
    /// Condition keys with the values that they are compared with.
    keys: Vec<(String, Vec<String>)>,
}

impl Words {
    fn read(&mut self, statement: &Value) {
        let concretes = |names: [&str; 2]| {
            let written = names.map(|name| texts(&statement[name])).concat();
            written.iter().map(|pattern| concrete(pattern)).collect::<Vec<_>>()
        };
        self.actions.extend(concretes(["Action", "NotAction"]));
        self.resources.extend(concretes(["Resource", "NotResource"]));
        for (kind, ids) in statement["Principal"].as_object().into_iter().flatten() {
            for id in texts(ids) {
                self.principals.push(match kind.as_str() {
                    "AWS" => Principal::Aws(id),
                    "Federated" => Principal::Federated(id),
                    "Service" => Principal::Service(id),
                    _ => Principal::CanonicalUser(id),
                });
            }
        }
        let operators = statement["Condition"].as_object().into_iter().flatten();
        for (key, values) in operators.filter_map(|(_, keys)| keys.as_object()).flatten() {
            self.keys.push((key.clone(), texts(values).iter().map(|value| concrete(value)).collect()));
        }
    }
}

/// The texts of one value or of a list, with what isn't a text as it is written.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// Something that the pattern covers.
fn concrete(pattern: &str) -> String {
    pattern.replace('*', "x/y").replace('?', "z")
}

fn some(mut words: Vec<String>, stranger: &str) -> Vec<String> {
    words.dedup();
    words.truncate(EACH);
    words.push(stranger.to_owned());
    words
}

/// Without keys, with the values that are wanted, with several at once, and with others.
fn contexts(keys: &[(String, Vec<String>)]) -> [Context; 4] {
    let with = |values: fn(&[String]) -> Vec<String>| {
        keys.iter().fold(Context::new(), |context, (key, wanted)| context.with_all(key, values(wanted)))
    };
    [
        Context::new(),
        with(|wanted| wanted.iter().take(1).cloned().collect()),
        with(|wanted| wanted.to_vec()),
        with(|wanted| wanted.iter().map(|value| format!("{value}0")).take(1).collect()),
    ]
}
