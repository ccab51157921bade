//! The questions that `pages` answers itself: one partition of an index, from its beginning or from one end of its range
//! keys on. Read to the letter, and anything that isn't known here by its name and form is no such question.

use std::collections::{BTreeMap, BTreeSet};

use dynoxide::AttributeValue;
use serde::Deserialize;

/// Keys that DynamoDB refuses for their length don't fit in.
const MOST_BYTES: usize = 1000;

/// One partition of an index.
pub(super) struct Question<'a> {
    pub(super) table: &'a str,
    pub(super) index: &'a str,
    /// The attribute that must have the partition's value.
    pub(super) hash: &'a str,
    pub(super) partition: AttributeValue,
    /// The attribute that is compared, and with what.
    pub(super) range: Option<&'a str>,
    pub(super) bound: Option<(&'static str, AttributeValue)>,
    /// The attributes that are wanted of each item, if not all are.
    pub(super) wanted: Option<BTreeSet<&'a str>>,
    pub(super) forward: bool,
    pub(super) limit: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Body<'a> {
    table_name: &'a str,
    index_name: &'a str,
    key_condition_expression: &'a str,
    expression_attribute_names: BTreeMap<&'a str, &'a str>,
    expression_attribute_values: BTreeMap<&'a str, Value>,
    projection_expression: Option<&'a str>,
    limit: u16,
    scan_index_forward: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum Value {
    S(String),
    N(String),
}

impl<'a> Question<'a> {
    /// `None` for any other question.
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        if body.len() > MOST_BYTES {
            return None;
        }
        let mut body: Body<'a> = serde_json::from_slice(body).ok()?;
        let condition: Vec<&str> = body.key_condition_expression.split(' ').collect();
        let (hash, partition, rest) = match condition[..] {
            [hash, "=", partition] => (hash, partition, None),
            [hash, "=", partition, "AND", range, operator, value] => (hash, partition, Some((range, operator, value))),
            _ => return None,
        };
        let mut names = Names { all: &body.expression_attribute_names, used: BTreeSet::new() };
        let mut value = |placeholder: &str| key(body.expression_attribute_values.remove(plain(placeholder, ':')?)?);
        let (hash, partition) = (names.find(hash)?, value(partition)?);
        let (mut range, mut bound) = (None, None);
        if let Some((name, operator, end)) = rest {
            range = Some(names.find(name)?);
            let operator = ["<", "<=", ">", ">="].into_iter().find(|known| *known == operator)?;
            bound = Some((operator, value(end)?));
        }
        let wanted = match body.projection_expression {
            Some(expression) => Some(names.find_each(expression)?),
            None => None,
        };
        // What is named and not used is refused.
        let all_used = names.used.len() == names.all.len() && body.expression_attribute_values.is_empty();
        (all_used && body.limit > 0).then_some(Self {
            table: body.table_name,
            index: body.index_name,
            hash,
            partition,
            range,
            bound,
            wanted,
            forward: body.scan_index_forward.unwrap_or(true),
            limit: usize::from(body.limit),
        })
    }
}

/// What the expressions call the attributes.
struct Names<'b, 'a> {
    all: &'b BTreeMap<&'a str, &'a str>,
    used: BTreeSet<&'a str>,
}

impl<'a> Names<'_, 'a> {
    fn find(&mut self, placeholder: &'a str) -> Option<&'a str> {
        let name = self.all.get(plain(placeholder, '#')?)?;
        self.used.insert(placeholder);
        Some(name)
    }

    /// The attributes of a list of placeholders. One that is there twice is refused.
    fn find_each(&mut self, list: &'a str) -> Option<BTreeSet<&'a str>> {
        let mut names = BTreeSet::new();
        list.split(", ")
            .all(|placeholder| self.find(placeholder).is_some_and(|name| names.insert(name)))
            .then_some(names)
    }
}

/// The placeholder, if it is one in its simplest form.
fn plain(placeholder: &str, mark: char) -> Option<&str> {
    let name = placeholder.strip_prefix(mark)?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(placeholder)
}

/// A key that is in its one form: a text that isn't empty, or a whole number of so many digits as are exact.
fn key(value: Value) -> Option<AttributeValue> {
    match value {
        Value::S(text) if !text.is_empty() => Some(AttributeValue::S(text)),
        Value::N(number) => {
            let digits = (1..=38).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            (digits && (number == "0" || !number.starts_with('0'))).then_some(AttributeValue::N(number))
        }
        Value::S(_) => None,
    }
}
