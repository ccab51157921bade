//! What a function may do to the table: its role's permissions are asked before the engine is, as DynamoDB asks IAM. So
//! a role that lacks what the code needs fails here, and not for the first time in the cloud. Next: `embedded_dynamodb`.

use embedded_dynamodb::{Access, Denied};
use template::{ACCOUNT, Function, PARTITION, REGION};

use crate::{
    sts::session_arn,
    why::{because, why},
};

/// Lets every access through or refuses the first that isn't allowed, in DynamoDB's words.
pub fn authorize(function: &Function, accesses: &[Access]) -> Result<(), Denied> {
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
        let decision = iam::decide(&function.role.permissions, &request);
        if !decision.is_allowed() {
            tracing::warn!(role = function.role.name, "{action} on {resource}: {}", why(&decision));
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
            let Denied(message) = authorize(function, &[access]).unwrap_err();
            assert!(message.contains(words) && message.contains(&format!("dynamodb:{action}")), "{message}");
        };
        check(&source, "DeleteItem", "because no identity-based policy allows");
        let denied = source.replacen("Sid: OnePetByItsId\n                Effect: Allow", "Effect: Deny", 1);
        check(&denied, "GetItem", "with an explicit deny");
    }
}
