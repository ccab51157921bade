//! One key under one operator of a `Condition` element (User Guide, "Condition operators" and "Single-valued vs.
//! multivalued context keys"). Several values of a document are alternatives; a negated operator holds when none of
//! them matches.

mod operator;
mod value;

pub(crate) use operator::{Operator, Set};

use crate::{
    error::Problem,
    pattern::Syntax,
    policy::Finding,
    request::Context,
    trace::{Check, Element, Note, Verdict, Wanted},
};
use value::{Got, Value};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    written_operator: String,
    operator: Operator,
    written_key: String,
    lowercase_key: String,
    values: Vec<(String, Value)>,
}

impl Condition {
    pub fn new(written_operator: &str, operator: Operator, key: &str) -> Self {
        Self {
            written_operator: written_operator.to_owned(),
            operator,
            written_key: key.to_owned(),
            lowercase_key: key.to_ascii_lowercase(),
            values: Vec::new(),
        }
    }

    /// Adds an alternative. `variables` is what the document's version allows.
    pub fn add(&mut self, written: String, variables: bool) -> Result<(), Problem> {
        let syntax = Syntax { wildcards: false, variables };
        let value = Value::parse(self.operator.test, &written, syntax)?;
        self.values.push((written, value));
        Ok(())
    }

    pub fn find(&self, context: &Context) -> Finding {
        let Operator { set, if_exists, negated, .. } = self.operator;
        let values = context.lookup(&self.lowercase_key);
        if self.operator.test == operator::Test::Null {
            let absent = values.is_none();
            let wanted = self.values.iter().any(|(_, value)| *value == Value::Absent(absent));
            return (Verdict::of(wanted), absent.then_some(Note::KeyAbsent));
        }
        let Some(values) = values else {
            let holds = if_exists
                || match set {
                    Some(Set::ForAllValues) => true,
                    Some(Set::ForAnyValue) => false,
                    None => negated,
                };
            return (Verdict::of(holds), Some(Note::KeyAbsent));
        };
        match (set, values) {
            (None, [value]) => self.compare(value, context),
            (None, _) => (Verdict::Undecidable, Some(Note::SeveralValues)),
            (Some(set), [value]) if value.is_empty() => (Verdict::of(set == Set::ForAllValues), Some(Note::NoValues)),
            (Some(Set::ForAllValues), values) => {
                self.first(values, context, [Verdict::Fails, Verdict::Undecidable, Verdict::Holds])
            }
            (Some(Set::ForAnyValue), values) => {
                self.first(values, context, [Verdict::Holds, Verdict::Undecidable, Verdict::Fails])
            }
        }
    }

    /// The first of these verdicts that one of the request's values has.
    fn first(&self, values: &[String], context: &Context, order: [Verdict; 3]) -> Finding {
        let rank = |finding: &Finding| order.iter().position(|verdict| *verdict == finding.0);
        let findings = values.iter().map(|value| self.compare(value, context));
        findings.min_by_key(rank).expect("a key without values is absent")
    }

    /// One value of the request with all of the document's.
    fn compare(&self, value: &str, context: &Context) -> Finding {
        let Some(got) = Got::read(self.operator.test, value) else {
            return (Verdict::Undecidable, Some(Note::Unreadable));
        };
        let mut note = None;
        let mut matches = false;
        for (_, wanted) in &self.values {
            match wanted.matches(self.operator.test, &got, context) {
                Some(true) => matches = true,
                Some(false) => {}
                None => note = Some(Note::VariableWithoutValue),
            }
        }
        (Verdict::of(matches != self.operator.negated), note.filter(|_| !matches))
    }

    pub fn check(&self, context: &Context, (verdict, note): Finding) -> Check {
        let wanted = |(written, value): &(String, Value)| match value {
            Value::Text(pattern) | Value::Bool(pattern) => pattern.wanted(written, context),
            Value::Arn(components) => value::wanted_arn(components, written, context),
            _ => Wanted::plain(written),
        };
        Check {
            element: Element::Condition { operator: self.written_operator.clone(), key: self.written_key.clone() },
            wanted: self.values.iter().map(wanted).collect(),
            got: context.lookup(&self.lowercase_key).map(<[String]>::to_vec),
            verdict,
            note,
        }
    }
}
