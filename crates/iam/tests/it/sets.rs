//! Keys with several values ("Single-valued vs. multivalued context keys" and its examples).

use iam::{Context, Verdict};
use serde_json::{Value, json};

use crate::check::condition;

fn sets<const N: usize>(rows: [(&str, Value, &[&str], Verdict); N]) {
    for (operator, wanted, got, expected) in rows {
        let context = Context::new().with_all("aws:TagKeys", got.iter().copied());
        let written = json!({operator: {"aws:TagKeys": wanted}});
        assert_eq!(condition(&written, &context), expected, "{written} {got:?}");
    }
}

#[test]
fn for_all_values_holds_when_every_request_value_matches_some_document_value() {
    let allowed = json!(["PostDateTime", "Message", "Tags"]);
    let operator = "ForAllValues:StringEquals";
    sets([
        (operator, allowed.clone(), &["Message", "Tags"], Verdict::Holds),
        (operator, allowed.clone(), &["Message"], Verdict::Holds),
        (operator, allowed, &["Message", "UserName"], Verdict::Fails),
    ]);
}

#[test]
fn for_any_value_holds_when_one_request_value_matches_some_document_value() {
    let forbidden = json!(["ID", "PostDateTime"]);
    let operator = "ForAnyValue:StringEquals";
    sets([
        (operator, forbidden.clone(), &["PostDateTime", "Message"], Verdict::Holds),
        (operator, forbidden, &["UserName"], Verdict::Fails),
    ]);
}

#[test]
fn negated_set_operators_negate_each_request_value() {
    let prefix = json!("key1*");
    sets([
        ("ForAllValues:StringNotLike", prefix.clone(), &["key1:legal"], Verdict::Fails),
        ("ForAllValues:StringNotLike", prefix.clone(), &["key1:hr", "key1:personnel"], Verdict::Fails),
        ("ForAllValues:StringNotLike", prefix.clone(), &["key2:audit"], Verdict::Holds),
        ("ForAllValues:StringNotLike", prefix.clone(), &["key1:hr", "key2:audit"], Verdict::Fails),
        ("ForAnyValue:StringNotLike", prefix.clone(), &["key1:hr", "key2:audit"], Verdict::Holds),
        ("ForAnyValue:StringNotLike", prefix, &["key1:hr", "key1:personnel"], Verdict::Fails),
        ("ForAnyValue:StringNotEquals", json!(["a", "b"]), &["a", "b"], Verdict::Fails),
        ("ForAnyValue:StringNotEquals", json!(["a", "b"]), &["a", "c"], Verdict::Holds),
    ]);
}

#[test]
fn for_all_values_holds_and_for_any_value_fails_without_values() {
    let empty = Context::new().with_all("aws:TagKeys", Vec::<String>::new());
    let blank = Context::new().with("aws:TagKeys", "");
    for context in [Context::new(), empty, blank] {
        for test in ["StringEquals", "StringNotEquals", "StringLike"] {
            let all = json!({format!("ForAllValues:{test}"): {"aws:TagKeys": "a"}});
            assert_eq!(condition(&all, &context), Verdict::Holds, "{all} {context:?}");
            let any = json!({format!("ForAnyValue:{test}"): {"aws:TagKeys": "a"}});
            assert_eq!(condition(&any, &context), Verdict::Fails, "{any} {context:?}");
        }
    }
}

#[test]
fn if_exists_goes_with_sets() {
    let missing = Context::new();
    for set in ["ForAnyValue", "ForAllValues"] {
        let written = json!({format!("{set}:StringEqualsIfExists"): {"aws:TagKeys": "a"}});
        assert_eq!(condition(&written, &missing), Verdict::Holds);
        let other = Context::new().with_all("aws:TagKeys", ["b", "c"]);
        assert_eq!(condition(&written, &other), Verdict::Fails);
    }
}

#[test]
fn sets_work_with_every_type() {
    sets([
        ("ForAllValues:NumericLessThan", json!("10"), &["1", "2"], Verdict::Holds),
        ("ForAnyValue:NumericLessThan", json!("2"), &["1", "2"], Verdict::Holds),
        ("ForAllValues:NumericLessThan", json!("2"), &["1", "2"], Verdict::Fails),
        ("ForAnyValue:IpAddress", json!("10.0.0.0/8"), &["1.1.1.1", "10.0.0.1"], Verdict::Holds),
        ("ForAllValues:Bool", json!("true"), &["true", "false"], Verdict::Fails),
        ("ForAnyValue:DateLessThan", json!("2020-01-01"), &["1", "1577836800"], Verdict::Holds),
        ("ForAllValues:ArnLike", json!("arn:aws:s3:::*"), &["arn:aws:s3:::a", "arn:aws:s3:::b"], Verdict::Holds),
    ]);
}

#[test]
fn an_unreadable_value_in_a_set_decides_only_what_the_others_leave_open() {
    sets([
        ("ForAllValues:NumericLessThan", json!("10"), &["1", "x"], Verdict::Undecidable),
        ("ForAllValues:NumericLessThan", json!("10"), &["11", "x"], Verdict::Fails),
        ("ForAnyValue:NumericLessThan", json!("10"), &["1", "x"], Verdict::Holds),
        ("ForAnyValue:NumericLessThan", json!("10"), &["11", "x"], Verdict::Undecidable),
    ]);
}

#[test]
fn several_values_without_a_set_operator_never_allow_and_never_escape_a_deny() {
    sets([
        ("StringEquals", json!(["a", "b"]), &["a", "b"], Verdict::Undecidable),
        ("StringNotEquals", json!("c"), &["a", "b"], Verdict::Undecidable),
        ("StringEqualsIfExists", json!("a"), &["a", "b"], Verdict::Undecidable),
        ("StringEquals", json!("a"), &["a"], Verdict::Holds),
    ]);
}
