//! A loaded policy: statements compiled so that deciding only compares. The way from a document to here is `load`;
//! the way on is `evaluate`.

mod load;

use crate::{
    condition::Condition,
    document::Document,
    error::PolicyError,
    glob::Case,
    pattern::Pattern,
    principal::Covered,
    request::Request,
    trace::{Check, Effect, Element, Note, Verdict, Wanted},
};

/// A policy document, loaded under a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    name: String,
    statements: Vec<Statement>,
}

impl Policy {
    /// Loads an identity-based policy: what a role may do. It has resources and no principals.
    ///
    /// # Errors
    /// When anything in the document isn't understood, with the place.
    pub fn permissions<'a>(name: impl Into<String>, document: impl Into<Document<'a>>) -> Result<Self, PolicyError> {
        load::policy(name.into(), document.into(), load::Kind::Permissions)
    }

    /// Loads a role's trust policy: who may take the role. It has principals and no resources.
    ///
    /// # Errors
    /// When anything in the document isn't understood, with the place.
    pub fn trust<'a>(name: impl Into<String>, document: impl Into<Document<'a>>) -> Result<Self, PolicyError> {
        load::policy(name.into(), document.into(), load::Kind::Trust)
    }

    /// The name it was loaded under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub sid: Option<String>,
    pub effect: Effect,
    /// In the order principal, action, resource, conditions. All have to hold.
    pub clauses: Vec<Clause>,
}

/// One element of a statement that a request is held against.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Clause {
    Principal(Vec<(String, Covered)>),
    Action { not: bool, patterns: Patterns },
    Resource { not: bool, patterns: Patterns },
    Condition(Condition),
}

/// Patterns, each with its text in the document.
pub(crate) type Patterns = Vec<(String, Pattern)>;

/// How a clause came out, with what the trace should say about it.
pub(crate) type Finding = (Verdict, Option<Note>);

impl Statement {
    /// Whether the statement's effect takes place: what AWS leaves open may deny but never allow.
    pub fn applies_after(&self, verdicts: impl IntoIterator<Item = Verdict>) -> bool {
        verdicts.into_iter().all(|verdict| match verdict {
            Verdict::Holds => true,
            Verdict::Fails => false,
            Verdict::Undecidable => self.effect == Effect::Deny,
        })
    }

    pub fn applies(&self, request: &Request) -> bool {
        self.applies_after(self.clauses.iter().map(|clause| clause.find(request).0))
    }
}

impl Clause {
    pub fn find(&self, request: &Request) -> Finding {
        match self {
            Self::Principal(entries) => {
                let covers = |(_, entry): &(_, Covered)| entry.covers(&request.principal);
                (Verdict::of(entries.iter().any(covers)), None)
            }
            Self::Action { not, patterns } => {
                let matches = any(patterns, &request.action, request, Case::Ascii).is_some_and(|m| m);
                (Verdict::of(matches != *not), None)
            }
            Self::Resource { not, patterns } => match any(patterns, &request.resource, request, Case::Sensitive) {
                Some(matches) => (Verdict::of(matches != *not), None),
                None if *not => (Verdict::Undecidable, Some(Note::VariableWithoutValue)),
                None => (Verdict::Fails, Some(Note::VariableWithoutValue)),
            },
            Self::Condition(condition) => condition.find(&request.context),
        }
    }

    pub fn check(&self, request: &Request) -> Check {
        let (verdict, note) = self.find(request);
        let wanted = |patterns: &Patterns| {
            let one = |(written, pattern): &(String, Pattern)| pattern.wanted(written, &request.context);
            patterns.iter().map(one).collect()
        };
        let (element, wanted, got) = match self {
            Self::Principal(entries) => (
                Element::Principal,
                entries.iter().map(|(written, _)| Wanted::plain(written)).collect(),
                request.principal.to_string(),
            ),
            Self::Action { not, patterns } => {
                (if *not { Element::NotAction } else { Element::Action }, wanted(patterns), request.action.clone())
            }
            Self::Resource { not, patterns } => (
                if *not { Element::NotResource } else { Element::Resource },
                wanted(patterns),
                request.resource.clone(),
            ),
            Self::Condition(condition) => {
                return condition.check(&request.context, (verdict, note));
            }
        };
        Check { element, wanted, got: Some(vec![got]), verdict, note }
    }
}

/// Whether one of the patterns covers the text; `None` when none does but one has a variable without a value.
fn any(patterns: &Patterns, text: &str, request: &Request, case: Case) -> Option<bool> {
    let mut known = Some(false);
    for (_, pattern) in patterns {
        match pattern.matches(text, &request.context, case) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}
