//! The `Resources` section as a whole: which there are, and which types may stand in a template that is obeyed. What it
//! can't obey and what it can't judge, a strict reading refuses. Next: `names`, `api`, `roles`.

use super::{
    Error,
    properties::{Properties, Property},
    scope::Scope,
    yaml::{Entry, Kind, Node},
};

/// Types that are read.
const OBEYED: &[&str] = &[
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::DynamoDB::Table",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::OIDCProvider",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::RolePolicy",
    "AWS::Lambda::Function",
];

/// Types, or services with their `::`, that can't change who may do what at the API, or only what a validator would
/// refuse anyhow.
const PASSED_OVER: &[&str] = &[
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::CloudFront::",
    "AWS::CloudWatch::",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::",
];

/// Types, or services with their `::`, of which a reading of documents says that they may change an answer, and how.
const NOTED: &[(&str, &str)] = &[
    ("AWS::ApiGatewayV2::Api", "the calls of such an API aren't read here, only those of an AWS::ApiGateway::RestApi"),
    ("AWS::CloudFormation::Stack", "what stands in the other template isn't read; name that one"),
    ("AWS::Serverless::Api", "the calls of such an API aren't read; name the template that AWS SAM makes of this one"),
    ("AWS::Serverless::Application", "what stands in the other template isn't read; name that one"),
    (
        "AWS::Serverless::HttpApi",
        "the calls of such an API aren't read here, only those of an AWS::ApiGateway::RestApi",
    ),
    (
        "AWS::Serverless::Function",
        "the role and the calls that AWS SAM makes of it aren't read; name the template that it makes of this one",
    ),
];

/// As many as CloudFormation takes.
const MAX_RESOURCES: usize = 500;
/// A logical id has no more letters.
const MAX_ID: usize = 255;

/// The section, without the resources whose `Condition` doesn't hold.
#[derive(Default)]
pub struct Resources<'a>(Vec<Resource<'a>>);

/// One resource.
#[derive(Clone, Copy)]
pub struct Resource<'a> {
    /// The logical id.
    pub id: &'a str,
    /// `AWS::Service::Type`.
    pub kind: &'a str,
    /// Where it begins.
    pub line: usize,
    kind_line: usize,
    properties: Option<&'a Node>,
    condition: Option<(&'a str, usize)>,
}

impl<'a> Resources<'a> {
    /// Reads the section, with all that may be there.
    pub fn read(scope: &Scope<'a>, section: &'a Node) -> Result<Self, Error> {
        let entries = section.entries("Resources")?;
        if entries.len() > MAX_RESOURCES {
            return Err(Error::at(section.line, format!("more than {MAX_RESOURCES} resources.")));
        }
        let mut resources: Vec<Resource<'_>> = Vec::new();
        let mut noted: Vec<&str> = Vec::new();
        for entry in entries {
            let Some(resource) = scope.note(Resource::read(entry, scope.strict))? else { continue };
            // The first of a type speaks for all.
            if !noted.contains(&resource.kind) && scope.note(resource.judge(scope.strict))?.is_none() {
                noted.push(resource.kind);
            }
            resources.push(resource);
        }
        Ok(Self(resources))
    }

    /// Those whose condition holds. In a reading of documents that is also one of which nobody can say.
    pub fn that_are_there(scope: &Scope<'a>) -> Result<Self, Error> {
        let mut kept = Vec::new();
        for resource in &scope.resources.0 {
            let holds = match resource.condition {
                None => Some(true),
                Some((name, line)) if OBEYED.contains(&resource.kind) => scope.note(scope.condition(name, line))?,
                Some((name, line)) => scope.pass(scope.condition(name, line))?,
            };
            if holds.unwrap_or(true) {
                kept.push(*resource);
            }
        }
        Ok(Self(kept))
    }

    /// All of a type.
    pub fn of(&self, kind: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.0.iter().filter(move |resource| resource.kind == kind)
    }

