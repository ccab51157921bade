//! What a session may do: the role's permissions policies, and a session policy where there is one, are asked for
//! `execute-api:Invoke` on exactly this method and path. What decided is put on record.

use explain::{CallSession, INVOKE, Person, call_question, session_arn};
use template::{Role, Template};

use super::refusal::Refusal;
use crate::{
    caller::Caller,
    credentials::Session,
    decisions::{By, Made},
};

/// Lets the session through or refuses it in API Gateway's words. `resource` is the ARN of method and path.
pub fn authorize(
    session: &Session,
    role: &Role,
    resource: &str,
    template: &Template,
    caller: &Caller,
    made: &mut Made,
) -> Result<(), Refusal> {
    let provider = template.providers.iter().find(|provider| provider.arn == session.provider_arn);
    let person = Person {
        issuer: provider.map(|provider| format!("https://{}", provider.key_prefix)).unwrap_or_default(),
        subject: session.subject.clone(),
        audience: session.audience.clone(),
        amr: session.amr.clone(),
    };
    let known = CallSession { name: &session.name, issued: session.issued, provider, person: Some(&person) };
    let request = call_question(&known, role, resource, caller.circumstances());
    let mut check = |policies: &[iam::Policy], by: By| {
        let explanation = iam::explain(policies, &request);
        made.decided(by, role, &template.file, &explanation);
        let decision = &explanation.decision;
        if decision.is_allowed() { Ok(()) } else { Err(denied(decision, session, role, resource)) }
    };
    check(&role.permissions, By::Permissions)?;
    if let Some(policy) = &session.policy {
        // It was read when the session began; what can't be read any more lets nothing through.
        let policy = iam::Policy::permissions("session-policy", policy).map_err(|_| Refusal::UnrecognizedClient)?;
        check(&[policy], By::SessionPolicy)?;
    }
    Ok(())
}

fn denied(decision: &iam::Decision, session: &Session, role: &Role, resource: &str) -> Refusal {
    let user = session_arn(role, &session.name);
    let because = because(decision, INVOKE);
    // AWS shows the last four digits of the account.
    let mut parts: Vec<String> = resource.splitn(6, ':').map(str::to_owned).collect();
    if let Some(account) = parts.get_mut(4) {
        let shown = account.len().saturating_sub(4);
        account.replace_range(..shown, &"*".repeat(shown));
    }
    Refusal::AccessDenied(format!(
        "User: {user} is not authorized to perform: {INVOKE} on resource: {} {because}",
        parts.join(":")
    ))
}

/// How AWS ends the sentence with which it refuses this action, after the resource.
pub fn because(decision: &iam::Decision, action: &str) -> String {
    match decision.outcome {
        iam::Outcome::ExplicitlyDenied => "with an explicit deny in an identity-based policy".to_owned(),
        _ => format!("because no identity-based policy allows the {action} action"),
    }
}
