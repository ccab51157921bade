//! What is different in the document that CloudFormation gets: where the functions' code is, and the name of the API's
//! deployment. A deployment is a snapshot of an API, and CloudFormation takes a new one only under a new logical id; so
//! its id ends in a digest of what it deploys. (`sam` does the same.)

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Where a function's zip is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: String,
}

/// What a deployment takes its snapshot of.
const SNAPSHOT: [&str; 7] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
];

/// Puts the zips in place of the paths, by the functions' logical ids.
pub fn put_code(document: &mut Value, code: &BTreeMap<String, Code>) {
    for (function, code) in code {
        document["Resources"][function]["Properties"]["Code"] = json!({ "S3Bucket": code.bucket, "S3Key": code.key });
    }
}

/// Gives every `AWS::ApiGateway::Deployment` the digest.
pub fn name_deployments(document: &mut Value, parameters: &BTreeMap<String, String>) {
    let resources = document["Resources"].as_object().cloned().unwrap_or_default();
    let digest = digest(&resources, parameters);
    for (id, _) in resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::ApiGateway::Deployment") {
        let named = format!("{id}{}", &digest[..10]);
        if let Some(resources) = document["Resources"].as_object_mut()
            && let Some(deployment) = resources.remove(id)
        {
            resources.insert(named.clone(), deployment);
        }
        rename(document, id, &named);
    }
}

/// Of the API's resources, and of the values of the parameters that they name.
fn digest(resources: &serde_json::Map<String, Value>, parameters: &BTreeMap<String, String>) -> String {
    let mut snapshot = String::new();
    for (id, resource) in resources {
        if SNAPSHOT.iter().any(|kind| resource["Type"] == *kind) {
            snapshot += &format!("{id} {} {}\n", resource["Type"], resource["Properties"]);
        }
    }
    let is_named = |name: &str| {
        snapshot.contains(&format!("{{\"Ref\":\"{name}\"}}")) || snapshot.contains(&format!("${{{name}}}"))
    };
    let named: String =
        parameters.iter().filter(|(name, _)| is_named(name)).map(|(name, value)| format!("{name}={value}\n")).collect();
    crate::site::hex(&Sha256::digest(snapshot + &named))
}

/// Everywhere where one resource names another.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), &mut *value) {
                    ("Ref" | "DependsOn", Value::String(id)) if id == from => to.clone_into(id),
                    ("DependsOn", Value::Array(ids)) => {
                        ids.iter_mut().filter(|id| *id == from).for_each(|id| *id = to.into());
                    }
                    ("Fn::GetAtt", Value::Array(parts)) if parts.first().is_some_and(|id| id == from) => {
                        parts[0] = to.into();
                    }
                    ("Fn::Sub", Value::String(text)) => *text = renamed_in_text(text, from, to),
                    ("Fn::Sub", Value::Array(parts)) => {
                        if let Some(Value::String(text)) = parts.first_mut() {
                            *text = renamed_in_text(text, from, to);
                        }
                        parts.iter_mut().skip(1).for_each(|part| rename(part, from, to));
                    }
                    _ => rename(value, from, to),
                }
            }
        }
        _ => {}
    }
}

fn renamed_in_text(text: &str, from: &str, to: &str) -> String {
    text.replace(&format!("${{{from}}}"), &format!("${{{to}}}")).replace(&format!("${{{from}."), &format!("${{{to}."))
}
