//! Conditions in all the forms that there are: every operator, plain, with `IfExists`, and over sets; over keys that
//! have values of the operator's type, one or several.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};
use serde_json::Value;

use crate::bend::{Bend, any_bend, bent};

/// A key that requests may have.
pub struct Key {
    pub name: &'static str,
    pub of: Type,
    pub several: bool,
    /// What requests have.
    pub got: &'static [&'static str],
    /// What documents want, besides that.
    pub wanted: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    Number,
    Date,
    Bool,
    Binary,
    Address,
    Arn,
}

pub const KEYS: [Key; 14] = [
    Key { name: "app:text", of: Type::Text, several: false, got: &TEXTS, wanted: &["wilma", "f*"] },
    Key { name: "app:texts", of: Type::Text, several: true, got: &TEXTS, wanted: &["wilma", "*"] },
    Key { name: "app:number", of: Type::Number, several: false, got: &NUMBERS, wanted: &WANTED_NUMBERS },
    Key { name: "app:numbers", of: Type::Number, several: true, got: &NUMBERS, wanted: &WANTED_NUMBERS },
    Key { name: "app:date", of: Type::Date, several: false, got: &DATES, wanted: &WANTED_DATES },
    Key { name: "app:dates", of: Type::Date, several: true, got: &DATES, wanted: &WANTED_DATES },
    Key { name: "app:flag", of: Type::Bool, several: false, got: &["true", "false"], wanted: &["True", "FALSE"] },
    Key { name: "app:flags", of: Type::Bool, several: true, got: &["true", "false"], wanted: &["true"] },
    Key { name: "app:blob", of: Type::Binary, several: false, got: &BLOBS, wanted: &["aGVsbG8=", "eA=="] },
    Key { name: "app:blobs", of: Type::Binary, several: true, got: &BLOBS, wanted: &["aGVsbG8=", "eA=="] },
    Key { name: "app:ip", of: Type::Address, several: false, got: &ADDRESSES, wanted: &NETWORKS },
    Key { name: "app:ips", of: Type::Address, several: true, got: &ADDRESSES, wanted: &NETWORKS },
    Key { name: "app:arn", of: Type::Arn, several: false, got: &ARNS, wanted: &ARN_PATTERNS },
    Key { name: "app:arns", of: Type::Arn, several: true, got: &ARNS, wanted: &ARN_PATTERNS },
];

const TEXTS: [&str; 6] = ["fred", "Fred", "frieda", "f?ed", "a*b", "straße"];
const NUMBERS: [&str; 6] = ["10", "10.0", "-3", "0.5", "2", "9"];
const WANTED_NUMBERS: [&str; 4] = ["10.00", "-3", "3", "0"];
const DATES: [&str; 5] = [
    "2026-01-31T12:00:00Z",
    "2026-01-31T13:00:00+01:00",
    "2026-02-01T00:00:00Z",
    "1769860800",
    "2025-12-31T23:59:59.5Z",
];
const WANTED_DATES: [&str; 6] =
    ["2026-01-31T12:00:00Z", "2026-02-01", "2026-02", "1769860800", "2026-01-31T12:00Z", "2026-01-31T11:59:59.999Z"];
const BLOBS: [&str; 3] = ["hello", "HELLO", "x"];
const ADDRESSES: [&str; 6] = ["203.0.113.7", "203.0.114.7", "10.1.2.3", "2001:db8::1", "2001:db9::1", "203.0.113.255"];
const NETWORKS: [&str; 8] = [
    "203.0.113.0/24",
    "203.0.113.7",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "2001:db8::/32",
    "2001:DB8:0:0::1",
    "::/0",
    "203.0.113.7/31",
];
const ARNS: [&str; 4] = [
    "arn:aws:s3:::shop/fred",
    "arn:aws:sns:us-east-1:123456789012:topic:fred",
    "arn:aws:iam::123456789012:role/team/seller",
    "arn:aws:sns:eu-west-1:999999999999:Topic",
];
const ARN_PATTERNS: [&str; 5] = [
    "arn:aws:s3:::*",
    "arn:aws:sns:*:*:*",
    "arn:*:iam::123456789012:role/*",
    "arn:aws:*:us-*-1:*:topic*",
    "arn:aws:s3*:::*fred",
];

/// The operators, without prefix and suffix, and the type that they compare. `Null` asks for any key.
pub const OPERATORS: [(&str, Type); 26] = [
    ("StringEquals", Type::Text),
    ("StringNotEquals", Type::Text),
    ("StringEqualsIgnoreCase", Type::Text),
    ("StringNotEqualsIgnoreCase", Type::Text),
    ("StringLike", Type::Text),
    ("StringNotLike", Type::Text),
    ("NumericEquals", Type::Number),
    ("NumericNotEquals", Type::Number),
    ("NumericLessThan", Type::Number),
    ("NumericLessThanEquals", Type::Number),
    ("NumericGreaterThan", Type::Number),
    ("NumericGreaterThanEquals", Type::Number),
    ("DateEquals", Type::Date),
    ("DateNotEquals", Type::Date),
    ("DateLessThan", Type::Date),
    ("DateLessThanEquals", Type::Date),
    ("DateGreaterThan", Type::Date),
    ("DateGreaterThanEquals", Type::Date),
    ("Bool", Type::Bool),
    ("BinaryEquals", Type::Binary),
    ("IpAddress", Type::Address),
    ("NotIpAddress", Type::Address),
    ("ArnEquals", Type::Arn),
    ("ArnLike", Type::Arn),
    ("ArnNotEquals", Type::Arn),
    ("ArnNotLike", Type::Arn),
];

