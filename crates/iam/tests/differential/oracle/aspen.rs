//! The crate `scratchstack-aspen`.

use std::str::FromStr;

use iam::Outcome;
use scratchstack_arn::Arn;
use scratchstack_aspen::{Context, Decision, Policy, PolicySet, PolicySource};
use scratchstack_aws_principal::{AssumedRole, Principal, PrincipalIdentity, Service, SessionData, SessionValue, User};
use serde_json::Value;

use super::{Oracle, Said};
use crate::case::{Case, Kind, Who};

pub struct Aspen;

impl Oracle for Aspen {
    fn name(&self) -> &'static str {
        "aspen"
    }

    fn decide(&mut self, case: &Case) -> Result<Said, String> {
        let mut policies = PolicySet::new();
        for document in &case.policies {
            let mut document = document.clone();
            if case.kind == Kind::Trust {
                cover_all(&mut document["Statement"]);
            }
            let policy = Policy::from_str(&document.to_string()).map_err(|error| error.to_string())?;
            policies.add_policy(PolicySource::new_entity_inline("", "", ""), policy);
        }
        let (service, api) = case.action.split_once(':').ok_or("no action")?;
        let mut context = Context::builder();
        context.service(service).api(api).actor(actor(&case.principal)?).session_data(session(case)?);
        if case.kind == Kind::Permissions {
            context.resources(vec![Arn::from_str(&case.resource).map_err(|error| error.to_string())?]);
        }
        let context = context.build().map_err(|error| error.to_string())?;
        match policies.evaluate(&context).map_err(|error| error.to_string())?.0 {
            Decision::Allow => Ok(Said::This(Outcome::Allowed)),
            Decision::Deny => Ok(Said::This(Outcome::ExplicitlyDenied)),
            Decision::DefaultDeny => Ok(Said::This(Outcome::ImplicitlyDenied)),
        }
    }
}

/// It knows no statement without a resource, as they are in trust policies.
fn cover_all(statements: &mut Value) {
    let statements = match statements {
        Value::Array(statements) => statements.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for statement in statements {
        statement["Resource"] = "*".into();
    }
}

fn actor(who: &Who) -> Result<Principal, String> {
    let identity = match who {
        Who::Aws(id) => {
            let arn = Arn::from_str(id).map_err(|error| error.to_string())?;
            let parts: Vec<_> = arn.resource().split('/').collect();
            match parts.as_slice() {
                ["user", name] => User::new(arn.partition(), arn.account_id(), "/", name).map(PrincipalIdentity::from),
                ["assumed-role", role, session] => {
                    AssumedRole::new(arn.partition(), arn.account_id(), role, session).map(PrincipalIdentity::from)
                }
                _ => return Err(format!("no way to say {id}")),
            }
        }
        Who::Service(id) => {
            let name = id.strip_suffix(".amazonaws.com").ok_or("no service of AWS")?;
            Service::new(name, None, "amazonaws.com").map(PrincipalIdentity::from)
        }
        Who::Federated(_) => return Err("it knows no identity providers".into()),
        Who::Anonymous => return Err("it knows nobody without a name".into()),
    };
    identity.map(|identity| Principal::from(vec![identity])).map_err(|error| error.to_string())
}

/// In its types. It has none for several values.
fn session(case: &Case) -> Result<SessionData, String> {
    let mut session = SessionData::new();
    for (key, values) in case.context.iter().filter(|(_, values)| !values.is_empty()) {
        let value = match (key.as_str(), values.as_slice()) {
            ("app:flag" | "app:flags", [flag]) => SessionValue::Bool(flag == "true"),
            ("app:ip" | "app:ips", [address]) => SessionValue::IpAddr(address.parse().map_err(|_| "no address")?),
            (_, [text]) => SessionValue::String(text.clone()),
            _ => SessionValue::Null,
        };
        session.insert(key, value);
    }
    Ok(session)
}
