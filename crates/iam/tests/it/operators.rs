//! Condition operators, one value against one or several ("IAM JSON policy elements: Condition operators").

use iam::{Context, Verdict};
use serde_json::json;

use crate::check::{compare, condition, table};

#[test]
fn string_equals_is_exact_and_case_sensitive_and_knows_no_wildcards() {
    table([
        ("StringEquals", json!("john"), "john", true),
        ("StringEquals", json!("john"), "John", false),
        ("StringEquals", json!("j*"), "john", false),
        ("StringEquals", json!("j*"), "j*", true),
        ("StringEquals", json!(["x", "john"]), "john", true),
        ("StringEquals", json!(""), "", true),
        ("StringEquals", json!("a"), "", false),
        ("StringEquals", json!(7), "7", true),
        ("StringEquals", json!(true), "true", true),
    ]);
}

#[test]
fn string_not_equals_is_a_nor_over_its_values() {
    table([
        ("StringNotEquals", json!("john"), "john", false),
        ("StringNotEquals", json!("john"), "John", true),
        ("StringNotEquals", json!(["a", "b"]), "b", false),
        ("StringNotEquals", json!(["a", "b"]), "c", true),
    ]);
}

#[test]
fn string_equals_ignore_case_ignores_case_beyond_ascii_too() {
    table([
        ("StringEqualsIgnoreCase", json!("JÖRG"), "jörg", true),
        ("StringEqualsIgnoreCase", json!("john"), "johnny", false),
        ("StringEqualsIgnoreCase", json!("j?hn"), "john", false),
        ("StringNotEqualsIgnoreCase", json!("JOHN"), "john", false),
        ("StringNotEqualsIgnoreCase", json!(["a", "B"]), "c", true),
    ]);
}

#[test]
fn string_like_matches_wildcards_anywhere_and_is_case_sensitive() {
    table([
        ("StringLike", json!("auth0|*"), "auth0|507f1f77", true),
        ("StringLike", json!("auth0|*"), "auth0|", true),
        ("StringLike", json!("auth0|*"), "google-oauth2|auth0|1", false),
        ("StringLike", json!("auth0|*"), "Auth0|1", false),
        ("StringLike", json!("auth0|*"), "auth0", false),
        ("StringLike", json!("*"), "", true),
        ("StringLike", json!("?"), "", false),
        ("StringLike", json!("?"), "ö", true),
        ("StringLike", json!("a?c*e"), "abc/d:e", true),
        ("StringLike", json!("a?c*e"), "ac/d:e", false),
        ("StringLike", json!("a?c*e"), "abc/d:ef", false),
        ("StringLike", json!("t1.*"), "t1xmicro", false),
        ("StringLike", json!(["amazon|*", "github|*"]), "github|1", true),
        ("StringNotLike", json!("auth0|*"), "auth0|1", false),
        ("StringNotLike", json!(["a*", "b*"]), "c", true),
        ("StringNotLike", json!(["a*", "b*"]), "bc", false),
    ]);
}

#[test]
fn string_like_takes_wildcards_of_the_request_for_characters() {
    table([
        ("StringLike", json!("auth0|abc"), "auth0|*", false),
        ("StringLike", json!("a?c"), "a*c", true),
        ("StringLike", json!("abc"), "*", false),
        ("StringLike", json!("abc"), "a?c", false),
    ]);
}

#[test]
fn numeric_operators_compare_integers_and_decimals_without_rounding() {
    table([
        ("NumericEquals", json!("10"), "10.0", true),
        ("NumericEquals", json!(10), "10", true),
        ("NumericEquals", json!(0.1), "0.1", true),
        ("NumericEquals", json!(0.00001), "0.00001", true),
        ("NumericEquals", json!("-0"), "0", true),
        ("NumericEquals", json!("9007199254740993"), "9007199254740992", false),
        ("NumericEquals", json!("0.1"), "0.100000000000000001", false),
        ("NumericEquals", json!(["1", "2"]), "2", true),
        ("NumericNotEquals", json!(["1", "2"]), "2", false),
        ("NumericNotEquals", json!(["1", "2"]), "3", true),
        ("NumericLessThan", json!("10"), "9.99", true),
        ("NumericLessThan", json!("10"), "10", false),
        ("NumericLessThan", json!("10"), "9", true),
        ("NumericLessThanEquals", json!("10"), "10", true),
        ("NumericLessThanEquals", json!("10"), "10.1", false),
        ("NumericGreaterThan", json!("-10"), "-9", true),
        ("NumericGreaterThan", json!("-10"), "-11", false),
        ("NumericGreaterThanEquals", json!("10"), "10", true),
        ("NumericGreaterThanEquals", json!("10"), "9", false),
    ]);
}

