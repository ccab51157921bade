//! The crate `iam-rs`.

use iam::Outcome;
use iam_rs::{
    Arn, Context, ContextValue, Decision, EvaluationOptions, IAMPolicy, IAMRequest, PolicyEvaluator, Principal,
    PrincipalId,
};

use super::{Oracle, Said};
use crate::case::{Case, Kind, Who};

pub struct IamRs;

impl Oracle for IamRs {
    fn name(&self) -> &'static str {
        "iam-rs"
    }

    fn decide(&mut self, case: &Case) -> Result<Said, String> {
        let parsed = case.policies.iter().map(|document| IAMPolicy::from_json(&document.to_string()));
        let policies = parsed.collect::<Result<Vec<_>, _>>().map_err(|error| format!("{error:?}"))?;
        let resource = Arn::parse(&case.resource).map_err(|error| error.to_string())?;
        let mut context = Context::new();
        for (key, values) in case.context.iter().filter(|(_, values)| !values.is_empty()) {
            context.insert(key.clone(), value(key, values));
        }
        let principal = match &case.principal {
            Who::Aws(id) => Principal::Aws(PrincipalId::String(id.clone())),
            Who::Federated(id) => Principal::Federated(PrincipalId::String(id.clone())),
            Who::Service(id) => Principal::Service(PrincipalId::String(id.clone())),
            Who::Anonymous => return Err("it knows nobody without a name".into()),
        };
        let request = IAMRequest::new_with_context(principal, case.action.clone(), resource, context);
        // A trust policy has no resource, and here would cover none.
        let options =
            EvaluationOptions { ignore_resource_constraints: case.kind == Kind::Trust, ..EvaluationOptions::default() };
        let evaluator = PolicyEvaluator::with_policies(policies).with_options(options);
        match evaluator.evaluate(&request).map_err(|error| error.to_string())?.decision {
            Decision::Allow => Ok(Said::This(Outcome::Allowed)),
            Decision::Deny => Ok(Said::This(Outcome::ExplicitlyDenied)),
            Decision::NotApplicable => Ok(Said::This(Outcome::ImplicitlyDenied)),
        }
    }
}

/// In its types: keys whose names end in `s` have several values.
fn value(key: &str, values: &[String]) -> ContextValue {
    let flags = || values.iter().map(|value| value == "true").collect::<Vec<_>>();
    match (key, values) {
        ("app:flag", [_]) => ContextValue::Boolean(flags()[0]),
        ("app:flags", _) => ContextValue::BooleanList(flags()),
        (_, [one]) if !key.ends_with('s') => ContextValue::String(one.clone()),
        _ => ContextValue::StringList(values.to_vec()),
    }
}
