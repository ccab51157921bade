//! The questions that `pages` answers itself: one partition of an index, from its beginning or from one end of its range
//! keys on. Read to the letter, and anything that isn't known here by its name and form is no such question.

use std::collections::BTreeMap;

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
        let hash = take(&mut body.expression_attribute_names, hash, '#')?;
        let partition = value(take(&mut body.expression_attribute_values, partition, ':')?)?;
        let (mut range, mut bound) = (None, None);
        if let Some((name, operator, end)) = rest {
            range = Some(take(&mut body.expression_attribute_names, name, '#')?);
            let operator = ["<", "<=", ">", ">="].into_iter().find(|known| *known == operator)?;
            bound = Some((operator, value(take(&mut body.expression_attribute_values, end, ':')?)?));
        }
        // What is named and not used is refused.
        let all_used = body.expression_attribute_names.is_empty() && body.expression_attribute_values.is_empty();
        (all_used && body.limit > 0).then_some(Self {
            table: body.table_name,
            index: body.index_name,
            hash,
            partition,
            range,
            bound,
            forward: body.scan_index_forward.unwrap_or(true),
            limit: usize::from(body.limit),
        })
    }
}

/// What a placeholder stands for, which is taken out: a second use isn't plain any more.
fn take<T>(all: &mut BTreeMap<&str, T>, placeholder: &str, mark: char) -> Option<T> {
    let name = placeholder.strip_prefix(mark)?;
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_plain.then(|| all.remove(placeholder)).flatten()
}

/// A key that is in its one form: a text that isn't empty, or a whole number of so many digits as are exact.
fn value(value: Value) -> Option<AttributeValue> {
    match value {
        Value::S(text) if !text.is_empty() => Some(AttributeValue::S(text)),
        Value::N(number) => {
            let digits = (1..=38).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            (digits && (number == "0" || !number.starts_with('0'))).then_some(AttributeValue::N(number))
        }
        Value::S(_) => None,
    }
}