#[test]
fn date_operators_take_iso_8601_and_epoch_seconds() {
    table([
        ("DateEquals", json!("2020-01-01T00:00:01Z"), "1577836801", true),
        ("DateEquals", json!(1_577_836_801), "2020-01-01T01:00:01+01:00", true),
        ("DateEquals", json!("2020-01-01"), "2020-01-01T00:00:00Z", true),
        ("DateEquals", json!("2020-01"), "2020-01-01T00:00:00Z", true),
        ("DateEquals", json!("2020-01-01T12:30Z"), "2020-01-01T12:30:00Z", true),
        ("DateEquals", json!("2020-01-01T12:30:15.25Z"), "2020-01-01T12:30:15.250Z", true),
        ("DateNotEquals", json!("2020-01-01"), "2020-01-01T00:00:00Z", false),
        ("DateNotEquals", json!("2020-01-01"), "2020-01-01T00:00:01Z", true),
        ("DateLessThan", json!("2020-01-01T00:00:01Z"), "2020-01-01T00:00:00Z", true),
        ("DateLessThan", json!("2020-01-01T00:00:01Z"), "2020-01-01T00:00:01Z", false),
        ("DateLessThanEquals", json!("2020-01-01T00:00:01Z"), "2020-01-01T00:00:01Z", true),
        ("DateGreaterThan", json!("2020-01-01T00:00:01Z"), "2020-01-01T00:00:02Z", true),
        ("DateGreaterThan", json!("2020-01-01T00:00:01Z"), "2020-01-01T00:00:01Z", false),
        ("DateGreaterThanEquals", json!("2020-01-01T00:00:01Z"), "1577836801", true),
        ("DateGreaterThanEquals", json!("2020-01-01T00:00:01Z"), "1577836800", false),
    ]);
}

#[test]
fn bool_takes_truth_as_text_and_as_json() {
    table([
        ("Bool", json!("true"), "true", true),
        ("Bool", json!(true), "true", true),
        ("Bool", json!("TRUE"), "true", true),
        ("Bool", json!("false"), "true", false),
        ("Bool", json!(false), "False", true),
        ("Bool", json!(["true", "false"]), "false", true),
    ]);
}