    /// The one of a type that there must be exactly one of.
    pub fn only(&self, kind: &str) -> Result<&Resource<'a>, Error> {
        let mut all = self.of(kind);
        match (all.next(), all.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(Error::at(1, format!("there is no {kind}; there must be exactly one."))),
            (_, Some(second)) => Err(Error::at(second.line, format!("a second {kind}; there must be exactly one."))),
        }
    }

    /// The one of a logical id.
    pub fn find(&self, id: &str, line: usize) -> Result<&Resource<'a>, Error> {
        self.0
            .iter()
            .find(|resource| resource.id == id)
            .ok_or_else(|| Error::at(line, format!("{id} is neither a parameter nor a resource.")))
    }
}

impl<'a> Resource<'a> {
    fn read(entry: &'a Entry, strict: bool) -> Result<Self, Error> {
        let id = entry.key.as_str();
        if id.len() > MAX_ID {
            return Err(Error::at(entry.line, format!("a logical id of more than {MAX_ID} letters.")));
        }
        if id.starts_with("Fn::") {
            let message =
                format!("{id} makes resources that aren't read here; name the template that it makes instead.");
            return Err(Error::at(entry.line, message));
        }
        let (mut kind, mut properties, mut condition) = (None, None, None);
        for attribute in entry.value.entries(id)? {
            let what = format!("{id}.{}", attribute.key);
            match attribute.key.as_str() {
                "Type" => kind = Some((attribute.value.text(&what)?, attribute.line)),
                "Properties" => properties = Some(&attribute.value),
                "Condition" => condition = Some((attribute.value.text(&what)?, attribute.line)),
                "CreationPolicy"
                | "DeletionPolicy"
                | "DependsOn"
                | "Metadata"
                | "UpdatePolicy"
                | "UpdateReplacePolicy" => {}
                _ if !strict => {}
                _ => return Err(Error::at(attribute.line, format!("{what} is not understood here."))),
            }
        }
        let (kind, kind_line) = kind.ok_or_else(|| Error::at(entry.line, format!("{id} has no Type.")))?;
        Ok(Self { id, kind, line: entry.line, kind_line, properties, condition })
    }

    /// Refuses a type that may change who may do what and can't be obeyed.
    fn judge(&self, strict: bool) -> Result<(), Error> {
        let Self { id, kind, .. } = self;
        let is = |known: &str| *kind == known || (known.ends_with("::") && kind.starts_with(known));
        if OBEYED.contains(kind) || PASSED_OVER.iter().any(|known| is(known)) {
            return Ok(());
        }
        let says = match NOTED.iter().find(|(known, _)| is(known)) {
            Some(("AWS::Serverless::Function", _)) if !strict && self.has("Role") && !self.has("Events") => {
                return Ok(());
            }
            Some((_, says)) => says,
            None if strict => "which isn't understood here and may change who may do what",
            None => return Ok(()),
        };
        Err(Error::at(self.kind_line, format!("{id} is an {kind}: {says}.")))
    }

    /// The properties, resolved.
    pub fn properties(&self, scope: &Scope<'_>) -> Result<Properties, Error> {
        let resolved = match self.properties {
            Some(node) => scope.resolve(node)?,
            None => None,
        };
        Properties::new(self.id, self.line, resolved)
    }

    fn has(&self, name: &str) -> bool {
        let Some(Kind::Mapping(entries)) = self.properties.map(|properties| &properties.kind) else { return false };
        entries.iter().any(|entry| entry.key == name)
    }

    /// The properties as they are written.
    pub fn written(&self) -> Option<&'a Node> {
        self.properties
    }

    /// One property alone, resolved; the others may be beyond what the local stack knows.
    pub fn property(&self, scope: &Scope<'_>, name: &str) -> Result<Option<Property>, Error> {
        let Some(properties) = self.properties else { return Ok(None) };
        let Some(entry) = properties.entries(self.id)?.iter().find(|entry| entry.key == name) else {
            return Ok(None);
        };
        let what = format!("{}.{name}", self.id);
        Ok(scope.resolve(&entry.value)?.map(|value| Property { what, line: entry.line, value }))
    }
}
