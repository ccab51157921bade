//! The `Resources` section as a whole: which there are, what a name of one stands for, and which types may stand in a
//! template that the local stack obeys. What it can't obey and what it can't judge, it refuses. Next: `api`, `roles`.

use super::{
    Error,
    intrinsics::{ACCOUNT, PARTITION, REGION, STACK, Scope},
    properties::{Properties, Property},
    yaml::{Entry, Node},
};

/// The id of the one API. AWS gives ten letters and digits.
pub const API_ID: &str = "localstack";

/// Types that the local stack carries out.
const OBEYED: &[&str] = &[
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::DynamoDB::Table",
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

/// The section, without the resources whose `Condition` doesn't hold once [`Resources::drop_conditional`] has run.
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
    properties: Option<&'a Node>,
    condition: Option<(&'a str, usize)>,
}

impl<'a> Resources<'a> {
    /// Reads the section and refuses types that aren't known.
    pub fn read(section: &'a Node) -> Result<Self, Error> {
        section.entries("Resources")?.iter().map(Resource::read).collect::<Result<_, _>>().map(Self)
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
            (None, _) => Err(Error::at(1, format!("there is no {kind}; the local stack serves exactly one."))),
            (_, Some(second)) => {
                Err(Error::at(second.line, format!("a second {kind}; the local stack serves exactly one.")))
            }
        }
    }

    /// Drops the resources whose condition doesn't hold.
    pub fn drop_conditional(scope: &mut Scope<'_>) -> Result<(), Error> {
        let mut kept = Vec::new();
        for resource in &scope.resources.0 {
            let holds = match resource.condition {
                Some((name, line)) => scope.condition(name, line)?,
                None => true,
            };
            if holds {
                kept.push(*resource);
            }
        }
        scope.resources.0 = kept;
        Ok(())
    }

    /// What `!Ref` gives.
    pub fn reference(&self, scope: &Scope<'_>, id: &str, line: usize, depth: usize) -> Result<String, Error> {
        let resource = self.find(id, line)?;
        match resource.kind {
            "AWS::ApiGateway::RestApi" => Ok(API_ID.to_owned()),
            "AWS::IAM::OIDCProvider" => resource.arn(scope, depth),
            "AWS::IAM::Role" => resource.name(scope, "RoleName", depth),
            "AWS::Lambda::Function" => resource.name(scope, "FunctionName", depth),
            "AWS::DynamoDB::Table" => resource.name(scope, "TableName", depth),
            "AWS::ApiGateway::Stage" => resource.name(scope, "StageName", depth),
            _ => Ok(id.to_owned()),
        }
    }

    /// What `!GetAtt` gives.
    pub fn attribute(
        &self,
        scope: &Scope<'_>,
        id: &str,
        name: &str,
        line: usize,
        depth: usize,
    ) -> Result<String, Error> {
        let resource = self.find(id, line)?;
        match (resource.kind, name) {
            ("AWS::ApiGateway::RestApi", "RootResourceId") => Ok(format!("{API_ID}-root")),
            ("AWS::ApiGateway::RestApi", "RestApiId") => Ok(API_ID.to_owned()),
            ("AWS::ApiGateway::Resource", "ResourceId") => Ok(id.to_owned()),
            (
                "AWS::DynamoDB::Table"
                | "AWS::IAM::OIDCProvider"
                | "AWS::IAM::Role"
                | "AWS::Lambda::Function"
                | "AWS::Logs::LogGroup",
                "Arn",
            ) => resource.arn(scope, depth),
            _ => Err(Error::at(line, format!("{id}.{name} is an attribute that the local stack doesn't know."))),
        }
    }

    fn find(&self, id: &str, line: usize) -> Result<&Resource<'a>, Error> {
        self.0
            .iter()
            .find(|resource| resource.id == id)
            .ok_or_else(|| Error::at(line, format!("{id} is neither a parameter nor a resource.")))
    }
}

impl<'a> Resource<'a> {
    fn read(entry: &'a Entry) -> Result<Self, Error> {
        let id = entry.key.as_str();
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
                _ => return Err(Error::at(attribute.line, format!("{what} is not supported by the local stack."))),
            }
        }
        let (kind, line) = kind.ok_or_else(|| Error::at(entry.line, format!("{id} has no Type.")))?;
        let passed_over = |known: &&str| kind == *known || (known.ends_with("::") && kind.starts_with(*known));
        if OBEYED.contains(&kind) || PASSED_OVER.iter().any(passed_over) {
            return Ok(Self { id, kind, line: entry.line, properties, condition });
        }
        let message =
            format!("{id} is an {kind}, which the local stack can't obey and which may change who may do what.");
        Err(Error::at(line, message))
    }

    /// The properties, resolved.
    pub fn properties(&self, scope: &Scope<'_>) -> Result<Properties, Error> {
        let resolved = match self.properties {
            Some(node) => scope.resolve(node)?,
            None => None,
        };
        Properties::new(self.id, self.line, resolved)
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

    /// The name under `property`, or one made from the logical id.
    fn name(&self, scope: &Scope<'_>, property: &str, depth: usize) -> Result<String, Error> {
        Ok(self.own(scope, property, depth)?.unwrap_or_else(|| format!("{STACK}-{}", self.id)))
    }

    /// The ARN of what has one.
    pub fn arn(&self, scope: &Scope<'_>, depth: usize) -> Result<String, Error> {
        Ok(match self.kind {
            "AWS::IAM::Role" => {
                let path = self.own(scope, "Path", depth)?.unwrap_or_else(|| "/".to_owned());
                let name = self.name(scope, "RoleName", depth)?;
                format!("arn:{PARTITION}:iam::{ACCOUNT}:role{path}{name}")
            }
            "AWS::IAM::OIDCProvider" => {
                let url = self.own(scope, "Url", depth)?.unwrap_or_default();
                let Some(url) = url.strip_prefix("https://") else {
                    return Err(Error::at(self.line, format!("{}.Url must begin with https://.", self.id)));
                };
                format!("arn:{PARTITION}:iam::{ACCOUNT}:oidc-provider/{url}")
            }
            "AWS::Lambda::Function" => {
                let name = self.name(scope, "FunctionName", depth)?;
                format!("arn:{PARTITION}:lambda:{REGION}:{ACCOUNT}:function:{name}")
            }
            "AWS::Logs::LogGroup" => {
                let name = self.name(scope, "LogGroupName", depth)?;
                format!("arn:{PARTITION}:logs:{REGION}:{ACCOUNT}:log-group:{name}:*")
            }
            _ => {
                let name = self.name(scope, "TableName", depth)?;
                format!("arn:{PARTITION}:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
            }
        })
    }

    fn own(&self, scope: &Scope<'_>, property: &str, depth: usize) -> Result<Option<String>, Error> {
        let Some(properties) = self.properties else { return Ok(None) };
        let found = properties.entries(self.id)?.iter().find(|entry| entry.key == property);
        found.map(|entry| scope.text_at(&entry.value, &format!("{}.{property}", self.id), depth + 1)).transpose()
    }
}
