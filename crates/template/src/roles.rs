//! Who may become what, and what they may do then: OIDC providers, roles with their trust and permissions policies.
//! The documents themselves are `iam`'s to read; a document that it refuses stops the start, with the line here and
//! the place in the document. Next: `sts` evaluates the trust, `gateway` the permissions of people, `function_role`
//! those of functions.

use sha2::{Digest, Sha256};

use super::{
    Error, PassedOver,
    intrinsics::Scope,
    properties::{Properties, Property, json},
    resources::Resource,
    written::{Written, line_of, located},
    yaml::Kind,
};

/// A role of people, who assume it with a web identity, or of a function.
#[derive(Clone, Debug)]
pub struct Role {
    /// `arn:aws:iam::…:role/name`.
    pub arn: String,
    /// The part after `role/`, without a path.
    pub name: String,
    /// `AROA…`, the first half of `aws:userid`.
    pub id: String,
    /// How long a session may last, in seconds.
    pub max_session_seconds: u32,
    /// Who may assume it.
    pub trust: iam::Policy,
    /// What it may do.
    pub permissions: Vec<iam::Policy>,
    /// What was not understood of it and may change an answer. Only a role of [`Documents`](super::Documents) has any.
    pub passed_over: Vec<PassedOver>,
    written: Vec<Written>,
}

impl Role {
    /// The line of a statement of one of the role's policies, or of an element of it, such as `Action` or
    /// `Condition.StringLike`; the nearest line that is known. `policy` is the policy's name, the trust policy's too;
    /// `None` if the role has no such policy.
    pub fn line_of(&self, policy: &str, statement: usize, element: Option<&str>) -> Option<usize> {
        let written = self.written.iter().find(|written| written.policy == policy)?;
        Some(written.line_of(statement, element))
    }
}

/// An OpenID Connect provider that IAM knows.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `arn:aws:iam::…:oidc-provider/<issuer without https://>`.
    pub arn: String,
    /// The issuer without its scheme; the prefix of the condition keys.
    pub key_prefix: String,
    /// The client ids whose tokens it takes.
    pub client_ids: Vec<String>,
    /// Where it begins.
    pub line: usize,
}

/// Every role, of people and of services.
pub fn roles(scope: &Scope<'_>) -> Result<Vec<Role>, Error> {
    let mut roles: Vec<(&str, Role)> = Vec::new();
    for resource in scope.resources.of("AWS::IAM::Role") {
        let role = role(scope, resource)?;
        if let Some((id, _)) = roles.iter().find(|(_, known)| known.name == role.name) {
            return Err(Error::at(resource.line, format!("{id} has the RoleName {} already.", role.name)));
        }
        roles.push((resource.id, role));
    }
    let mut roles: Vec<Role> = roles.into_iter().map(|(_, role)| role).collect();
    for resource in scope.resources.of("AWS::IAM::Policy") {
        let mut properties = resource.properties(scope)?;
        let named = properties.need("Roles")?.into_items()?;
        let named = named.into_iter().map(Property::into_text).collect::<Result<Vec<_>, _>>()?;
        attach(properties, &named, &mut roles)?;
    }
    for resource in scope.resources.of("AWS::IAM::RolePolicy") {
        let mut properties = resource.properties(scope)?;
        let named = [properties.text("RoleName")?];
        attach(properties, &named, &mut roles)?;
    }
    Ok(roles)
}

/// AWS's own policies that allow a service to write logs, and nothing else.
const LOGS_ONLY: [&str; 2] = [
    "::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
];

/// Every provider in the template.
pub fn providers(scope: &Scope<'_>) -> Result<Vec<Provider>, Error> {
    scope
        .resources
        .of("AWS::IAM::OIDCProvider")
        .map(|resource| {
            let mut properties = resource.properties(scope)?;
            let url = properties.text("Url")?;
            let key_prefix = url.strip_prefix("https://").unwrap_or(&url).to_owned();
            let client_ids = properties.need("ClientIdList")?.into_items()?;
            let client_ids = client_ids.into_iter().map(Property::into_text).collect::<Result<_, _>>()?;
            properties.finish(&["ThumbprintList", "Tags"])?;
            Ok(Provider { arn: resource.arn(scope, 0)?, key_prefix, client_ids, line: resource.line })
        })
        .collect()
}

