//! What a template says about who may do what, for whoever only reads it: roles, providers, the API and the outputs.
//! It serves nobody, so it needn't obey all of the template; what it didn't understand and what may change an answer it
//! names. Next: `explain`.

use std::{collections::BTreeMap, path::Path};

use super::{
    Api, Error, Provider, Role, api, outputs, roles,
    scope::{Place, Scope},
    yaml,
};

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

/// The documents of a [`Template`](super::Template) or of [`Documents`].
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
    /// Reads a file. `given` goes over the defaults of its parameters and over what is taken for `AWS::AccountId`,
    /// `AWS::Region`, `AWS::Partition` and `AWS::StackName`. Without a stack's name, what has no name goes by its logical id.
    pub fn load(file: &Path, given: &BTreeMap<String, String>) -> Result<Self, Error> {
        let (file, documents) = super::load(file, |source| Self::parse(source, given))?;
        Ok(Self { file, ..documents })
    }

    /// Reads a text.
    pub fn parse(source: &str, given: &BTreeMap<String, String>) -> Result<Self, Error> {
        let root = yaml::parse(source)?;
        let mut given = given.clone();
        let place = Place::given(&mut given);
        let mut scope = Scope::read(&root, &given, place, false)?;
        let roles = roles::roles(&scope)?;
        let providers = roles::providers(&scope)?;
        let api = api::api(&scope)?;
        scope.stand_ins = false;
        let outputs = outputs::outputs(&scope)?;
        Ok(Self { file: String::new(), roles, providers, api, outputs, passed_over: scope.finish()? })
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

#[cfg(test)]
mod tests;
