//! What STS asks of a role's trust policy, and what the gateway asks of its permissions: principal, action, resource and
//! condition keys. The one place where these are made.
//!
//! Source: IAM User Guide, "AWS global condition context keys" and "IAM and AWS STS condition context keys".

use std::net::IpAddr;

use template::{Provider, REGION, Role};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The action that a trust policy is asked for.
pub const ASSUME: &str = "sts:AssumeRoleWithWebIdentity";
/// The action that a role's permissions are asked for.
pub const INVOKE: &str = "execute-api:Invoke";

/// Who asks, as their ID token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `iss`, to the letter.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// `aud`; where a token has several, the one that AWS takes: `azp`.
    pub audience: String,
    /// `amr`.
    pub amr: Vec<String>,
}

/// What is known of a session at the time of a call.
#[derive(Clone, Copy, Debug)]
pub struct CallSession<'a> {
    /// `RoleSessionName`.
    pub name: &'a str,
    /// When it began, in seconds since 1970.
    pub issued: i64,
    /// The provider that it began with; none where that isn't known, or gone from the template.
    pub provider: Option<&'a Provider>,
    /// Who began it; none where that isn't known.
    pub person: Option<&'a Person>,
}

/// The condition keys that every request has. The loopback stands for the TLS of AWS's endpoints, so that a policy which
/// asks for it decides here as it does there.
pub fn circumstances(now: OffsetDateTime, address: IpAddr, user_agent: Option<&str>) -> iam::Context {
    let mut context = iam::Context::new()
        .with("aws:CurrentTime", rfc3339(now))
        .with("aws:EpochTime", now.unix_timestamp().to_string())
        .with("aws:RequestedRegion", REGION)
        .with("aws:SecureTransport", "true")
        .with("aws:SourceIp", address.to_string());
    if let Some(agent) = user_agent {
        context.insert("aws:UserAgent", agent);
    }
    context
}

/// What STS asks. Of a general provider's token it passes on `aud`, `sub` and `amr` only.
pub fn trust_question(
    role: &Role,
    provider: &Provider,
    person: &Person,
    session_name: &str,
    circumstances: iam::Context,
) -> iam::Request {
    let mut context = circumstances.with("sts:RoleSessionName", session_name);
    insert_claims(&mut context, provider, person);
    iam::Request {
        principal: iam::Principal::Federated(provider.arn.clone()),
        action: ASSUME.into(),
        resource: role.arn.clone(),
        context,
    }
}

/// What the gateway asks: `resource` is the API's ARN with its stage, the method and the path.
pub fn call_question(
    session: &CallSession<'_>,
    role: &Role,
    resource: &str,
    circumstances: iam::Context,
) -> iam::Request {
    let mut context = circumstances
        .with("aws:PrincipalAccount", account(role))
        .with("aws:PrincipalArn", &role.arn)
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:PrincipalType", "AssumedRole")
        .with("aws:userid", format!("{}:{}", role.id, session.name));
    if let Ok(issued) = OffsetDateTime::from_unix_timestamp(session.issued) {
        context.insert("aws:TokenIssueTime", rfc3339(issued));
    }
    if let Some(provider) = session.provider {
        context.insert("aws:FederatedProvider", &provider.arn);
        if let Some(person) = session.person {
            insert_claims(&mut context, provider, person);
        }
    }
    iam::Request {
        principal: iam::Principal::Aws(session_arn(role, session.name)),
        action: INVOKE.into(),
        resource: resource.into(),
        context,
    }
}

/// `arn:aws:sts::…:assumed-role/role/session`
pub fn session_arn(role: &Role, session_name: &str) -> String {
    let partition = role.arn.split(':').nth(1).unwrap_or_default();
    format!("arn:{partition}:sts::{}:assumed-role/{}/{session_name}", account(role), role.name)
}

fn account(role: &Role) -> &str {
    role.arn.split(':').nth(4).unwrap_or_default()
}

fn insert_claims(context: &mut iam::Context, provider: &Provider, person: &Person) {
    let key = |name: &str| format!("{}:{name}", provider.key_prefix);
    context.insert(&key("aud"), &person.audience);
    context.insert(&key("sub"), &person.subject);
    if !person.amr.is_empty() {
        context.insert_all(&key("amr"), &person.amr);
    }
}

fn rfc3339(time: OffsetDateTime) -> String {
    time.to_utc().replace_nanosecond(0).ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}
