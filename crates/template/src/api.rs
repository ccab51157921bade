//! The API: which methods there are, who may call them without a signature, what answers them, and the headers of what
//! the gateway says itself. Next: `gateway` routes by this.
//!
//! Source: the API Gateway resource types of the CloudFormation reference.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::{
    Error,
    intrinsics::{ACCOUNT, PARTITION, REGION, Scope},
    properties::{Properties, Property},
    resources::{API_ID, Resource},
};

/// Headers of an answer, in order.
pub type Headers = Vec<(HeaderName, HeaderValue)>;

/// The API and its one stage.
#[derive(Debug)]
pub struct Api {
    /// The id in ARNs.
    pub id: String,
    /// `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE`: what method and path follow in a policy's resource.
    pub arn: String,
    /// The first segment of every path.
    pub stage: String,
    /// Every method of every resource.
    pub routes: Vec<Route>,
    /// The headers of gateway responses by type, such as `DEFAULT_4XX`.
    pub gateway_responses: BTreeMap<String, Headers>,
}

/// One method of one resource.
#[derive(Debug)]
pub struct Route {
    /// `GET`
    pub method: Method,
    /// The path behind the stage.
    pub path: Vec<Segment>,
    /// Who may call.
    pub authorization: Authorization,
    /// What answers.
    pub integration: Integration,
    /// Where the method begins.
    pub line: usize,
}

/// A segment of a resource's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// `pets`
    Literal(String),
    /// `{petId}`
    Parameter(String),
}

/// A method's `AuthorizationType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// Everybody.
    None,
    /// Whoever signs and is allowed to.
    Iam,
    /// An authorizer of another type, such as `CUSTOM`. Only [`Documents`](super::Documents) have it.
    Other(String),
}

/// A method's `Integration`.
#[derive(Debug)]
pub enum Integration {
    /// The logical id of the function.
    Function(String),
    /// The answer itself.
    Mock {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: Headers,
    },
    /// Something else, of which nothing is known. Only [`Documents`](super::Documents) have it.
    Other,
}

/// Reads the one API and its one stage.
pub fn api(scope: &Scope<'_>) -> Result<Api, Error> {
    let mut api = scope.resources.only("AWS::ApiGateway::RestApi")?.properties(scope)?;
    if let Some(disabled) = api.take("DisableExecuteApiEndpoint") {
        let line = disabled.line;
        if disabled.into_bool()? {
            return Err(Error::at(line, "DisableExecuteApiEndpoint: true would leave no address to call."));
        }
    }
    api.finish(&["Name", "Description", "EndpointConfiguration", "Tags", "BinaryMediaTypes", "ApiKeySourceType"])?;

    let mut stage = scope.resources.only("AWS::ApiGateway::Stage")?.properties(scope)?;
    let stage_name = stage.text("StageName")?;
    for settings in stage.take("MethodSettings").map_or(Ok(Vec::new()), Property::into_items)? {
        settings.into_properties()?.finish(&[
            "DataTraceEnabled",
            "HttpMethod",
            "LoggingLevel",
            "MetricsEnabled",
            "ResourcePath",
            "ThrottlingBurstLimit",
            "ThrottlingRateLimit",
        ])?;
    }
    stage.finish(&["RestApiId", "DeploymentId", "Description", "Tags", "AccessLogSetting", "TracingEnabled"])?;
    for deployment in scope.resources.of("AWS::ApiGateway::Deployment") {
        deployment.properties(scope)?.finish(&["RestApiId", "Description"])?;
    }

    let paths = paths(scope)?;
    let mut routes: Vec<Route> = Vec::new();
    for resource in scope.resources.of("AWS::ApiGateway::Method") {
        let route = route(scope, resource, &paths)?;
        if routes.iter().any(|other| other.method == route.method && same_shape(&other.path, &route.path)) {
            return Err(Error::at(resource.line, format!("{} is the second method of this path.", resource.id)));
        }
        routes.push(route);
    }
    let gateway_responses = gateway_responses(scope)?;
    let arn = format!("arn:{PARTITION}:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{stage_name}");
    Ok(Api { id: API_ID.to_owned(), arn, stage: stage_name, routes, gateway_responses })
}

