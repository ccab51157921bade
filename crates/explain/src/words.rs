//! A decision in words: one line for the log, the terminal and the page alike, and the statements behind it as data.

use domain::{Comparison, Place, Statement, Verdict};
use iam::{Decision, Effect, Element, Explanation, Note, Outcome, Reason, StatementRef};
use template::{Role, View};

/// A decision and where its documents are.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    /// The role whose policies decided.
    pub role: &'a Role,
    /// The file that they are written in.
    pub file: &'a str,
}

/// A call that everybody may make.
pub const OPEN: &str = "Everybody may: the method has no authorizer, so nobody needs to sign.";
/// A call that nobody has signed.
pub const UNSIGNED: &str = "API Gateway: MissingAuthenticationTokenException. This call needs a signature.";

/// A call that the API doesn't have.
pub fn no_method(file: &str, method: &str) -> String {
    format!("API Gateway: MissingAuthenticationTokenException. {file} has no method {method} on this path.")
}

/// How many of the nearest statements a refusal names.
const NAMED: usize = 3;

/// The line: the statement that decided, or what the nearest ones were missing. It has no values in it, for a value may
/// say who somebody is.
pub fn sentence(decision: &Decision, decided: Decided<'_>) -> String {
    match (&decision.outcome, &decision.reason) {
        (Outcome::Allowed, Reason::Statement(by)) => format!("allowed by {}", decided.named(by, None)),
        (_, Reason::Statement(by)) => format!("explicitly denied by {}", decided.named(by, None)),
        (_, Reason::NothingAllows(misses)) => {
            let misses = misses.iter().take(NAMED).map(|miss| {
                let element = &miss.failed.element;
                format!("; {} differs in {}", decided.named(&miss.statement, Some(element)), element_name(element))
            });
            format!("implicitly denied: no statement allows it{}", misses.collect::<String>())
        }
    }
}

/// Every statement with its comparisons.
pub fn statements(explanation: &Explanation, decided: Decided<'_>) -> Vec<Statement> {
    let by = match &explanation.decision.reason {
        Reason::Statement(by) => Some(by),
        Reason::NothingAllows(_) => None,
    };
    let statement = |trace: &iam::StatementTrace| Statement {
        policy: trace.statement.policy.clone(),
        name: name(&trace.statement),
        at: decided.place(&trace.statement, None),
        effect: match trace.effect {
            Effect::Allow => "Allow".into(),
            Effect::Deny => "Deny".into(),
        },
        applies: trace.applies,
        decides: by == Some(&trace.statement),
        comparisons: trace.checks.iter().map(comparison).collect(),
    };
    explanation.statements.iter().map(statement).collect()
}

impl<'a> Decided<'a> {
    /// A role of these documents.
    pub fn of(role: &'a Role, documents: View<'a>) -> Self {
        Self { role, file: documents.file }
    }

    /// Where a statement is written, or one of its elements.
    pub(crate) fn place(self, statement: &StatementRef, element: Option<&Element>) -> Option<Place> {
        let element = element.map(|element| match element {
            Element::Condition { operator, .. } => format!("Condition.{operator}"),
            other => other.to_string(),
        });
        let line = self.role.line_of(&statement.policy, statement.index, element.as_deref())?;
        Some(Place { file: self.file.to_owned(), line })
    }

    fn named(self, statement: &StatementRef, element: Option<&Element>) -> String {
        let policy = statement.policy.escape_debug();
        match self.place(statement, element) {
            Some(Place { file, line }) => format!("{} of {policy} ({file}:{line})", name(statement)),
            None => format!("{} of {policy}", name(statement)),
        }
    }
}

fn name(statement: &StatementRef) -> String {
    statement.sid.clone().unwrap_or_else(|| format!("statement {}", statement.index))
}

fn element_name(element: &Element) -> String {
    match element {
        Element::Condition { operator, key } => format!("Condition {operator} {}", key.escape_debug()),
        other => other.to_string(),
    }
}

fn comparison(check: &iam::Check) -> Comparison {
    let note = check.note.map(|note| match note {
        Note::KeyAbsent => "the request has no such key",
        Note::NoValues => "an empty set",
        Note::VariableWithoutValue => "a variable has no value",
        Note::SeveralValues => "several values want ForAnyValue: or ForAllValues:",
        Note::Unreadable => "not a value of the operator's type",
    });
    Comparison {
        element: element_name(&check.element),
        wanted: check.wanted.iter().map(|wanted| wanted.as_ref().to_owned()).collect(),
        got: check.got.clone().unwrap_or_default(),
        verdict: match check.verdict {
            iam::Verdict::Holds => Verdict::Allowed,
            iam::Verdict::Fails => Verdict::Refused,
            iam::Verdict::Undecidable => Verdict::Unknown,
        },
        note: note.map(str::to_owned),
    }
}

/// The outcome of a decision as a step has it.
pub(crate) fn verdict(decision: &Decision) -> Verdict {
    if decision.is_allowed() { Verdict::Allowed } else { Verdict::Refused }
}