fn role(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<Role, Error> {
    let mut properties = resource.properties(scope)?;
    let trust = properties.need("AssumeRolePolicyDocument")?;
    for managed in properties.take("ManagedPolicyArns").map_or(Ok(Vec::new()), Property::into_items)? {
        let (what, line) = (managed.what.clone(), managed.line);
        let arn = managed.into_text()?;
        if !trusts_services_only(&trust) || !LOGS_ONLY.iter().any(|name| arn.ends_with(name)) {
            let message = format!("{what}: the local stack has no copy of {arn}; write what it allows into Policies.");
            return Err(Error::at(line, message));
        }
    }
    let (trust, written) = document(&trust, |document| iam::Policy::trust(&trust.what, document))?;
    let mut written = vec![written];
    let name = scope.resources.reference(scope, resource.id, resource.line, 0)?;
    let mut permissions = Vec::new();
    for policy in properties.take("Policies").map_or(Ok(Vec::new()), Property::into_items)? {
        let mut policy = policy.into_properties()?;
        let name = policy.text("PolicyName")?;
        let (permitted, lines) = permissions_policy(&name, &policy.need("PolicyDocument")?)?;
        permissions.push(permitted);
        written.push(lines);
        policy.finish(&[])?;
    }
    let max_session_seconds = match properties.take("MaxSessionDuration") {
        None => 3600,
        Some(seconds) => {
            let (what, line) = (seconds.what.clone(), seconds.line);
            let seconds = seconds.into_text()?.parse().ok().filter(|seconds| (3600..=43_200).contains(seconds));
            seconds.ok_or_else(|| Error::at(line, format!("{what} must be 3600 to 43200 seconds.")))?
        }
    };
    properties.finish(&["Description", "Path", "RoleName", "Tags"])?;
    let arn = resource.arn(scope, 0)?;
    let id = format!("AROA{}", &format!("{:X}", Sha256::digest(&arn))[..17]);
    Ok(Role { arn, name, id, max_session_seconds, trust, permissions, passed_over: Vec::new(), written })
}

fn attach(mut properties: Properties, named: &[String], roles: &mut [Role]) -> Result<(), Error> {
    let name = properties.text("PolicyName")?;
    let policy = properties.need("PolicyDocument")?;
    for role in roles.iter_mut().filter(|role| named.contains(&role.name)) {
        let (permitted, written) = permissions_policy(&name, &policy)?;
        role.permissions.push(permitted);
        role.written.push(written);
    }
    properties.finish(&[])
}

fn permissions_policy(name: &str, property: &Property) -> Result<(iam::Policy, Written), Error> {
    document(property, |document| iam::Policy::permissions(name, document))
}

/// Gives a document to `iam`, as the text or the value that it is in the template.
fn document(
    property: &Property,
    load: impl FnOnce(iam::Document<'_>) -> Result<iam::Policy, iam::PolicyError>,
) -> Result<(iam::Policy, Written), Error> {
    let loaded = match &property.value.kind {
        Kind::Scalar { text, .. } => load(text.into()),
        _ => load((&json(&property.value)).into()),
    };
    match loaded {
        Ok(policy) => {
            let written = Written::new(policy.name(), property);
            Ok((policy, written))
        }
        Err(error) => {
            let line = line_of(&located(&property.value), &error.at.to_string()).unwrap_or(property.line);
            Err(Error::at(line, format!("{}: {error}.", property.what)))
        }
    }
}

/// Whether every statement names nobody but AWS services. What can't be read doesn't count as that.
fn trusts_services_only(trust: &Property) -> bool {
    let document = match &trust.value.kind {
        Kind::Scalar { text, .. } => serde_json::from_str(text).unwrap_or_default(),
        _ => json(&trust.value),
    };
    let services_only = |statement: &serde_json::Value| {
        let principal = statement.get("Principal").and_then(serde_json::Value::as_object);
        principal.is_some_and(|principal| principal.len() == 1 && principal.contains_key("Service"))
    };
    match document.get("Statement") {
        Some(serde_json::Value::Array(statements)) => !statements.is_empty() && statements.iter().all(services_only),
        Some(statement) => services_only(statement),
        None => false,
    }
}