impl Api {
    /// The route of a method and the decoded segments behind the stage. A literal segment goes over a parameter, as in API
    /// Gateway.
    pub fn route(&self, method: &str, path: &[String]) -> Option<&Route> {
        let matches = |route: &&Route| {
            route.path.len() == path.len()
                && route.path.iter().zip(path).all(|(segment, text)| match segment {
                    Segment::Literal(literal) => literal == text,
                    Segment::Parameter(_) => true,
                })
        };
        let literals = |route: &&Route| -> Vec<bool> {
            route.path.iter().map(|segment| matches!(segment, Segment::Literal(_))).collect()
        };
        // The resource is chosen first, then its method: a method that the better match lacks isn't taken from another.
        let best = self.routes.iter().filter(matches).map(|route| literals(&route)).max()?;
        self.routes.iter().filter(matches).find(|route| literals(route) == best && route.method == method)
    }
}

fn same_shape(one: &[Segment], other: &[Segment]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (Segment::Literal(one), Segment::Literal(other)) => one == other,
            (Segment::Parameter(_), Segment::Parameter(_)) => true,
            _ => false,
        })
}

/// The path of each resource, by what `!Ref` of it gives.
fn paths(scope: &Scope<'_>) -> Result<BTreeMap<String, Vec<Segment>>, Error> {
    let mut waiting = Vec::new();
    for resource in scope.resources.of("AWS::ApiGateway::Resource") {
        let mut properties = resource.properties(scope)?;
        let parent = properties.text("ParentId")?;
        let part = properties.need("PathPart")?;
        let line = part.line;
        let segment = segment(part)?;
        properties.finish(&["RestApiId"])?;
        waiting.push((resource.id, line, parent, segment));
    }
    let mut paths = BTreeMap::from([(format!("{API_ID}-root"), Vec::new())]);
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|(id, _, parent, segment)| {
            let Some(path) = paths.get(parent) else { return true };
            let path = path.iter().chain([segment]).cloned().collect();
            paths.insert((*id).to_owned(), path);
            false
        });
        if let (true, Some((id, line, ..))) = (waiting.len() == before, waiting.first()) {
            return Err(Error::at(*line, format!("{id}.ParentId is neither the API's root nor another resource.")));
        }
    }
    Ok(paths)
}

fn segment(part: Property) -> Result<Segment, Error> {
    let (what, line) = (part.what.clone(), part.line);
    let part = part.into_text()?;
    let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    match name {
        Some(name) if plain(name) => Ok(Segment::Parameter(name.to_owned())),
        None if plain(&part) && part != "." && part != ".." => Ok(Segment::Literal(part)),
        _ => Err(Error::at(line, format!("{what} {part} is not supported by the local stack."))),
    }
}

fn route(scope: &Scope<'_>, resource: &Resource<'_>, paths: &BTreeMap<String, Vec<Segment>>) -> Result<Route, Error> {
    let mut properties = resource.properties(scope)?;
    let path = properties.need("ResourceId")?;
    let line = path.line;
    let path = paths.get(&path.into_text()?).ok_or_else(|| Error::at(line, "ResourceId is not a resource here."))?;
    let method = properties.need("HttpMethod")?;
    let line = method.line;
    let method = match method.into_text()?.as_str() {
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        "OPTIONS" => Method::OPTIONS,
        other => return Err(Error::at(line, format!("HttpMethod {other} is not supported by the local stack."))),
    };
    let authorization = properties.need("AuthorizationType")?;
    let line = authorization.line;
    let authorization = match authorization.into_text()?.as_str() {
        "NONE" => Authorization::None,
        "AWS_IAM" => Authorization::Iam,
        other => {
            let message =
                format!("AuthorizationType {other} is not supported by the local stack, only NONE and AWS_IAM.");
            return Err(Error::at(line, message));
        }
    };
    if let Some(required) = properties.take("ApiKeyRequired") {
        let line = required.line;
        if required.into_bool()? {
            return Err(Error::at(
                line,
                "ApiKeyRequired is not supported by the local stack: API keys are no identity.",
            ));
        }
    }
    let integration = integration(scope, properties.need("Integration")?.into_properties()?)?;
    properties.finish(&[
        "RestApiId",
        "MethodResponses",
        "OperationName",
        "RequestModels",
        "RequestParameters",
        "RequestValidatorId",
    ])?;
    Ok(Route { method, path: path.clone(), authorization, integration, line: resource.line })
}