/// Prefix and suffix.
pub const FORMS: [(&str, &str); 5] =
    [("", ""), ("", "IfExists"), ("ForAnyValue:", ""), ("ForAllValues:", ""), ("ForAnyValue:", "IfExists")];

/// A condition before the request's values are in it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// `None` for `Null`.
    operator: Option<(&'static str, Type)>,
    form: (&'static str, &'static str),
    key: usize,
    /// Key names are compared without case.
    upper: bool,
    values: Vec<(usize, Bend)>,
    /// Numbers as such, not as text.
    bare: bool,
}

pub fn any_draft() -> impl Strategy<Value = Draft> {
    let operator = prop_oneof![20 => select(&OPERATORS[..]).prop_map(Some), 1 => Just(None)];
    let form = prop_oneof![
        6 => Just(FORMS[0]), 3 => Just(FORMS[1]), 3 => Just(FORMS[2]), 3 => Just(FORMS[3]), 3 => Just(FORMS[4]),
    ];
    let values = prop::collection::vec((0_usize..16, any_bend()), 1..3);
    let rarely = || prop::bool::weighted(0.1);
    (operator, form, 0_usize..KEYS.len() * 2, rarely(), values, rarely())
        .prop_map(|(operator, form, key, upper, values, bare)| Draft { operator, form, key, upper, values, bare })
}

/// Operator, key and values.
pub fn written(draft: &Draft, context: &BTreeMap<String, Vec<String>>) -> (String, String, Value) {
    let Draft { operator, form: (prefix, suffix), .. } = draft;
    let named = |key: &Key| if draft.upper { key.name.replace("app:", "App:") } else { key.name.to_owned() };
    let Some((operator, of)) = operator else {
        let value = if draft.key.is_multiple_of(2) { "true" } else { "false" };
        return ("Null".into(), named(&KEYS[draft.key / 2]), value.into());
    };
    // Lists belong to sets; a single value is a set too.
    let several = !prefix.is_empty() && !draft.key.is_multiple_of(4);
    let key = KEYS.iter().find(|key| key.of == *of && key.several == several).expect("both kinds of every type");
    let got = context.get(key.name).map_or(&[][..], Vec::as_slice);
    // What can't be bent is another value instead.
    let bent_types = matches!(of, Type::Text | Type::Arn);
    let one = |(pick, bend): &(usize, Bend)| {
        let text = match got.get(pick % got.len().max(1)) {
            Some(own) if bend.own && (bent_types || bend.how % 2 == 0) => own.as_str(),
            _ => key.wanted.iter().chain(key.got).nth(pick % (key.wanted.len() + key.got.len())).expect("in range"),
        };
        match of {
            Type::Text if bend.how == 23 => variable(text, bend.at).to_owned(),
            Type::Text => bent(text, *bend),
            Type::Arn => bent_arn(text, *bend),
            Type::Binary if key.got.contains(&text) => encoded(text).to_owned(),
            _ => text.to_owned(),
        }
    };
    let values: Vec<String> = draft.values.iter().map(one).collect();
    let value = match values.as_slice() {
        [one] if draft.bare && *of == Type::Number || *of == Type::Bool && draft.key.is_multiple_of(2) => {
            serde_json::from_str(one).unwrap_or_else(|_| one.as_str().into())
        }
        [one] => one.as_str().into(),
        _ => values.into(),
    };
    (format!("{prefix}{operator}{suffix}"), named(key), value)
}

fn variable(text: &str, at: usize) -> &str {
    ["${app:text}", "${App:Text}*", "${app:none, 'fred'}", "${app:none}", "f${?}ed", "a${*}b", "${app:texts}", text]
        [at % 8]
}

/// Bent within one component, so that it stays an ARN.
fn bent_arn(text: &str, bend: Bend) -> String {
    let mut parts: Vec<String> = text.splitn(6, ':').map(str::to_owned).collect();
    let component = [1, 2, 3, 4, 5, 5, 5, 5][bend.at % 8].min(parts.len() - 1);
    parts[component] = bent(&parts[component], Bend { at: bend.at / 8, ..bend });
    let whole = parts.join(":");
    if parts.len() == 6 { whole } else { "arn:aws:s3:::shop/*".into() }
}

fn encoded(text: &str) -> &'static str {
    match text {
        "hello" => "aGVsbG8=",
        "HELLO" => "SEVMTE8=",
        _ => "eA==",
    }
}
