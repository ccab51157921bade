//! Who may become what, and what they may do then: OIDC providers, roles with their trust and permissions policies.
//! Next: in the local stack `sts` evaluates the trust, `gateway` the permissions of people, `function_role` those of
//! functions; `explain` says why.

use sha2::{Digest, Sha256};

use super::{
    Error, PassedOver,
    policies::{self, Beside, Document},
    properties::{Properties, Property, json},
    resources::Resource,
    scope::Scope,
    written::Written,
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
    /// What was not understood of it and may change who may assume it. Only a role of [`Documents`](super::Documents)
    /// has any.
    pub trust_passed_over: Vec<PassedOver>,
    /// The same for what it may do.
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
    let beside = policies::beside(scope)?;
    let mut roles: Vec<(&str, Role)> = Vec::new();
    for resource in scope.resources.of("AWS::IAM::Role") {
        let Some(role) = scope.note(role(scope, resource, &beside))? else { continue };
        if let Some((id, _)) = roles.iter().find(|(_, known)| known.name == role.name) {
            let twice = Err(Error::at(resource.line, format!("{id} has the RoleName {} already.", role.name)));
            scope.note::<()>(twice)?;
            continue;
        }
        roles.push((resource.id, role));
    }
    Ok(roles.into_iter().map(|(_, role)| role).collect())
}

/// AWS's own policies that allow a service to write logs, and nothing else.
const LOGS_ONLY: [&str; 2] = [
    "::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
];

/// Every provider in the template.
pub fn providers(scope: &Scope<'_>) -> Result<Vec<Provider>, Error> {
    let mut providers = Vec::new();
    for resource in scope.resources.of("AWS::IAM::OIDCProvider") {
        providers.extend(scope.note(provider(scope, resource))?);
    }
    Ok(providers)
}

fn provider(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<Provider, Error> {
    let mut properties = resource.properties(scope)?;
    let url = properties.text("Url")?;
    let key_prefix = url.strip_prefix("https://").unwrap_or(&url).to_owned();
    let client_ids =
        if scope.strict { properties.need("ClientIdList")?.into_items() } else { properties.items("ClientIdList") };
    let client_ids = client_ids?.into_iter().map(Property::into_text).collect::<Result<_, _>>()?;
    scope.pass(properties.finish(&["ThumbprintList", "Tags"]))?;
    Ok(Provider { arn: resource.arn(scope, 0)?, key_prefix, client_ids, line: resource.line })
}

fn role(scope: &Scope<'_>, resource: &Resource<'_>, beside: &[Beside]) -> Result<Role, Error> {
    let mut properties = resource.properties(scope)?;
    let mut noted = Vec::new();
    let name = scope.resources.reference(scope, resource.id, resource.line, 0);
    let name = scope.note_in(&mut noted, name)?.unwrap_or_else(|| resource.id.to_owned());
    let arn = scope.note_in(&mut noted, resource.arn(scope, 0))?;
    let arn = arn.unwrap_or_else(|| format!("arn:{}:iam::{}:role/{name}", scope.place.partition, scope.place.account));
    let id = format!("AROA{}", &format!("{:X}", Sha256::digest(&arn))[..17]);

    let trust = properties.need("AssumeRolePolicyDocument");
    let for_services = trust.as_ref().is_ok_and(trusts_services_only);
    let read = scope.note_in(&mut noted, trust.and_then(|trust| Document::trust(&trust)))?;
    let Document { policy: trust, written } =
        read.unwrap_or_else(|| Document::nobody(&format!("{}.AssumeRolePolicyDocument", resource.id), resource.line));
    let max_session_seconds = scope.note_in(&mut noted, max_session_seconds(&mut properties))?.unwrap_or(3600);
    let mut role = Role {
        arn,
        name,
        id,
        max_session_seconds,
        trust,
        permissions: Vec::new(),
        trust_passed_over: noted,
        passed_over: Vec::new(),
        written: vec![written],
    };

    for policy in scope.note_in(&mut role.passed_over, properties.items("Policies"))?.unwrap_or_default() {
        if let Some(document) = scope.note_in(&mut role.passed_over, inline(policy))? {
            role.add(scope, document)?;
        }
    }
    let mut attached: Vec<&Beside> = beside.iter().filter(|beside| beside.names(&role.name)).collect();
    for managed in scope.note_in(&mut role.passed_over, properties.items("ManagedPolicyArns"))?.unwrap_or_default() {
        let found = find(managed, beside, for_services);
        if let Some(Some(found)) = scope.note_in(&mut role.passed_over, found)?
            && !attached.iter().any(|known| std::ptr::eq(*known, found))
        {
            attached.push(found);
        }
    }
    for beside in attached {
        beside.attach(scope, &mut role)?;
    }
    if let Some(boundary) = properties.take("PermissionsBoundary") {
        let message = format!("{}: what it forbids isn't followed here and may change who may do what.", boundary.what);
        scope.note_in::<()>(&mut role.passed_over, Err(Error::at(boundary.line, message)))?;
    }
    scope.note_in(&mut role.passed_over, properties.finish(&["Description", "Path", "RoleName", "Tags"]))?;
    Ok(role)
}

impl Role {
    /// Gives it a policy.
    pub(super) fn add(&mut self, scope: &Scope<'_>, document: Document) -> Result<(), Error> {
        let Document { policy, written } = document;
        if self.permissions.iter().any(|known| known.name() == policy.name()) {
            let message = format!("{} has a second policy of the name {}; rename one.", self.name, policy.name());
            scope.note_in::<()>(&mut self.passed_over, Err(Error::at(written.line, message)))?;
            return Ok(());
        }
        self.permissions.push(policy);
        self.written.push(written);
        Ok(())
    }
}

fn inline(policy: Property) -> Result<Document, Error> {
    let mut policy = policy.into_properties()?;
    let name = policy.text("PolicyName")?;
    let document = Document::permissions(&name, &policy.need("PolicyDocument")?)?;
    policy.finish(&[])?;
    Ok(document)
}

/// The policy of the template that has the ARN; none where it is one of those that can be passed over.
fn find(managed: Property, beside: &[Beside], for_services: bool) -> Result<Option<&Beside>, Error> {
    let (what, line) = (managed.what.clone(), managed.line);
    let arn = managed.into_text()?;
    let found = beside.iter().find(|beside| beside.arn.as_ref() == Some(&arn));
    if found.is_some() || for_services && LOGS_ONLY.iter().any(|name| arn.ends_with(name)) {
        return Ok(found);
    }
    let message =
        format!("{what}: {arn} isn't in this file, so nobody here knows it; write what it allows into Policies.");
    Err(Error::at(line, message))
}

fn max_session_seconds(properties: &mut Properties) -> Result<u32, Error> {
    let Some(seconds) = properties.take("MaxSessionDuration") else { return Ok(3600) };
    let (what, line) = (seconds.what.clone(), seconds.line);
    let seconds = seconds.into_text()?.parse().ok().filter(|seconds| (3600..=43_200).contains(seconds));
    seconds.ok_or_else(|| Error::at(line, format!("{what} must be 3600 to 43200 seconds.")))
}

/// Whether every statement names nobody but AWS services. What can't be read doesn't count as that.
fn trusts_services_only(trust: &Property) -> bool {
    let document = match &trust.value.kind {
        Kind::Scalar { text, .. } => serde_json::from_str(text).unwrap_or_default(),
        _ => json(&trust.value).unwrap_or_default(),
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
