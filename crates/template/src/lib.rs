//! A CloudFormation template, as far as it says who may do what: routes, who may call them, roles, trust and permissions,
//! each with its line. It reads the very file that CloudFormation gets, in one of two ways:
//!
//! - [`Template`], strictly, for the local stack, which obeys it. What can't be obeyed and what may change who may do what
//!   stops the reading, with the file, the line and the property; nothing of that kind is passed over.
//! - [`Documents`], for whoever explains a template, anybody's. What doesn't bear on who may do what is passed over in
//!   silence; what bears on it and isn't understood is named in `passed_over`, with its line and the remedy.
//!
//! What both understand, they understand alike: it is one reader, and `scope` is where they part. Next: `local-stack`'s
//! `gateway` and `sts`, and `explain`.

mod api;
mod conditions;
mod documents;
mod functions;
mod intrinsics;
mod names;
mod outputs;
pub mod path;
mod policies;
mod properties;
mod resources;
mod roles;
mod scope;
mod source;
mod table;
mod values;
mod written;
mod yaml;

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use api::{Api, Authorization, Headers, Integration, Route, Segment};
pub use documents::{Documents, PassedOver, View};
pub use functions::Function;
pub use roles::{Provider, Role};
pub use scope::{ACCOUNT, PARTITION, REGION};
pub use table::{Index, Table};

use scope::{Place, Scope};

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
        let (file, template) = load(file, |source| Self::parse(source, parameters))?;
        Ok(Self { file, ..template })
    }

    /// Reads a text.
    pub fn parse(source: &str, parameters: &BTreeMap<String, String>) -> Result<Self, Error> {
        let root = yaml::parse(source)?;
        let scope = Scope::read(&root, parameters, Place::local(), true)?;
        let roles = roles::roles(&scope)?;
        Ok(Self {
            file: String::new(),
            api: api::api(&scope)?.ok_or_else(|| Error::at(1, "there is no API."))?,
            functions: functions::functions(&scope, &roles)?,
            roles,
            providers: roles::providers(&scope)?,
            tables: table::tables(&scope)?,
            outputs: outputs::outputs(&scope)?,
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

fn load<T>(file: &Path, parse: impl FnOnce(&str) -> Result<T, Error>) -> Result<(String, T), Error> {
    let named = |error: Error| Error { file: file.to_owned(), ..error };
    let source = fs::read_to_string(file)
        .map_err(|error| named(Error::at(1, format!("can't be read ({error}); --template names the file."))))?;
    Ok((file.display().to_string(), parse(&source).map_err(named)?))
}

#[cfg(test)]
mod tests;
