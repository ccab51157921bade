//! Whom a trust policy covers ("AWS JSON policy elements: Principal").

use iam::{Context, Outcome, Policy, Principal, Request};
use serde_json::{Value, json};

use crate::check::{Kind, outcome, refusal};

const ISSUER: &str = "arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/";
const ROLE: &str = "arn:aws:iam::123456789012:role/team/admin";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/admin/fred";

fn trusts(principal: &Value, asks: Principal) -> bool {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:*"},
    });
    let policy = Policy::trust("trust", &document).expect("a policy");
    let request = Request {
        principal: asks,
        action: "sts:AssumeRoleWithWebIdentity".into(),
        resource: ROLE.into(),
        context: Context::new(),
    };
    outcome(&[policy], &request) == Outcome::Allowed
}

fn federated(id: &str) -> Principal {
    Principal::Federated(id.into())
}

fn aws(id: &str) -> Principal {
    Principal::Aws(id.into())
}

#[test]
fn a_provider_is_compared_whole_with_its_slash_and_case() {
    let issuer = json!({"Federated": ISSUER});
    assert!(trusts(&issuer, federated(ISSUER)));
    assert!(!trusts(&issuer, federated(ISSUER.trim_end_matches('/'))));
    assert!(!trusts(&issuer, federated(&ISSUER.to_uppercase())));
    assert!(!trusts(&issuer, federated(&format!("{ISSUER}x"))));
    assert!(!trusts(&issuer, aws(ISSUER)));
    assert!(!trusts(&issuer, Principal::Anonymous));
    assert!(trusts(&json!({"Federated": ["www.amazon.com", ISSUER]}), federated(ISSUER)));
}

#[test]
fn a_star_is_everybody_also_under_aws() {
    for everybody in [json!("*"), json!({"AWS": "*"})] {
        assert!(trusts(&everybody, Principal::Anonymous));
        assert!(trusts(&everybody, federated(ISSUER)));
        assert!(trusts(&everybody, aws(SESSION)));
    }
}

#[test]
fn an_account_is_its_number_or_its_root_and_covers_all_in_it() {
    for account in ["123456789012", "arn:aws:iam::123456789012:root"] {
        let account = json!({"AWS": account});
        assert!(trusts(&account, aws("arn:aws:iam::123456789012:root")));
        assert!(trusts(&account, aws("arn:aws:iam::123456789012:user/fred")));
        assert!(trusts(&account, aws(SESSION)));
        assert!(!trusts(&account, aws("arn:aws:iam::999999999999:user/fred")));
        assert!(!trusts(&account, federated(ISSUER)));
    }
}

#[test]
fn a_role_covers_its_sessions_and_a_session_only_itself() {
    let role = json!({"AWS": ROLE});
    assert!(trusts(&role, aws(ROLE)));
    assert!(trusts(&role, aws(SESSION)));
    assert!(!trusts(&role, aws("arn:aws:sts::123456789012:assumed-role/other/admin")));
    assert!(!trusts(&role, aws("arn:aws:sts::999999999999:assumed-role/admin/fred")));
    let session = json!({"AWS": SESSION});
    assert!(trusts(&session, aws(SESSION)));
    assert!(!trusts(&session, aws(ROLE)));
    assert!(!trusts(&session, aws("arn:aws:sts::123456789012:assumed-role/admin/wilma")));
}

#[test]
fn services_and_canonical_users_are_compared_whole() {
    let several = json!({"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"], "CanonicalUser": "79a5"});
    assert!(trusts(&several, Principal::Service("lambda.amazonaws.com".into())));
    assert!(trusts(&several, Principal::CanonicalUser("79a5".into())));
    assert!(!trusts(&several, Principal::Service("ec2.amazonaws.com".into())));
    assert!(!trusts(&several, Principal::CanonicalUser("lambda.amazonaws.com".into())));
}

#[test]
fn what_is_no_principal_is_refused_with_its_place() {
    for (principal, says) in [
        (json!("123456789012"), "Statement.Principal: not a principal: write \"*\""),
        (json!({}), "Statement.Principal: is empty"),
        (json!({"AWS": []}), "Statement.Principal.AWS: is empty"),
        (json!({"AWS": "arn:aws:iam::123456789012:user/*"}), "Statement.Principal.AWS: not a principal: wildcards"),
        (json!({"Federated": "*"}), "Statement.Principal.Federated: not a principal: wildcards"),
        (
            json!({"Service": ["lambda.amazonaws.com", "*"]}),
            "Statement.Principal.Service[1]: not a principal: wildcards",
        ),
        (json!({"Service": "lambda"}), "Statement.Principal.Service: not a principal: a service is named"),
        (json!({"AWS": "fred"}), "Statement.Principal.AWS: not a principal: write an account's"),
        (json!({"AWS": "12345678901"}), "Statement.Principal.AWS: not a principal: write an account's"),
        (json!({"AWS": "arn:aws:s3:::bucket"}), "Statement.Principal.AWS: not a principal: write an account's"),
        (json!({"Federated": ""}), "Statement.Principal.Federated: not a principal: it is empty"),
        (json!({"Federated": "${app:issuer}"}), "Statement.Principal.Federated: not a principal: variables"),
        (json!({"aws": "*"}), "Statement.Principal.aws: unknown element; known here are AWS"),
        (json!({"Group": "x"}), "Statement.Principal.Group: unknown element"),
        (json!(["*"]), "Statement.Principal: should be an object, is a list"),
        (json!({"AWS": 123_456_789_012_u64}), "Statement.Principal.AWS: should be text, is a number"),
    ] {
        let document = json!({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:*"}});
        let refusal = refusal(Kind::Trust, &document.to_string());
        assert!(refusal.starts_with(says), "{principal}: {refusal}");
    }
}
