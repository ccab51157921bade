//! The answer and why: the statement that decided, or what every allowing statement was missing.
//! A decision is plain data, to be shown, logged and serialised; it never holds a request's secrets because a
//! [`Context`](crate::Context) has none. The full trace is in `trace`.

use std::fmt;

use serde::Serialize;

use crate::trace::Check;

/// What a set of policies says about a request.
///
/// `Display` is one English sentence on one line, whatever the request contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The verdict.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
}

impl Decision {
    /// Whether the request may go on. Everything but an allow is a refusal.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }
}

/// An explicit deny goes over an allow, an allow over the implicit deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    ExplicitlyDenied,
    /// No statement speaks of it.
    ImplicitlyDenied,
}

/// Why a request was decided as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Reason {
    /// This statement allowed or denied the request.
    Statement(StatementRef),
    /// No statement allowed it. One entry for each allowing statement, the nearest to a match first; empty when
    /// there is no such statement.
    NothingAllows(Vec<Miss>),
}

/// A statement's place among the policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementRef {
    /// The policy's name, as it was loaded.
    pub policy: String,
    /// The statement's position in its document, from 0.
    pub index: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<String>,
}

/// Why one statement didn't allow a request: the first of its elements that didn't match, in the order principal,
/// action, resource, conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// The statement.
    pub statement: StatementRef,
    /// What failed, with the values compared.
    pub failed: Check,
}

/// How many misses a sentence spells out.
const SPELT_OUT: usize = 3;

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.outcome, &self.reason) {
            (Outcome::Allowed, Reason::Statement(by)) => write!(f, "allowed by {by}"),
            (_, Reason::Statement(by)) => write!(f, "explicitly denied by {by}"),
            (_, Reason::NothingAllows(misses)) => {
                f.write_str("implicitly denied: no statement allows it")?;
                for (position, miss) in misses.iter().take(SPELT_OUT).enumerate() {
                    f.write_str(if position == 0 { "; " } else { ", and " })?;
                    write!(f, "{} did not: {}", miss.statement, miss.failed)?;
                }
                match misses.len().saturating_sub(SPELT_OUT) {
                    0 => Ok(()),
                    more => write!(f, ", and {more} more"),
                }
            }
        }
    }
}

impl fmt::Display for StatementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.index)?;
        if let Some(sid) = &self.sid {
            write!(f, " ({sid})")?;
        }
        write!(f, " of policy {}", self.policy.escape_debug())
    }
}
