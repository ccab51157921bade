//! Documents and requests that are close to each other: patterns are bent out of the request's own words, so that a
//! good share of the statements apply, and what doesn't misses by a little. Who wants a wider net bends more; what a
//! decision should be isn't known here.

use std::collections::BTreeMap;

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::{
    bend::{Bend, any_bend, bent_action, bent_resource},
    case::{Case, Kind, Who},
    conditions::{Draft, KEYS, any_draft, written},
};

const ACTIONS: [&str; 5] =
    ["execute-api:Invoke", "s3:GetObject", "s3:GetObjectTagging", "dynamodb:GetItem", "iam:get-user"];
const RESOURCES: [&str; 8] = [
    "arn:aws:execute-api:us-east-1:123456789012:api/test/POST/pets",
    "arn:aws:execute-api:us-east-1:123456789012:api/test/GET/pets/7",
    "arn:aws:s3:::shop/fred/picture.png",
    "arn:aws:s3:::shop",
    "arn:aws:dynamodb:eu-west-1:999999999999:table/Pets/index/Price",
    "arn:aws:sns:us-east-1:123456789012:topic:fred",
    "arn:aws-cn:s3:::shop/fred/a?b",
    "arn:aws:s3:::shop/a*b/${aws:username}",
];
const ROLE: &str = "arn:aws:iam::123456789012:role/buyer";
const FRED: &str = "arn:aws:iam::123456789012:user/fred";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/seller/fred";
const PROVIDER: &str = "arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/";
const PRINCIPALS: [&str; 4] = [FRED, SESSION, PROVIDER, "lambda.amazonaws.com"];

/// A permissions policy's case, with up to three documents of up to three statements.
pub fn permissions() -> impl Strategy<Value = Case> {
    let statements = prop::collection::vec(any_statement(), 1..4);
    let documents = prop::collection::vec((version(), statements), 1..4);
    (select(&ACTIONS[..]), select(&RESOURCES[..]), any_context(), documents).prop_map(
        |(action, resource, context, documents)| {
            let request = Request { action, resource, context };
            let document = |(version, drafts): (_, Vec<Statement>)| {
                let statements: Vec<_> = drafts.iter().map(|draft| draft.written(&request)).collect();
                json!({"Version": version, "Statement": statements})
            };
            Case {
                kind: Kind::Permissions,
                policies: documents.into_iter().map(document).collect(),
                principal: Who::Aws(FRED.into()),
                action: action.into(),
                resource: resource.into(),
                context: request.context,
            }
        },
    )
}

/// A role's trust policy, of up to three statements.
pub fn trust() -> impl Strategy<Value = Case> {
    let who = (select(&PRINCIPALS[..]), any_bend());
    let statements = prop::collection::vec((any_statement(), prop::collection::vec(who, 1..3)), 1..4);
    (select(&PRINCIPALS[..]), any_context(), version(), statements).prop_map(|(asks, context, version, statements)| {
        let action = if asks == PROVIDER { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRole" };
        let request = Request { action, resource: ROLE, context };
        let statement = |(draft, whom): &(Statement, Vec<(&'static str, Bend)>)| {
            let mut statement = draft.written(&request);
            let object = statement.as_object_mut().expect("a statement is an object");
            object.remove("Resource");
            object.remove("NotResource");
            object.insert("Principal".into(), principal(asks, whom));
            statement
        };
        let statements: Vec<_> = statements.iter().map(statement).collect();
        Case {
            kind: Kind::Trust,
            policies: vec![json!({"Version": version, "Statement": statements})],
            principal: who_is(asks),
            action: action.into(),
            resource: ROLE.into(),
            context: request.context,
        }
    })
}

fn who_is(id: &str) -> Who {
    match kind_of(id) {
        "Federated" => Who::Federated(id.into()),
        "Service" => Who::Service(id.into()),
        _ => Who::Aws(id.into()),
    }
}

fn kind_of(id: &str) -> &'static str {
    match id {
        _ if id.contains("oidc-provider") => "Federated",
        _ if id.ends_with(".amazonaws.com") => "Service",
        _ => "AWS",
    }
}

/// Whom a statement names: mostly the one who asks, or somebody who looks alike.
fn principal(asks: &str, whom: &[(&'static str, Bend)]) -> Value {
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (other, bend) in whom {
        let id = if bend.own { asks } else { other };
        let written = match (kind_of(id), bend.how % 8) {
            (_, 0) if whom.len() == 1 => return json!("*"),
            ("AWS", 1) => "123456789012".into(),
            ("AWS", 2) => "arn:aws:iam::123456789012:root".into(),
            ("AWS", 3) => "*".into(),
            ("AWS", 4) if id == SESSION => "arn:aws:iam::123456789012:role/team/seller".into(),
            (_, 5) => format!("{id}x"),
            ("Federated", 6) => id.trim_end_matches('/').to_owned(),
            ("AWS", 6) => "arn:aws:iam::999999999999:root".into(),
            _ => id.to_owned(),
        };
        named.entry(kind_of(id)).or_default().push(written);
    }
    json!(named)
}

fn version() -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => Just("2012-10-17"), 1 => Just("2008-10-17")]
}

/// What a request has under the keys that conditions ask for; a key is missing now and then.
pub fn any_context() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let one = |key: &'static crate::conditions::Key| {
        let values = prop::collection::vec(select(key.got), if key.several { 1..4 } else { 1..2 });
        prop::option::weighted(0.75, values).prop_map(|values| (key.name, values))
    };
    KEYS.iter().map(one).collect::<Vec<_>>().prop_map(|keys| {
        let given = |(name, values): (&str, Option<Vec<&str>>)| {
            values.map(|values| (name.to_owned(), values.into_iter().map(str::to_owned).collect()))
        };
        keys.into_iter().filter_map(given).collect()
    })
}

