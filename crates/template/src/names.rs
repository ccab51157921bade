//! What `!Ref` and `!GetAtt` give: names and ARNs. What AWS would make up at a deployment has a stand-in that is always
//! the same; a strict reading refuses what the local stack would have to obey under such a name.

use super::{
    Error,
    resources::{Resource, Resources},
    scope::Scope,
};

/// The id of the one API. AWS gives ten letters and digits.
pub const API_ID: &str = "localstack";

/// Some more types that `!Ref` gives the ARN of; a policy that names one by its id couldn't be read.
const NAMED_BY_ARN: &[&str] = &[
    "AWS::Batch::JobDefinition",
    "AWS::Batch::JobQueue",
    "AWS::ECS::TaskDefinition",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Version",
    "AWS::SNS::Topic",
    "AWS::SecretsManager::Secret",
    "AWS::Serverless::StateMachine",
    "AWS::StepFunctions::Activity",
    "AWS::StepFunctions::StateMachine",
];

impl Resources<'_> {
    /// What `!Ref` gives.
    pub fn reference(&self, scope: &Scope<'_>, id: &str, line: usize, depth: usize) -> Result<String, Error> {
        let resource = self.find(id, line)?;
        match resource.kind {
            "AWS::ApiGateway::RestApi" => Ok(self.api_id(id)),
            "AWS::IAM::ManagedPolicy" | "AWS::IAM::OIDCProvider" => resource.arn(scope, depth),
            kind if scope.stand_ins && NAMED_BY_ARN.contains(&kind) => resource.arn(scope, depth),
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
            ("AWS::ApiGateway::RestApi", "RootResourceId") => Ok(format!("{}-root", self.api_id(id))),
            ("AWS::ApiGateway::RestApi", "RestApiId") => Ok(self.api_id(id)),
            ("AWS::IAM::ManagedPolicy", "PolicyArn") => resource.arn(scope, depth),
            ("AWS::ApiGateway::Resource", "ResourceId") => Ok(id.to_owned()),
            (
                "AWS::DynamoDB::Table"
                | "AWS::IAM::OIDCProvider"
                | "AWS::IAM::Role"
                | "AWS::Lambda::Function"
                | "AWS::Logs::LogGroup",
                "Arn",
            ) => resource.arn(scope, depth),
            _ if !scope.stand_ins => {
                Err(Error::at(line, format!("{id}.{name} is an attribute that isn't known here.")))
            }
            (_, name) if name.ends_with("Arn") => resource.arn(scope, depth),
            _ => Ok(format!("{id}.{name}")),
        }
    }

    /// Where there are several APIs, each goes by its logical id.
    fn api_id(&self, id: &str) -> String {
        let several = self.of("AWS::ApiGateway::RestApi").nth(1).is_some();
        if several { id.to_owned() } else { API_ID.to_owned() }
    }
}

impl Resource<'_> {
    /// The name under `property`, or one made from the logical id.
    fn name(&self, scope: &Scope<'_>, property: &str, depth: usize) -> Result<String, Error> {
        Ok(self.own(scope, property, depth)?.unwrap_or_else(|| scope.place.name(self.id)))
    }

    /// The ARN, or one that is like it.
    pub fn arn(&self, scope: &Scope<'_>, depth: usize) -> Result<String, Error> {
        let name = |property: &str| self.name(scope, property, depth);
        let path = || Ok(self.own(scope, "Path", depth)?.unwrap_or_else(|| "/".to_owned()));
        let (service, rest) = match self.kind {
            "AWS::IAM::Role" => ("iam", format!("role{}{}", path()?, name("RoleName")?)),
            "AWS::IAM::ManagedPolicy" => ("iam", format!("policy{}{}", path()?, name("ManagedPolicyName")?)),
            "AWS::IAM::OIDCProvider" => {
                let url = self.own(scope, "Url", depth)?.unwrap_or_default();
                let Some(url) = url.strip_prefix("https://") else {
                    return Err(Error::at(self.line, format!("{}.Url must begin with https://.", self.id)));
                };
                ("iam", format!("oidc-provider/{url}"))
            }
            "AWS::Lambda::Function" => ("lambda", format!("function:{}", name("FunctionName")?)),
            "AWS::Logs::LogGroup" => ("logs", format!("log-group:{}:*", name("LogGroupName")?)),
            "AWS::DynamoDB::Table" => ("dynamodb", format!("table/{}", name("TableName")?)),
            "AWS::S3::Bucket" => ("s3", name("BucketName")?),
            "AWS::SNS::Topic" => ("sns", name("TopicName")?),
            "AWS::SQS::Queue" => ("sqs", name("QueueName")?),
            other => {
                let (service, kind) = other.split_once("::").unwrap_or_default().1.split_once("::").unwrap_or_default();
                (service, format!("{}/{}", kind.to_lowercase(), self.id))
            }
        };
        let place = &scope.place;
        let (region, account) = match service {
            "iam" => ("", place.account.as_str()),
            "s3" => ("", ""),
            _ => (place.region.as_str(), place.account.as_str()),
        };
        Ok(format!("arn:{}:{}:{region}:{account}:{rest}", place.partition, service.to_lowercase()))
    }

    /// A property that is a text.
    fn own(&self, scope: &Scope<'_>, property: &str, depth: usize) -> Result<Option<String>, Error> {
        let Some(properties) = self.written() else { return Ok(None) };
        let found = properties.entries(self.id)?.iter().find(|entry| entry.key == property);
        found.map(|entry| scope.text_at(&entry.value, &format!("{}.{property}", self.id), depth + 1)).transpose()
    }
}
