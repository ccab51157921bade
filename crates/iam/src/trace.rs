//! The long answer: every statement, every element of it, and the values compared.

use std::fmt;

use serde::Serialize;

use crate::decision::{Decision, StatementRef};

/// A decision with the whole way to it.
///
/// `Display` is the decision's sentence, then a line for each statement and each of its elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The same as [`decide`](crate::decide) gives.
    pub decision: Decision,
    /// Every statement of every policy, in order.
    pub statements: Vec<StatementTrace>,
}

/// What one statement made of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementTrace {
    /// Which statement.
    pub statement: StatementRef,
    /// What it does when it applies.
    pub effect: Effect,
    /// Whether it applied.
    pub applies: bool,
    /// Each of its elements. All are compared, also after one that failed.
    pub checks: Vec<Check>,
}

/// A statement's `Effect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Effect {
    /// `"Allow"`
    Allow,
    /// `"Deny"`
    Deny,
}

/// One element of a statement, compared with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was compared.
    pub element: Element,
    /// The document's side.
    pub wanted: Vec<Wanted>,
    /// The request's side; `None` when the request doesn't have the condition key.
    pub got: Option<Vec<String>>,
    /// How it came out.
    pub verdict: Verdict,
    /// What there is to know beyond the two sides.
    pub note: Option<Note>,
}

/// The element of a statement that a [`Check`] is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Element {
    /// `Principal`
    Principal,
    /// `Action`
    Action,
    /// `NotAction`
    NotAction,
    /// `Resource`
    Resource,
    /// `NotResource`
    NotResource,
    /// One key under one operator of `Condition`.
    Condition {
        /// As written, such as `ForAnyValue:StringLike`.
        operator: String,
        /// As written, such as `tenant.auth0.com/:sub`.
        key: String,
    },
}

/// A value in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// As written.
    pub written: String,
    /// With this request's values in place of its variables; `None` when it has no variable, or one without a value.
    pub resolved: Option<String>,
}

/// How an element came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// It matches.
    Holds,
    /// It doesn't match.
    Fails,
    /// AWS doesn't say what this means, see the [`Note`]. A statement that allows doesn't apply then, one that denies does.
    Undecidable,
}

/// What decided a [`Check`] when it wasn't a comparison of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Note {
    /// The request doesn't have the condition key.
    KeyAbsent,
    /// The request has the key with nothing in it, which a set operator takes for an empty set.
    NoValues,
    /// A policy variable has no value in this request.
    VariableWithoutValue,
    /// The request has several values and the operator has no `ForAnyValue:` or `ForAllValues:`.
    SeveralValues,
    /// The request's value isn't of the operator's type.
    Unreadable,
}

/// How much of a value a sentence shows, in characters.
const SHOWN: usize = 200;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.decision)?;
        for trace in &self.statements {
            let verb = match (trace.effect, trace.applies) {
                (Effect::Allow, true) => "allows",
                (Effect::Allow, false) => "does not allow",
                (Effect::Deny, true) => "denies",
                (Effect::Deny, false) => "does not deny",
            };
            write!(f, "\n{} {verb}", trace.statement)?;
            for check in &trace.checks {
                let mark = match check.verdict {
                    Verdict::Holds => "matches",
                    Verdict::Fails => "differs",
                    Verdict::Undecidable => "unclear",
                };
                write!(f, "\n  {mark}: {check}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} wanted {}", self.element, List(&self.wanted))?;
        match &self.got {
            Some(got) => write!(f, ", got {}", List(got))?,
            None => f.write_str(", and the request has no such key")?,
        }
        match self.note {
            None | Some(Note::KeyAbsent) => Ok(()),
            Some(Note::NoValues) => f.write_str(" (an empty set)"),
            Some(Note::VariableWithoutValue) => f.write_str(" (a variable has no value)"),
            Some(Note::SeveralValues) => f.write_str(" (several values want ForAnyValue: or ForAllValues:)"),
            Some(Note::Unreadable) => f.write_str(" (not a value of the operator's type)"),
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal => f.write_str("Principal"),
            Self::Action => f.write_str("Action"),
            Self::NotAction => f.write_str("NotAction"),
            Self::Resource => f.write_str("Resource"),
            Self::NotResource => f.write_str("NotResource"),
            Self::Condition { operator, key } => {
                write!(f, "Condition {operator} {}", key.escape_debug())
            }
        }
    }
}

impl Verdict {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

impl Wanted {
    pub(crate) fn plain(written: &str) -> Self {
        Self { written: written.to_owned(), resolved: None }
    }
}

impl AsRef<str> for Wanted {
    fn as_ref(&self) -> &str {
        self.resolved.as_deref().unwrap_or(&self.written)
    }
}

/// Values in brackets, on one line, none of them longer than a line should be.
struct List<'a, T>(&'a [T]);

impl<T: AsRef<str>> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (position, value) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            let value = value.as_ref();
            let end = value.char_indices().nth(SHOWN);
            let shown = end.map_or(value, |(end, _)| &value[..end]);
            write!(f, "{}", shown.escape_debug())?;
            if end.is_some() {
                f.write_str("…")?;
            }
        }
        f.write_str("]")
    }
}
