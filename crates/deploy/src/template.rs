//! The template as a deploy sees it: its parameters, the functions whose code it has to bring, the deployment of the API,
//! and the tables that no change may replace. It's read as YAML and sent as JSON: what CloudFormation gets is this very
//! document, with the functions' code in place of a local path. It must never change anything else in it.

mod package;
mod yaml;

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

pub use package::Code;

use crate::error::{Error, Result};

/// A template.
#[derive(Debug)]
pub struct Template {
    document: Value,
}

/// One parameter, as the template declares it.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: &'a str,
    declaration: &'a Value,
}

impl Template {
    /// Reads the file.
    pub fn open(file: &Path) -> Result<Self> {
        Self::parse(&std::fs::read_to_string(file).map_err(Error::read(file))?)
    }

    /// Reads the text.
    pub fn parse(text: &str) -> Result<Self> {
        let document = yaml::parse(text)?;
        if !document["Resources"].is_object() {
            return Err(Error::TemplateContent("it has no Resources, so it is no template.".into()));
        }
        if document.get("Transform").is_some() {
            let what = "it has a Transform, which would hide from the plan what really changes. Write it out.";
            return Err(Error::TemplateContent(what.into()));
        }
        Ok(Self { document })
    }

    /// The parameters, by name.
    pub fn parameters(&self) -> Vec<Parameter<'_>> {
        let declared = self.document["Parameters"].as_object().into_iter().flatten();
        declared.map(|(name, declaration)| Parameter { name, declaration }).collect()
    }

    /// The functions whose code is a path on this machine.
    pub fn local_functions(&self) -> Vec<&str> {
        let is_local = |resource: &Value| {
            resource["Type"] == "AWS::Lambda::Function" && resource["Properties"]["Code"].is_string()
        };
        self.resources().filter(|(_, resource)| is_local(resource)).map(|(id, _)| id).collect()
    }

    /// The resources that a stack leaves behind when it is deleted.
    pub fn retained(&self) -> Vec<&str> {
        let stays =
            |resource: &Value| resource["DeletionPolicy"].as_str().is_some_and(|policy| policy.starts_with("Retain"));
        self.resources().filter(|(_, resource)| stays(resource)).map(|(id, _)| id).collect()
    }

    /// What is sent: JSON, with the functions' code, and with the API's deployment named for what it deploys.
    pub fn packaged(&self, code: &BTreeMap<String, Code>, parameters: &BTreeMap<String, String>) -> String {
        let mut document = self.document.clone();
        package::put_code(&mut document, code);
        package::name_deployments(&mut document, parameters);
        document.to_string()
    }

    fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.document["Resources"].as_object().into_iter().flatten().map(|(id, resource)| (id.as_str(), resource))
    }
}

impl Parameter<'_> {
    /// `String`, `Number`, `CommaDelimitedList`, …
    pub fn kind(&self) -> &str {
        self.declaration["Type"].as_str().unwrap_or("String")
    }

    /// The value that it has where none is given.
    pub fn default(&self) -> Option<String> {
        self.declaration.get("Default").map(text)
    }

    /// The only values, where they are listed.
    pub fn allowed_values(&self) -> Option<Vec<String>> {
        Some(self.declaration["AllowedValues"].as_array()?.iter().map(text).collect())
    }

    /// What the whole value must match.
    pub fn allowed_pattern(&self) -> Option<&str> {
        self.declaration["AllowedPattern"].as_str()
    }

    /// Such as `MinLength`.
    pub fn limit(&self, name: &str) -> Option<f64> {
        self.declaration.get(name).and_then(|limit| text(limit).parse().ok())
    }

    /// What it is for.
    pub fn description(&self) -> &str {
        self.declaration["Description"].as_str().unwrap_or_default()
    }

    /// Whether nobody may read the value.
    pub fn is_secret(&self) -> bool {
        self.declaration.get("NoEcho").is_some_and(|no_echo| text(no_echo) == "true")
    }
}

/// A scalar as CloudFormation takes it: everything is a text there.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