struct Request {
    action: &'static str,
    resource: &'static str,
    context: BTreeMap<String, Vec<String>>,
}

/// A statement before the request's words are in it.
#[derive(Debug, Clone)]
struct Statement {
    deny: bool,
    not_action: bool,
    not_resource: bool,
    actions: Vec<(&'static str, Bend)>,
    resources: Vec<(&'static str, Bend)>,
    conditions: Vec<Draft>,
}

fn any_statement() -> impl Strategy<Value = Statement> {
    let actions = prop::collection::vec((select(&ACTIONS[..]), any_bend()), 1..3);
    let resources = prop::collection::vec((select(&RESOURCES[..]), any_bend()), 1..3);
    let rarely = || prop::bool::weighted(0.15);
    let conditions = prop_oneof![
        2 => Just(Vec::new()),
        5 => any_draft().prop_map(|draft| vec![draft]),
        1 => prop::collection::vec(any_draft(), 2),
    ];
    (prop::bool::weighted(0.4), rarely(), rarely(), actions, resources, conditions).prop_map(
        |(deny, not_action, not_resource, actions, resources, conditions)| Statement {
            deny,
            not_action,
            not_resource,
            actions,
            resources,
            conditions,
        },
    )
}

impl Statement {
    fn written(&self, request: &Request) -> Value {
        let fred = request.context.get("app:text").and_then(|values| values.first());
        let name = fred.map_or("fred", String::as_str);
        // What isn't to be excluded is somebody else's.
        let own = |bend: &Bend, not: bool| bend.own != not;
        let action = |(other, bend): &(&'static str, Bend)| {
            bent_action(if own(bend, self.not_action) { request.action } else { other }, *bend)
        };
        let resource = |(other, bend): &(&'static str, Bend)| {
            bent_resource(if own(bend, self.not_resource) { request.resource } else { other }, *bend, name)
        };
        let actions: Vec<_> = self.actions.iter().map(action).collect();
        let resources: Vec<_> = self.resources.iter().map(resource).collect();
        let mut statement = json!({
            "Effect": if self.deny { "Deny" } else { "Allow" },
            if self.not_action { "NotAction" } else { "Action" }: one_or_many(actions),
            if self.not_resource { "NotResource" } else { "Resource" }: one_or_many(resources),
        });
        let mut blocks: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for draft in &self.conditions {
            let (operator, key, values) = written(draft, &request.context);
            let block = blocks.entry(operator).or_default();
            // Key names are compared without case, and one stands for itself once.
            if !block.keys().any(|known| known.eq_ignore_ascii_case(&key)) {
                block.insert(key, values);
            }
        }
        if !blocks.is_empty() {
            statement["Condition"] = json!(blocks);
        }
        statement
    }
}

fn one_or_many(mut texts: Vec<String>) -> Value {
    if texts.len() == 1 { texts.remove(0).into() } else { texts.into() }
}
