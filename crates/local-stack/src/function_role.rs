//! What a function may do to the table: its role's permissions are asked before the engine is, as DynamoDB asks IAM. So
//! a role that lacks what the code needs fails here, and not for the first time in the cloud. Next: `embedded_dynamodb`.

use embedded_dynamodb::{Access, Denied};

use crate::{
    sts::session_arn,
    template::{ACCOUNT, Function, PARTITION, REGION},
    why::why,
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
            return Err(Denied(format!(
                "User: {user} is not authorized to perform: {action} on resource: {resource} because no \
                 identity-based policy allows the {action} action"
            )));
        }
    }
    Ok(())
}