fn integration(scope: &Scope<'_>, mut properties: Properties) -> Result<Integration, Error> {
    let kind = properties.need("Type")?;
    let line = kind.line;
    match kind.into_text()?.as_str() {
        "AWS_PROXY" => {
            let uri = properties.need("Uri")?;
            let line = uri.line;
            let uri = uri.into_text()?;
            let prefix = format!("arn:{PARTITION}:apigateway:{REGION}:lambda:path/2015-03-31/functions/");
            let target = uri.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix("/invocations"));
            let mut function = None;
            for candidate in scope.resources.of("AWS::Lambda::Function") {
                if target == Some(candidate.arn(scope, 0)?.as_str()) {
                    function = Some(candidate.id.to_owned());
                }
            }
            properties.finish(&["IntegrationHttpMethod", "PassthroughBehavior", "TimeoutInMillis"])?;
            let message = format!("the Uri is no function of this template in {REGION}, account {ACCOUNT}.");
            function.map(Integration::Function).ok_or_else(|| Error::at(line, message))
        }
        "MOCK" => {
            let responses = properties.need("IntegrationResponses")?;
            let line = responses.line;
            let mut responses = responses.into_items()?;
            if responses.len() != 1 {
                return Err(Error::at(line, "a MOCK needs exactly one of IntegrationResponses here."));
            }
            let mut response = responses.remove(0).into_properties()?;
            let status = response.need("StatusCode")?;
            let line = status.line;
            let status = status.into_text()?.parse().map_err(|_| Error::at(line, "StatusCode must be a status."))?;
            let headers = headers(&mut response, "method.response.header.")?;
            response.finish(&["ResponseTemplates"])?;
            properties.finish(&["IntegrationHttpMethod", "PassthroughBehavior", "RequestTemplates"])?;
            Ok(Integration::Mock { status, headers })
        }
        other => Err(Error::at(line, format!("Integration.Type {other} is not supported by the local stack."))),
    }
}

fn gateway_responses(scope: &Scope<'_>) -> Result<BTreeMap<String, Headers>, Error> {
    let mut responses = BTreeMap::new();
    for resource in scope.resources.of("AWS::ApiGateway::GatewayResponse") {
        let mut properties = resource.properties(scope)?;
        let kind = properties.text("ResponseType")?;
        let headers = headers(&mut properties, "gatewayresponse.header.")?;
        // Validators are passed over: the router behind refuses what they do, in its own words.
        let of_a_validator = ["BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"].contains(&kind.as_str());
        let words: &[&str] = if of_a_validator { &["ResponseTemplates", "StatusCode"] } else { &[] };
        properties.finish(&[&["RestApiId"], words].concat())?;
        if responses.insert(kind.clone(), headers).is_some() {
            return Err(Error::at(resource.line, format!("{} is the second response to {kind}.", resource.id)));
        }
    }
    Ok(responses)
}

/// `ResponseParameters` whose values are constants, which API Gateway writes in single quotes.
fn headers(properties: &mut Properties, prefix: &str) -> Result<Headers, Error> {
    let Some(parameters) = properties.take("ResponseParameters") else { return Ok(Vec::new()) };
    let mut headers = Vec::new();
    for parameter in parameters.into_properties()?.rest() {
        let (what, line) = (parameter.what.clone(), parameter.line);
        let name = what.rsplit_once(prefix).and_then(|(_, name)| name.to_ascii_lowercase().parse().ok());
        let value = parameter.into_text()?;
        let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        match (name, value.and_then(|value| value.parse().ok())) {
            (Some(name), Some(value)) => headers.push((name, value)),
            _ => return Err(Error::at(line, format!("{what} must be a header with a constant in single quotes."))),
        }
    }
    Ok(headers)
}
