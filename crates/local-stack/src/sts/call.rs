//! The parameters of a call, read strictly: each once, none that isn't known, for one that is passed over might have
//! been meant to take rights away.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Method, Request};
use serde::Deserialize;
use serde_json::Value;

use super::fault::Fault;

/// A call of `AssumeRoleWithWebIdentity`.
pub struct Call {
    /// The role that is asked for.
    pub role_arn: String,
    /// 2 to 64 of letters, digits and `_+=,.@-`.
    pub role_session_name: String,
    /// The ID token.
    pub web_identity_token: String,
    /// How long the session should last.
    pub duration_seconds: u32,
    /// A session policy, which `iam` can read.
    pub policy: Option<String>,
}

const VERSION: &str = "2011-06-15";
const KNOWN: [&str; 7] =
    ["Action", "DurationSeconds", "Policy", "RoleArn", "RoleSessionName", "Version", "WebIdentityToken"];
/// The name of a session policy where a decision names it.
pub const SESSION_POLICY: &str = "session-policy";

impl Call {
    /// Reads the form.
    pub fn read(request: &Request<Vec<u8>>) -> Result<Self, Fault> {
        if request.method() != Method::POST {
            return Err(Fault::Method);
        }
        if request.uri().query().is_some_and(|query| !query.is_empty()) {
            return Err(Fault::Validation("Send every parameter in the body, and none in the address".into()));
        }
        let mut parameters: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(request.body()) {
            if parameters.insert(name.to_string(), value.into_owned()).is_some() {
                return Err(Fault::Validation("A parameter is given more than once".into()));
            }
        }
        let action = parameters.get("Action").map(String::as_str);
        let version = parameters.get("Version").map(String::as_str);
        if action != Some("AssumeRoleWithWebIdentity") || version != Some(VERSION) {
            let message = format!("The only operation here is AssumeRoleWithWebIdentity for version {VERSION}");
            return Err(Fault::InvalidAction(message));
        }
        if parameters.keys().any(|name| !KNOWN.contains(&name.as_str())) {
            let message = format!("The only parameters supported here are {}", KNOWN.join(", "));
            return Err(Fault::Validation(message));
        }
        let mut take = |name: &str, member: &str| {
            parameters.remove(name).filter(|value| !value.is_empty()).ok_or_else(|| null(member))
        };
        let role_arn = take("RoleArn", "roleArn")?;
        let role_session_name = take("RoleSessionName", "roleSessionName")?;
        let web_identity_token = take("WebIdentityToken", "webIdentityToken")?;
        if web_identity_token.len() > 20_000 {
            return Err(unsatisfied("webIdentityToken", "Member must have length less than or equal to 20000"));
        }
        if !role_arn.starts_with("arn:") || !(20..=2048).contains(&role_arn.len()) {
            return Err(unsatisfied("roleArn", "Member must be an ARN of 20 to 2048 characters"));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if !(2..=64).contains(&role_session_name.len()) || !role_session_name.bytes().all(allowed) {
            return Err(unsatisfied(
                "roleSessionName",
                "Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}",
            ));
        }
        let duration_seconds = match parameters.remove("DurationSeconds") {
            None => 3600,
            // Digits alone: Rust would read a sign, too.
            Some(seconds) => Some(&seconds)
                .filter(|seconds| seconds.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|seconds| seconds.parse().ok())
                .filter(|seconds| (900..=43_200).contains(seconds))
                .ok_or_else(|| unsatisfied("durationSeconds", "Member must have value from 900 to 43200"))?,
        };
        let policy = parameters.remove("Policy");
        if let Some(policy) = &policy {
            if policy.len() > 2048 {
                return Err(unsatisfied("policy", "Member must have length less than or equal to 2048"));
            }
            iam::Policy::permissions(SESSION_POLICY, policy)
                .map_err(|error| Fault::MalformedPolicy(error.to_string()))?;
        }
        Ok(Self { role_arn, role_session_name, web_identity_token, duration_seconds, policy })
    }
}

fn null(member: &str) -> Fault {
    let message = "failed to satisfy constraint: Member must not be null";
    Fault::Validation(format!("1 validation error detected: Value null at '{member}' {message}"))
}

fn unsatisfied(member: &str, constraint: &str) -> Fault {
    let message =
        format!("1 validation error detected: Value at '{member}' failed to satisfy constraint: {constraint}");
    Fault::Validation(message)
}

/// The issuer that a token names, to choose whose keys must have signed it. Nothing else of it is used before that.
///
/// A token with session tags or a source identity is refused: they would need `sts:TagSession` or
/// `sts:SetSourceIdentity` in the trust policy.
pub fn unverified_issuer(token: &str) -> Result<String, Fault> {
    #[derive(Deserialize)]
    struct Claims {
        iss: String,
        #[serde(flatten)]
        others: BTreeMap<String, Value>,
    }
    const FOR_AWS: [&str; 2] = ["https://aws.amazon.com/tags", "https://aws.amazon.com/source_identity"];
    let payload = token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    let claims: Option<Claims> = payload.and_then(|payload| serde_json::from_slice(&payload).ok());
    let claims = claims.ok_or_else(|| {
        Fault::InvalidToken(
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)".into(),
        )
    })?;
    if claims.others.keys().any(|name| FOR_AWS.iter().any(|start| name.starts_with(start))) {
        let message = "Session tags and source identities are not supported by the local stack";
        return Err(Fault::InvalidToken(message.into()));
    }
    Ok(claims.iss)
}
