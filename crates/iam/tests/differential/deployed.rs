//! The documents of the deployed template, and requests around what they allow: other methods, paths, stages, regions
//! and accounts, wildcards as text, other providers and claims. `documents.json` is written and held to the template by
//! `tests/template/documents.py`.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::{prelude::*, sample::select};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    bend::{Bend, any_bend, bent, bent_resource},
    case::{Case, Kind, Who, list},
};

#[derive(Deserialize)]
struct Documents {
    permissions: BTreeMap<String, Vec<Value>>,
    trust: BTreeMap<String, Value>,
}

static DOCUMENTS: LazyLock<Documents> =
    LazyLock::new(|| serde_json::from_str(include_str!("documents.json")).expect("the template's documents"));

const SELLER: &str = "arn:aws:sts::123456789012:assumed-role/auth0-api-role/betty";
const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/tenant.eu.auth0.com/";
const PROVIDERS: [&str; 5] = [
    PROVIDER,
    "arn:aws:iam::123456789012:oidc-provider/tenant.eu.auth0.com",
    "arn:aws:iam::999999999999:oidc-provider/tenant.eu.auth0.com/",
    "arn:aws:iam::123456789012:oidc-provider/Tenant.eu.auth0.com/",
    "arn:aws:iam::123456789012:oidc-provider/tenant.eu.auth0.com.evil.example/",
];
const PEOPLE: [&str; 3] = ["auth0|betty", "google-oauth2|fred", "amazon|fred"];
const SUBJECTS: [&str; 9] = [
    "auth0|",
    "auth0",
    "Auth0|betty",
    " auth0|betty",
    "amazon",
    "github|auth0|fred",
    "samlp|auth0|fred",
    "email|fred",
    "*",
];

/// A role's permissions, now and then with a document beside them that denies something near.
pub fn permissions() -> impl Strategy<Value = Case> {
    let roles: Vec<&'static str> = DOCUMENTS.permissions.keys().map(String::as_str).collect();
    let anything = allowed_anywhere();
    let deny = prop::option::weighted(0.4, (select(anything.clone()), any_bend()));
    let others = prop::bool::weighted(0.3);
    (select(roles), any::<prop::sample::Index>(), others, select(anything), any_near(), deny).prop_map(
        |(role, own, others, other, near, deny)| {
            let mut policies = DOCUMENTS.permissions[role].clone();
            let own: (_, _) = own.get(&allowed(&policies)).clone();
            let (action, resource) = if others { other } else { own };
            let resource = near.to(&resource);
            if let Some(((_, denied), bend)) = deny {
                let denied = if bend.own { bent_resource(&resource, bend, "pets") } else { denied };
                policies.push(json!({
                    "Version": "2012-10-17",
                    "Statement": {"Effect": "Deny", "Action": "*", "Resource": denied},
                }));
            }
            Case {
                kind: Kind::Permissions,
                policies,
                principal: Who::Aws(SELLER.into()),
                action,
                resource,
                context: BTreeMap::new(),
            }
        },
    )
}

