//! What a predicate needs to know of a case: its conditions and variables taken apart, and wildcards as their
//! definition has them.

use serde_json::Value;

use crate::case::{Case, list};

/// A condition taken apart.
pub struct Operator<'a> {
    pub set: bool,
    pub if_exists: bool,
    pub negated: bool,
    /// Without prefix and suffix.
    pub base: &'a str,
    /// `String`, `Numeric`, `Date`, `Bool`, `Binary`, `Ip`, `Arn` or `Null`.
    pub of: &'static str,
    pub wanted: Vec<&'a Value>,
    pub got: Option<&'a [String]>,
}

impl<'a> Operator<'a> {
    pub fn read(case: &'a Case, (name, key, wanted): (&'a str, &str, Vec<&'a Value>)) -> Self {
        let (set, rest) = match name.split_once(':') {
            Some((_, rest)) => (true, rest),
            None => (false, name),
        };
        let base = rest.strip_suffix("IfExists").unwrap_or(rest);
        let types = ["String", "Numeric", "Date", "Bool", "Binary", "Ip", "Arn", "Null"];
        let of = types.into_iter().find(|of| base.trim_start_matches("Not").starts_with(of));
        Self {
            set,
            if_exists: rest != base,
            negated: base.contains("Not"),
            base,
            of: of.expect("every operator has a type"),
            wanted,
            got: case.values(key),
        }
    }

    pub fn got_texts(&self) -> impl Iterator<Item = &'a str> {
        self.got.into_iter().flatten().map(String::as_str)
    }

    /// Of both sides.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.wanted.iter().filter_map(|value| value.as_str()).chain(self.got_texts())
    }

    pub fn wants_date(&self, is: impl Fn(&str) -> bool) -> bool {
        self.of == "Date" && self.wanted.iter().filter_map(|value| value.as_str()).any(is)
    }
}

/// Whether a date has hours, minutes and seconds, or is given in seconds.
pub fn has_time(text: &str) -> bool {
    text.matches(':').count() >= 2 || text.bytes().all(|b| b.is_ascii_digit())
}

/// What stands between `${` and `}` somewhere.
pub struct Variables<'a> {
    pub key: &'a str,
    pub default: Option<&'a str>,
    /// The request's values.
    pub value: Vec<&'a str>,
    pub in_condition: bool,
    /// Whether the document is of a version that has variables.
    pub in_force: bool,
}

impl Variables<'_> {
    pub fn is_escape(&self) -> bool {
        matches!(self.key, "*" | "?" | "$")
    }

    pub fn lacks_value(&self) -> bool {
        !self.is_escape() && self.default.is_none() && self.value.len() != 1
    }
}

/// All of a case, in resources and in texts of conditions.
pub fn variables(case: &Case) -> Vec<Variables<'_>> {
    let mut found = Vec::new();
    for (statement, in_force) in case.statements() {
        let resources = ["Resource", "NotResource"].into_iter().flat_map(|element| list(&statement[element]));
        let operators = statement["Condition"].as_object().into_iter().flat_map(|block| block.values());
        let wanted = operators.filter_map(Value::as_object).flat_map(|keys| keys.values()).flat_map(list);
        let texts = resources.map(|text| (text, false)).chain(wanted.map(|text| (text, true)));
        for (text, in_condition) in texts.filter_map(|(text, at)| Some((text.as_str()?, at))) {
            for inside in text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside) {
                let (key, default) = match inside.split_once(", ") {
                    Some((key, default)) => (key, Some(default)),
                    None => (inside, None),
                };
                let value = case.values(key).into_iter().flatten().map(String::as_str).collect();
                found.push(Variables { key, default, value, in_condition, in_force });
            }
        }
    }
    found
}

/// Wildcard matching as its definition says it, exponential and all.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| glob(rest.as_str(), &text[at..]))
        }
        Some(wanted) => {
            let mut text = text.chars();
            text.next().is_some_and(|c| wanted == '?' || wanted == c) && glob(rest.as_str(), text.as_str())
        }
    }
}

/// Whether an ARN's pattern covers a text as a whole, and doesn't segment by segment.
pub fn crosses(pattern: &str, text: &str) -> bool {
    let (wanted, got): (Vec<_>, Vec<_>) = (pattern.splitn(6, ':').collect(), text.splitn(6, ':').collect());
    let by_segments = wanted.len() == got.len() && wanted.iter().zip(&got).all(|(wanted, got)| glob(wanted, got));
    glob(pattern, text) != by_segments
}
