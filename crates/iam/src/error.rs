//! Why a document was refused, and where. A document is loaded whole or not at all.

use std::fmt;

/// A refused document: `policy buyer: Statement[1].Condition.StringLikee: …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy {}: {at}: {problem}", policy.escape_debug())]
pub struct PolicyError {
    /// The name that the policy was loaded under.
    pub policy: String,
    /// Where.
    pub at: Place,
    /// What.
    pub problem: Problem,
}

/// A place in a document, written as `Statement[1].Condition.StringLike`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place(String);

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The text isn't JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// More than any IAM policy may have.
    #[error("larger than IAM takes ({0} characters at most); split it")]
    TooLarge(usize),
    /// More levels than the policy language has.
    #[error("nested deeper than any policy")]
    TooDeep,
    /// A key is there twice in one object; condition keys are compared without case.
    #[error("the same key twice; keep one")]
    DuplicateKey,
    /// Not an element of the policy language.
    #[error("unknown element; known here are {0}")]
    UnknownElement(&'static str),
    /// A required element is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Two elements that exclude each other.
    #[error("{0} and {1} exclude each other; keep one")]
    Both(&'static str, &'static str),
    /// An element that this kind of document can't have.
    #[error("{0}")]
    NotHere(&'static str),
    /// Another JSON type is needed.
    #[error("should be {wanted}, is {got}")]
    WrongType {
        /// What the grammar wants.
        wanted: &'static str,
        /// What is there.
        got: &'static str,
    },
    /// An empty list or object, which decides nothing.
    #[error("is empty; fill it or leave it out")]
    Empty,
    /// A word where the grammar wants one of a few.
    #[error("should be one of {0}")]
    NotOneOf(&'static str),
    /// IAM takes letters and digits.
    #[error("a Sid consists of letters and digits")]
    Sid,
    /// Two statements have the same Sid.
    #[error("another statement has this Sid")]
    DuplicateSid,
    /// Not an action pattern.
    #[error("not an action; write \"*\" or service:Action, wildcards only after the colon")]
    Action,
    /// Not a resource pattern.
    #[error("not a resource: {0}; write \"*\" or arn:partition:service:region:account:resource")]
    Resource(&'static str),
    /// Not a principal.
    #[error("not a principal: {0}")]
    Principal(&'static str),
    /// Not a condition operator.
    #[error("unknown condition operator{}", Suggestion(*.0))]
    UnknownOperator(Option<&'static str>),
    /// Not a condition key.
    #[error("not a condition key; write prefix:name without wildcards")]
    ConditionKey,
    /// Not a value of the operator's type.
    #[error("not {0}")]
    Value(&'static str),
    /// Not a policy variable.
    #[error("malformed policy variable: {0}; for a dollar sign before a brace write ${{$}}")]
    Variable(&'static str),
}

struct Suggestion(Option<&'static str>);

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean {name}?"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "document" } else { &self.0 })
    }
}

/// A problem with its place, on the way to a [`PolicyError`].
pub(crate) struct Refusal {
    pub at: Place,
    pub problem: Problem,
}

impl Place {
    pub(crate) fn field(&self, name: &str) -> Self {
        let shown: String = name.chars().take(100).collect();
        let dot = if self.0.is_empty() { "" } else { "." };
        Self(format!("{}{dot}{}", self.0, shown.escape_debug()))
    }

    pub(crate) fn item(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    pub(crate) fn refuse(&self, problem: Problem) -> Refusal {
        Refusal { at: self.clone(), problem }
    }
}