/// A role's trust policy and somebody's token, as STS passes it on.
pub fn trust() -> impl Strategy<Value = Case> {
    let roles: Vec<&'static str> = DOCUMENTS.trust.keys().map(String::as_str).collect();
    let mostly = |weight, right: &'static str, others: Vec<&'static str>| prop_oneof![weight => Just(right), 1 => select(others)];
    let provider = mostly(6, PROVIDER, PROVIDERS.to_vec()).prop_map(|id| Who::Federated(id.into()));
    let who = prop_oneof![
        12 => provider,
        1 => select(vec!["lambda.amazonaws.com", "apigateway.amazonaws.com"]).prop_map(|id| Who::Service(id.into())),
        1 => Just(Who::Aws(SELLER.into())),
    ];
    let people = select(vec!["AdminRole", "BuyerRole"]);
    let role = prop_oneof![6 => people, 1 => select(roles)];
    let audience = mostly(6, "client", vec!["Client", "client2", "*", ""]);
    let subject = (prop_oneof![2 => select(&PEOPLE[..]), 1 => select(&SUBJECTS[..])], any_bend());
    let subject =
        subject.prop_map(|(subject, bend)| if bend.how < 20 { subject.to_owned() } else { bent(subject, bend) });
    let claims = (prop::option::weighted(0.9, audience), prop::option::weighted(0.9, subject));
    (role, who, claims, prop::bool::weighted(0.1)).prop_map(|(role, who, (audience, subject), lower)| {
        let key = |claim: &str| {
            let key = format!("tenant.eu.auth0.com/:{claim}");
            if lower { key.to_uppercase() } else { key }
        };
        let audience = audience.map(|audience| (key("aud"), vec![audience.to_owned()]));
        let subject = subject.map(|subject| (key("sub"), vec![subject]));
        let web = matches!(who, Who::Federated(_));
        Case {
            kind: Kind::Trust,
            policies: vec![DOCUMENTS.trust[role].clone()],
            principal: who,
            action: if web { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRole" }.into(),
            resource: "arn:aws:iam::123456789012:role/auth0-api-role".into(),
            context: audience.into_iter().chain(subject).collect(),
        }
    })
}

/// Each action with each resource that the documents name together.
fn allowed(documents: &[Value]) -> Vec<(String, String)> {
    let statements = documents.iter().flat_map(|document| list(&document["Statement"]));
    let pairs = statements.flat_map(|statement| {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let resources = list(&statement["Resource"]).into_iter().map(text);
        let actions: Vec<_> = list(&statement["Action"]).into_iter().map(text).collect();
        resources.flat_map(move |resource| actions.clone().into_iter().map(move |action| (action, resource.clone())))
    });
    pairs.collect()
}

fn allowed_anywhere() -> Vec<(String, String)> {
    DOCUMENTS.permissions.values().flat_map(|documents| allowed(documents)).collect()
}

/// A change of a resource that a request could have.
#[derive(Debug, Clone)]
struct Near {
    what: &'static str,
    bend: Bend,
}

const CHANGES: [&str; 12] =
    ["", "", "", "method", "stage", "api", "region", "account", "path", "deeper", "shorter", "letters"];

fn any_near() -> impl Strategy<Value = Near> {
    (select(&CHANGES[..]), any_bend()).prop_map(|(what, bend)| Near { what, bend })
}

impl Near {
    /// What the document's wildcards stand for, and then the change.
    fn to(&self, pattern: &str) -> String {
        let filled = pattern.replace('*', ["7", "", "7/x", "*", "a:b"][self.bend.at % 5]);
        let mut parts: Vec<String> = filled.splitn(6, ':').map(str::to_owned).collect();
        let mut path: Vec<String> = parts[5].split('/').map(str::to_owned).collect();
        let pick = |words: &[&str]| words[self.bend.at % words.len()].to_owned();
        match self.what {
            "api" => path[0] = pick(&["api2", "ap", "*", "API"]),
            "stage" if path.len() > 2 => path[1] = pick(&["prod", "tes", "Test", "*", ""]),
            "method" if path.len() > 2 => path[2] = pick(&["GET", "POST", "DELETE", "PUT", "get", "*", "OPTIONS"]),
            "path" => {
                *path.last_mut().expect("never empty") = pick(&["purchase", "sales", "purchases", "pets", "*", ".."])
            }
            "deeper" => path.push(pick(&["7", "", "sales", "*"])),
            "shorter" if path.len() > 1 => drop(path.pop()),
            "region" => parts[3] = pick(&["eu-west-1", "", "us-east-2"]),
            "account" => parts[4] = pick(&["999999999999", "123456789013", ""]),
            "letters" => {
                let last = path.last_mut().expect("never empty");
                *last = bent(last, self.bend);
            }
            _ => {}
        }
        parts[5] = path.join("/");
        parts.join(":")
    }
}
