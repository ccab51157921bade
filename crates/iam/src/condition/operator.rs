//! The names of condition operators: a prefix for sets, one of 27 tests, a suffix for absent keys.

use std::cmp::Ordering;

use crate::error::Problem;

/// An operator taken apart: `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub set: Option<Set>,
    pub if_exists: bool,
    pub negated: bool,
    pub test: Test,
}

/// How a key with several values is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    ForAllValues,
    ForAnyValue,
}

/// What is compared, and how; the `Not…` forms are these, negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Equals,
    EqualsIgnoreCase,
    Like,
    Number(Comparison),
    Date(Comparison),
    Bool,
    Binary,
    Ip,
    Arn,
    Null,
}

/// The request's value is … the document's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equals,
    Less,
    LessEquals,
    Greater,
    GreaterEquals,
}

impl Comparison {
    pub fn holds(self, got: Ordering) -> bool {
        match self {
            Self::Equals => got.is_eq(),
            Self::Less => got.is_lt(),
            Self::LessEquals => got.is_le(),
            Self::Greater => got.is_gt(),
            Self::GreaterEquals => got.is_ge(),
        }
    }
}

/// Name, test, negated.
const TESTS: [(&str, Test, bool); 27] = {
    use Comparison::{Equals, Greater, GreaterEquals, Less, LessEquals};
    [
        ("StringEquals", Test::Equals, false),
        ("StringNotEquals", Test::Equals, true),
        ("StringEqualsIgnoreCase", Test::EqualsIgnoreCase, false),
        ("StringNotEqualsIgnoreCase", Test::EqualsIgnoreCase, true),
        ("StringLike", Test::Like, false),
        ("StringNotLike", Test::Like, true),
        ("NumericEquals", Test::Number(Equals), false),
        ("NumericNotEquals", Test::Number(Equals), true),
        ("NumericLessThan", Test::Number(Less), false),
        ("NumericLessThanEquals", Test::Number(LessEquals), false),
        ("NumericGreaterThan", Test::Number(Greater), false),
        ("NumericGreaterThanEquals", Test::Number(GreaterEquals), false),
        ("DateEquals", Test::Date(Equals), false),
        ("DateNotEquals", Test::Date(Equals), true),
        ("DateLessThan", Test::Date(Less), false),
        ("DateLessThanEquals", Test::Date(LessEquals), false),
        ("DateGreaterThan", Test::Date(Greater), false),
        ("DateGreaterThanEquals", Test::Date(GreaterEquals), false),
        ("Bool", Test::Bool, false),
        ("BinaryEquals", Test::Binary, false),
        ("IpAddress", Test::Ip, false),
        ("NotIpAddress", Test::Ip, true),
        ("ArnEquals", Test::Arn, false),
        ("ArnLike", Test::Arn, false),
        ("ArnNotEquals", Test::Arn, true),
        ("ArnNotLike", Test::Arn, true),
        ("Null", Test::Null, false),
    ]
};

impl Operator {
    pub fn parse(name: &str) -> Result<Self, Problem> {
        let (set, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Set::ForAllValues), rest),
            Some(("ForAnyValue", rest)) => (Some(Set::ForAnyValue), rest),
            _ => (None, name),
        };
        let (base, if_exists) = match rest.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let Some(&(_, test, negated)) = TESTS.iter().find(|(known, ..)| *known == base) else {
            return Err(Problem::UnknownOperator(nearest(base)));
        };
        if test == Test::Null && (set.is_some() || if_exists) {
            return Err(Problem::UnknownOperator(Some("Null")));
        }
        Ok(Self { set, if_exists, negated, test })
    }
}

/// The operator that a misspelt one starts like, whatever its case; a prefix that isn't known is passed over.
fn nearest(base: &str) -> Option<&'static str> {
    let base = base.rsplit(':').next().unwrap_or(base).to_ascii_lowercase();
    let common = |known: &str| {
        let pairs = known.bytes().zip(base.bytes());
        pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    let names = TESTS.iter().map(|(known, ..)| *known);
    names
        .filter(|known| common(known) >= 4 && common(known) + 2 >= base.len())
        .min_by_key(|known| known.len().abs_diff(base.len()))
}