#[test]
fn binary_equals_compares_the_decoded_bytes() {
    table([
        ("BinaryEquals", json!("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), "BinaryValueInBase64", true),
        ("BinaryEquals", json!("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), "binaryvalueinbase64", false),
    ]);
}

#[test]
fn ip_address_takes_addresses_and_blocks_of_both_families() {
    table([
        ("IpAddress", json!("203.0.113.0/24"), "203.0.113.255", true),
        ("IpAddress", json!("203.0.113.0/24"), "203.0.114.0", false),
        ("IpAddress", json!("203.0.113.7"), "203.0.113.7", true),
        ("IpAddress", json!("203.0.113.7"), "203.0.113.8", false),
        ("IpAddress", json!("2001:DB8:1234:5678::/64"), "2001:db8:1234:5678::1", true),
        ("IpAddress", json!("2001:DB8:1234:5678::/64"), "2001:db8:1234:5679::1", false),
        ("IpAddress", json!("2001:db8::1"), "2001:db8:0::1", true),
        ("IpAddress", json!(["203.0.113.0/24", "2001:db8::/32"]), "2001:db8::9", true),
        ("IpAddress", json!("0.0.0.0/0"), "::1", false),
        ("NotIpAddress", json!(["203.0.113.0/24", "10.0.0.0/8"]), "10.1.1.1", false),
        ("NotIpAddress", json!(["203.0.113.0/24", "10.0.0.0/8"]), "11.1.1.1", true),
    ]);
}

#[test]
fn arn_operators_match_each_of_six_components_and_equals_is_like() {
    let finance = json!("arn:aws:someservice:*:111122223333:finance/*");
    let evil = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
    let good = "arn:aws:someservice:us-east-2:111122223333:finance/a:b/c";
    for (operator, like) in [("ArnLike", true), ("ArnEquals", true), ("ArnNotLike", false), ("ArnNotEquals", false)] {
        table([
            (operator, finance.clone(), evil, !like),
            (operator, finance.clone(), good, like),
            (operator, json!("arn:aws:sns:*:?:Topic"), "arn:aws:sns:eu:1:Topic", like),
            (operator, json!("arn:aws:sns:*:?:Topic"), "arn:aws:sns:eu:1:topic", !like),
            (operator, json!("arn:*:*:*:*:*"), "arn:aws:s3:::bucket/a:b", like),
        ]);
    }
    table([("StringLike", finance, evil, true)]);
}

#[test]
fn null_asks_whether_the_key_is_absent() {
    let (absent, present) = (Context::new(), Context::new().with("aws:TokenIssueTime", "x"));
    let blank = Context::new().with("aws:TokenIssueTime", "");
    for (value, context, expected) in [
        (json!("true"), &absent, Verdict::Holds),
        (json!("true"), &present, Verdict::Fails),
        (json!("false"), &absent, Verdict::Fails),
        (json!(false), &present, Verdict::Holds),
        (json!(["true", "false"]), &present, Verdict::Holds),
        (json!("false"), &blank, Verdict::Holds),
    ] {
        let null = json!({"Null": {"aws:TokenIssueTime": value}});
        assert_eq!(condition(&null, context), expected, "{null}");
    }
}

#[test]
fn an_absent_key_fails_plain_operators_and_holds_for_negated_ones() {
    let values = [
        ("StringEquals", "a"),
        ("StringEqualsIgnoreCase", "a"),
        ("StringLike", "*"),
        ("NumericEquals", "1"),
        ("NumericLessThan", "1"),
        ("NumericGreaterThanEquals", "1"),
        ("DateLessThan", "2020-01-01"),
        ("DateEquals", "2020-01-01"),
        ("Bool", "false"),
        ("BinaryEquals", "YQ=="),
        ("IpAddress", "0.0.0.0/0"),
        ("ArnLike", "arn:*:*:*:*:*"),
        ("ArnEquals", "arn:*:*:*:*:*"),
    ];
    let negated = [
        ("StringNotEquals", "a"),
        ("StringNotEqualsIgnoreCase", "a"),
        ("StringNotLike", "*"),
        ("NumericNotEquals", "1"),
        ("DateNotEquals", "2020-01-01"),
        ("NotIpAddress", "0.0.0.0/0"),
        ("ArnNotLike", "arn:*:*:*:*:*"),
        ("ArnNotEquals", "arn:*:*:*:*:*"),
    ];
    let verdict = |operator: &str, value: &str| condition(&json!({operator: {"app:key": value}}), &Context::new());
    for (operator, value) in values {
        assert_eq!(verdict(operator, value), Verdict::Fails, "{operator}");
    }
    for (operator, value) in negated {
        assert_eq!(verdict(operator, value), Verdict::Holds, "{operator}");
    }
    for (operator, value) in values.into_iter().chain(negated) {
        let operator = format!("{operator}IfExists");
        assert_eq!(verdict(&operator, value), Verdict::Holds, "{operator}");
    }
}

#[test]
fn if_exists_processes_a_key_that_is_there() {
    table([
        ("StringLikeIfExists", json!("t2.*"), "t2.micro", true),
        ("StringLikeIfExists", json!("t2.*"), "m5.large", false),
        ("StringNotEqualsIfExists", json!("a"), "a", false),
        ("BoolIfExists", json!("true"), "false", false),
    ]);
}

#[test]
fn a_request_value_of_another_type_never_allows_and_never_escapes_a_deny() {
    for (operator, wanted, got) in [
        ("NumericLessThan", "1", "one"),
        ("NumericNotEquals", "1", "1e0"),
        ("NumericEquals", "1", ""),
        ("DateLessThan", "2020-01-01", "yesterday"),
        ("DateNotEquals", "2020-01-01", "20200101T000000Z"),
        ("Bool", "false", "no"),
        ("IpAddress", "10.0.0.0/8", "10.0.0.1:80"),
        ("NotIpAddress", "10.0.0.0/8", "host"),
        ("ArnLike", "arn:*:*:*:*:*", "arn:aws:s3"),
        ("ArnNotEquals", "arn:*:*:*:*:*", "bucket"),
    ] {
        assert_eq!(compare(operator, json!(wanted), got), Verdict::Undecidable, "{operator} {got}");
    }
}

#[test]
fn several_operators_and_several_keys_all_have_to_hold() {
    let both = json!({
        "StringEquals": {"app:a": "1", "app:b": ["2", "3"]},
        "StringNotEquals": {"app:c": "4"},
    });
    let context = Context::new().with("app:a", "1").with("app:b", "3");
    assert_eq!(condition(&both, &context), Verdict::Holds);
    assert_eq!(condition(&both, &context.clone().with("app:a", "2")), Verdict::Fails);
    assert_eq!(condition(&both, &context.clone().with("app:b", "4")), Verdict::Fails);
    assert_eq!(condition(&both, &context.with("app:c", "4")), Verdict::Fails);
}

#[test]
fn condition_keys_are_compared_without_case() {
    let context = Context::new().with("AWS:SourceIP", "10.0.0.1");
    let source = json!({"IpAddress": {"aws:sourceip": "10.0.0.1"}});
    assert_eq!(condition(&source, &context), Verdict::Holds);
}
