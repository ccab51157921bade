//! What is probably meant otherwise: the mistake by its name, where it is, and what to write instead.

use domain::Advice;
use iam::{Explanation, Policy, Request};
use template::{Provider, Role, View};

use crate::question::Person;

/// A question to a role's policies, and what they said.
pub(crate) struct Asked<'a> {
    pub documents: View<'a>,
    pub role: &'a Role,
    pub policies: &'a [Policy],
    pub request: &'a Request,
    pub explanation: &'a Explanation,
}

/// Why a token's issuer or audience isn't known.
pub(crate) fn for_provider(_documents: View<'_>, _person: &Person, _provider: Option<&Provider>) -> Vec<Advice> {
    Vec::new()
}

/// What a trust policy was asked.
pub(crate) fn for_trust(_asked: &Asked<'_>, _provider: &Provider, _person: &Person) -> Vec<Advice> {
    Vec::new()
}

/// What a role's permissions were asked.
pub(crate) fn for_call(_asked: &Asked<'_>) -> Vec<Advice> {
    Vec::new()
}
