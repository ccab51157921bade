//! What a template says about who may do what, for whoever only reads it: roles, providers, the API and the outputs.
//! It serves nobody, so it needn't obey all of the template; what it didn't understand and what may change an answer it
//! names. Next: `explain`.

use std::{collections::BTreeMap, path::Path};

use super::{Api, Error, Provider, Role, Template};

/// What was read, and what was passed over.
#[derive(Debug)]
pub struct Documents {
    /// The file, as it was named to whoever read it; empty for a text.
    pub file: String,
    /// Every role.
    pub roles: Vec<Role>,
    /// The issuers whose tokens count.
    pub providers: Vec<Provider>,
    /// The API, where there is one.
    pub api: Option<Api>,
    /// The `Outputs` that are plain texts.
    pub outputs: BTreeMap<String, String>,
    /// What may change an answer and isn't about a single role.
    pub passed_over: Vec<PassedOver>,
}

/// Something in the file that wasn't understood, and may change an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Counted from 1.
    pub line: usize,
    /// What it is, and the remedy.
    pub message: String,
}

/// The documents of a [`Template`] or of [`Documents`].
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The file, as it was named to whoever read it.
    pub file: &'a str,
    /// Every role.
    pub roles: &'a [Role],
    /// The issuers whose tokens count.
    pub providers: &'a [Provider],
    /// The API, where there is one.
    pub api: Option<&'a Api>,
    /// The `Outputs` that are plain texts.
    pub outputs: &'a BTreeMap<String, String>,
    /// What may change an answer and isn't about a single role.
    pub passed_over: &'a [PassedOver],
}

impl Documents {
    /// Reads a file. `given` goes over the defaults of its parameters.
    pub fn load(file: &Path, given: &BTreeMap<String, String>) -> Result<Self, Error> {
        Template::load(file, given).map(Self::from)
    }

    /// Reads a text.
    pub fn parse(source: &str, given: &BTreeMap<String, String>) -> Result<Self, Error> {
        Template::parse(source, given).map(Self::from)
    }

    /// The documents.
    pub fn view(&self) -> View<'_> {
        View {
            file: &self.file,
            roles: &self.roles,
            providers: &self.providers,
            api: self.api.as_ref(),
            outputs: &self.outputs,
            passed_over: &self.passed_over,
        }
    }
}

impl From<Template> for Documents {
    fn from(Template { file, api, roles, providers, outputs, .. }: Template) -> Self {
        Self { file, roles, providers, api: Some(api), outputs, passed_over: Vec::new() }
    }
}
