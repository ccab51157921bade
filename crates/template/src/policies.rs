//! Policy documents, inline and beside the roles: `AWS::IAM::Policy`, `RolePolicy` and `ManagedPolicy`. The documents
//! themselves are `iam`'s to read; what it refuses is refused with the line here and the place in the document. Next:
//! `roles` attaches them.

use super::{
    Error,
    properties::{Property, json},
    resources::Resource,
    roles::Role,
    scope::Scope,
    written::{Written, line_of, located},
    yaml::Kind,
};

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says.
    pub policy: iam::Policy,
    /// Where it says so.
    pub written: Written,
}

/// A policy that is a resource of its own.
pub struct Beside {
    /// Only a managed policy has one.
    pub arn: Option<String>,
    roles: Vec<String>,
    document: Result<Document, Error>,
    size: usize,
}

/// What a trust policy that can't be read is in the eyes of `iam`: nobody's.
const NOBODY: &str =
    r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Federated": "-"}}}"#;

impl Document {
    /// A role's trust policy.
    pub fn trust(property: &Property) -> Result<Self, Error> {
        Self::read(property, |document| iam::Policy::trust(&property.what, document))
    }

    /// Who may assume the role isn't known.
    pub fn nobody(what: &str, line: usize) -> Self {
        let policy = iam::Policy::trust(what, NOBODY).expect("the document is written here");
        Self { policy, written: Written::unknown(what, line) }
    }

    /// What a role may do.
    pub fn permissions(name: &str, property: &Property) -> Result<Self, Error> {
        Self::read(property, |document| iam::Policy::permissions(name, document))
    }

    /// Gives a document to `iam`, as the text or the value that it is in the template.
    fn read(
        property: &Property,
        load: impl FnOnce(iam::Document<'_>) -> Result<iam::Policy, iam::PolicyError>,
    ) -> Result<Self, Error> {
        let loaded = match &property.value.kind {
            Kind::Scalar { text, .. } => load(text.into()),
            _ => load((&json(&property.value)?).into()),
        };
        match loaded {
            Ok(policy) => Ok(Self { written: Written::new(policy.name(), property), policy }),
            Err(error) => {
                let line = line_of(&located(&property.value), &error.at.to_string()).unwrap_or(property.line);
                Err(Error::at(line, format!("{}: {error}.", property.what)))
            }
        }
    }
}

/// Every policy beside the roles.
pub fn beside(scope: &Scope<'_>) -> Result<Vec<Beside>, Error> {
    let mut all = Vec::new();
    for kind in ["AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::RolePolicy"] {
        for resource in scope.resources.of(kind) {
            all.extend(scope.note(Beside::read(scope, resource))?);
        }
    }
    Ok(all)
}

impl Beside {
    fn read(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<Self, Error> {
        let mut properties = resource.properties(scope)?;
        let roles = match resource.kind {
            "AWS::IAM::RolePolicy" => vec![properties.text("RoleName")?],
            "AWS::IAM::Policy" if scope.strict => texts(properties.need("Roles")?.into_items()?)?,
            _ => texts(properties.items("Roles")?)?,
        };
        let (arn, name, known) = match resource.kind {
            "AWS::IAM::ManagedPolicy" => {
                let name = properties.take("ManagedPolicyName").map(Property::into_text).transpose()?;
                let name = name.unwrap_or_else(|| scope.place.name(resource.id));
                (Some(resource.arn(scope, 0)?), name, &["Description", "Path"][..])
            }
            _ => (None, properties.text("PolicyName")?, &[][..]),
        };
        let property = properties.need("PolicyDocument")?;
        let document = Document::permissions(&name, &property);
        scope.pass(properties.finish(known))?;
        let document = if scope.strict { Ok(document?) } else { document };
        Ok(Self { arn, roles, document, size: property.value.size() })
    }

    /// Whether it names the role.
    pub fn names(&self, role: &str) -> bool {
        self.roles.iter().any(|name| name == role)
    }

    /// Gives it to a role.
    pub fn attach(&self, scope: &Scope<'_>, role: &mut Role) -> Result<(), Error> {
        scope.spend(self.size, 1)?;
        if let Some(document) = scope.note_in(&mut role.passed_over, self.document.clone())? {
            role.add(scope, document)?;
        }
        Ok(())
    }
}

fn texts(items: Vec<Property>) -> Result<Vec<String>, Error> {
    items.into_iter().map(Property::into_text).collect()
}
