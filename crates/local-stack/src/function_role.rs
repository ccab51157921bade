//! What a function may do to the table: its role's permissions are asked before the engine is, as DynamoDB asks IAM. So
//! a role that lacks what the code needs fails here, and not for the first time in the cloud. Next: `embedded_dynamodb`.

use embedded_dynamodb::{Access, Denied};
use explain::session_arn;
use template::{ACCOUNT, Function, PARTITION, REGION};
use time::OffsetDateTime;

use crate::{
    decisions::{By, Decisions, Made},
    gateway::because,
};

/// Lets every access through or refuses the first that isn't allowed, in DynamoDB's words. Only that is put on record.
pub fn authorize(
    function: &Function,
    accesses: &[Access],
    file: &str,
    now: OffsetDateTime,
    decisions: &Decisions,
) -> Result<(), Denied> {
    let user = session_arn(&function.role, &function.name);
    for access in accesses {
        let action = format!("dynamodb:{}", access.action);
        let mut resource = format!("arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT}:table/{}", access.table);
        if let Some(index) = &access.index {
            resource.push_str(&format!("/index/{index}"));
        }
        let request = iam::Request {
            principal: iam::Principal::Aws(user.clone()),
            action: action.clone(),
            resource: resource.clone(),
            context: iam::Context::new().with("aws:PrincipalArn", &function.role.arn),
        };
        let permissions = &function.role.permissions;
        let decision = iam::decide(permissions, &request);
        if !decision.is_allowed() {
            // The store sits behind the router, so nobody here knows of which request this is.
            let mut made = Made::new(now, None, By::Function, format!("{action} on {resource}"));
            made.decided(By::Function, &function.role, file, &iam::explain(permissions, &request));
            decisions.record(made);
            let because = because(&decision, &action);
            return Err(Denied(format!(
                "User: {user} is not authorized to perform: {action} on resource: {resource} {because}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use template::Template;

    #[test]
    fn a_refusal_says_whether_nothing_allows_it_or_something_denies_it() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml");
        let source = std::fs::read_to_string(file).unwrap();
        let check = |source: &str, action: &'static str, words: &str| {
            let given = [("Auth0Domain", "tenant.eu.auth0.com"), ("Auth0ClientId", "pets-spa")];
            let given = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let template = Template::parse(source, &given).unwrap();
            let function = &template.functions["ListFunction"];
            let access = Access { action, table: function.environment["TABLE_NAME"].clone(), index: None };
            let decisions = Decisions::new().unwrap();
            let now = OffsetDateTime::UNIX_EPOCH;
            let Denied(message) = authorize(function, &[access], "template.yaml", now, &decisions).unwrap_err();
            let [decision] = &decisions.last()[..] else { panic!("one decision") };
            assert!(!decision.allowed && decision.asked.contains(action), "{decision:?}");
            assert!(message.contains(words) && message.contains(&format!("dynamodb:{action}")), "{message}");
        };
        check(&source, "DeleteItem", "because no identity-based policy allows");
        let denied = source.replacen("Sid: OnePetByItsId\n                Effect: Allow", "Effect: Deny", 1);
        check(&denied, "GetItem", "with an explicit deny");
    }
}
