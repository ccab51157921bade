//! The deployed template, as the local stack obeys it: routes, who may call them, roles, trust and permissions. It
//! reads the very file that CloudFormation gets. What it can't obey and what may change who may do what stops the
//! start, with the file, the line and the property; nothing of that kind is passed over. Next: `gateway` and `sts`.

mod api;
mod documents;
mod functions;
mod intrinsics;
pub mod path;
mod properties;
mod resources;
mod roles;
mod source;
mod table;
mod values;
mod written;
mod yaml;

use std::{
    cell::Cell,
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use api::{Api, Authorization, Headers, Integration, Route, Segment};
pub use documents::{Documents, PassedOver, View};
pub use functions::Function;
pub use intrinsics::{ACCOUNT, PARTITION, REGION};
pub use roles::{Provider, Role};
pub use table::{Index, Table};

use intrinsics::Scope;
use resources::Resources;
use yaml::{Entry, Kind, Node};

/// A template that was understood.
#[derive(Debug)]
pub struct Template {
    /// The file, as it was named to whoever read it; empty for a text.
    pub file: String,
    /// The one API.
    pub api: Api,
    /// The roles of people and of functions.
    pub roles: Vec<Role>,
    /// The issuers whose tokens count.
    pub providers: Vec<Provider>,
    /// The functions by logical id.
    pub functions: BTreeMap<String, Arc<Function>>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The `Outputs` that are plain texts.
    pub outputs: BTreeMap<String, String>,
}

/// Why a template can't be obeyed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    /// The file; empty until it is known.
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// A sentence, or the end of one.
    pub message: String,
}

impl Error {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { file: PathBuf::new(), line, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

impl Template {
    /// Reads a file. `parameters` go over the template's defaults.
    pub fn load(file: &Path, parameters: &BTreeMap<String, String>) -> Result<Self, Error> {
        let named = |error: Error| Error { file: file.to_owned(), ..error };
        let source = fs::read_to_string(file)
            .map_err(|error| named(Error::at(1, format!("can't be read ({error}); --template names the file."))))?;
        let template = Self::parse(&source, parameters).map_err(named)?;
        Ok(Self { file: file.display().to_string(), ..template })
    }

    /// Reads a text.
    pub fn parse(source: &str, parameters: &BTreeMap<String, String>) -> Result<Self, Error> {
        let root = yaml::parse(source)?;
        let mut sections = BTreeMap::new();
        for entry in root.entries("A template")? {
            match entry.key.as_str() {
                "AWSTemplateFormatVersion" | "Description" | "Metadata" => {}
                "Conditions" | "Outputs" | "Parameters" | "Resources" => {
                    sections.insert(entry.key.as_str(), &entry.value);
                }
                other => {
                    return Err(Error::at(entry.line, format!("{other} is not supported by the local stack.")));
                }
            }
        }
        let section = |name: &str| sections.get(name).copied();
        let resources = section("Resources").ok_or_else(|| Error::at(1, "Resources is missing."))?;
        let mut scope = Scope {
            parameters: values::parameters(section("Parameters"), parameters)?,
            conditions: section("Conditions").map_or(Ok(&[][..]), |node| node.entries("Conditions"))?,
            resources: Resources::read(resources)?,
            work: Cell::default(),
        };
        Resources::drop_conditional(&mut scope)?;
        let roles = roles::roles(&scope)?;
        Ok(Self {
            file: String::new(),
            api: api::api(&scope)?,
            functions: functions::functions(&scope, &roles)?,
            roles,
            providers: roles::providers(&scope)?,
            tables: table::tables(&scope)?,
            outputs: outputs(&scope, section("Outputs"))?,
        })
    }

    /// What it says about who may do what. Nothing was passed over: that would have stopped the reading.
    pub fn documents(&self) -> View<'_> {
        View {
            file: &self.file,
            roles: &self.roles,
            providers: &self.providers,
            api: Some(&self.api),
            outputs: &self.outputs,
            passed_over: &[],
        }
    }
}

fn outputs(scope: &Scope<'_>, section: Option<&Node>) -> Result<BTreeMap<String, String>, Error> {
    let mut outputs = BTreeMap::new();
    for Entry { key, line, value } in section.map_or(Ok(&[][..]), |section| section.entries("Outputs"))? {
        let fields = value.entries(key)?;
        let field = |name: &str| fields.iter().find(|entry| entry.key == name);
        if let Some(condition) = field("Condition")
            && !scope.condition(condition.value.text("Condition")?, condition.line)?
        {
            continue;
        }
        let value = field("Value").ok_or_else(|| Error::at(*line, format!("{key} has no Value.")))?;
        if let Ok(Some(Node { kind: Kind::Scalar { text, .. }, .. })) = scope.resolve(&value.value) {
            outputs.insert(key.clone(), text);
        }
    }
    Ok(outputs)
}

#[cfg(test)]
mod tests;
