//! What a session may do: the role's permissions policies, and a session policy where there is one, are asked for
//! `execute-api:Invoke` on exactly this method and path. Every decision is logged with the statement that decided.

use super::refusal::Refusal;
use template::{ACCOUNT, PARTITION, Provider, REGION, Role};

use crate::{
    caller::Caller,
    credentials::Session,
    sts::session_arn,
    why::{because, why},
};

const ACTION: &str = "execute-api:Invoke";

/// Lets the session through or refuses it in API Gateway's words. `place` is `<api>/<stage>/<METHOD>/<path>`.
pub fn authorize(
    session: &Session,
    role: &Role,
    provider: Option<&Provider>,
    place: &str,
    caller: &Caller,
) -> Result<(), Refusal> {
    let request = iam::Request {
        principal: iam::Principal::Aws(session_arn(role, &session.name)),
        action: ACTION.into(),
        resource: format!("arn:{PARTITION}:execute-api:{REGION}:{ACCOUNT}:{place}"),
        context: context(session, role, provider, caller),
    };
    check(&role.permissions, &request, role, session, place, caller)?;
    if let Some(policy) = &session.policy {
        // It was read when the session began; what can't be read any more lets nothing through.
        let policy = iam::Policy::permissions("session-policy", policy).map_err(|_| Refusal::UnrecognizedClient)?;
        check(&[policy], &request, role, session, place, caller)?;
    }
    Ok(())
}

fn check(
    policies: &[iam::Policy],
    request: &iam::Request,
    role: &Role,
    session: &Session,
    place: &str,
    caller: &Caller,
) -> Result<(), Refusal> {
    let decision = iam::decide(policies, request);
    tracing::info!(request = %caller.request_id, role = role.name, "{ACTION} on {place}: {}", why(&decision));
    if decision.is_allowed() {
        return Ok(());
    }
    let because = because(&decision, ACTION);
    let user = session_arn(role, &session.name);
    let account = format!("********{}", &ACCOUNT[8..]);
    Err(Refusal::AccessDenied(format!(
        "User: {user} is not authorized to perform: {ACTION} on resource: \
         arn:{PARTITION}:execute-api:{REGION}:{account}:{place} {because}"
    )))
}

/// The condition keys of a call with session credentials (IAM User Guide, "AWS global condition context keys").
fn context(session: &Session, role: &Role, provider: Option<&Provider>, caller: &Caller) -> iam::Context {
    let mut context = caller
        .context()
        .with("aws:FederatedProvider", &session.provider_arn)
        .with("aws:PrincipalAccount", ACCOUNT)
        .with("aws:PrincipalArn", &role.arn)
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:PrincipalType", "AssumedRole")
        .with("aws:userid", format!("{}:{}", role.id, session.name));
    if let Ok(issued) = time::OffsetDateTime::from_unix_timestamp(session.issued) {
        let issued = issued.format(&time::format_description::well_known::Rfc3339);
        context.insert("aws:TokenIssueTime", issued.unwrap_or_default());
    }
    if let Some(provider) = provider {
        context.insert(&format!("{}:aud", provider.key_prefix), &session.audience);
        context.insert(&format!("{}:sub", provider.key_prefix), &session.subject);
        if !session.amr.is_empty() {
            context.insert_all(&format!("{}:amr", provider.key_prefix), &session.amr);
        }
    }
    context
}
