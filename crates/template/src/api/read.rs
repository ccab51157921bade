//! Which API there is, its stage and its methods. A strict reading wants exactly one API and obeys all of it; a reading of
//! documents takes the one that IAM guards. Next: `paths`, `integration`.

use http::Method;

use super::{
    super::{Error, properties::Property, resources::Resource, scope::Scope},
    Api, Authorization, Integration, Route,
    integration::{gateway_responses, integration},
    paths::{Paths, paths, same_shape},
};

const API: &str = "AWS::ApiGateway::RestApi";
const DEPLOYMENT: &str = "AWS::ApiGateway::Deployment";
const METHOD: &str = "AWS::ApiGateway::Method";
const STAGE: &str = "AWS::ApiGateway::Stage";

/// What `ANY` stands for.
const ANY: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Reads the API; none where there is none that can be called.
pub fn api(scope: &Scope<'_>) -> Result<Option<Api>, Error> {
    let Some(api) = choice(scope)? else { return Ok(None) };
    settings(scope, api)?;
    let id = scope.resources.reference(scope, api.id, api.line, 0)?;
    let Some(stage) = stage(scope, api, &id)? else { return Ok(None) };
    let paths = paths(scope, &id, &of(scope, "AWS::ApiGateway::Resource", &id))?;
    let mut routes: Vec<Route> = Vec::new();
    let mut rest = Vec::new();
    for resource in of(scope, METHOD, &id) {
        let Some(Some((method, route))) = scope.note(route(scope, resource, &paths))? else { continue };
        let Some(method) = method else {
            rest.push(route);
            continue;
        };
        let route = Route { method, ..route };
        if routes.iter().any(|other| is_same(other, &route.method, &route)) {
            let message = format!("{} is the second method of this path.", resource.id);
            scope.note::<()>(Err(Error::at(resource.line, message)))?;
            continue;
        }
        routes.push(route);
    }
    for any in rest {
        for method in ANY {
            if !routes.iter().any(|other| is_same(other, &method, &any)) {
                let Route { path, authorization, .. } = &any;
                let (path, authorization) = (path.clone(), authorization.clone());
                routes.push(Route { method, path, authorization, integration: Integration::Other, line: any.line });
            }
        }
    }
    let place = &scope.place;
    let arn = format!("arn:{}:execute-api:{}:{}:{id}/{stage}", place.partition, place.region, place.account);
    Ok(Some(Api { id, arn, stage, routes, gateway_responses: gateway_responses(scope)? }))
}

fn is_same(other: &Route, method: &Method, route: &Route) -> bool {
    other.method == *method && same_shape(&other.path, &route.path)
}

/// The API that is read.
fn choice<'s, 'a>(scope: &'s Scope<'a>) -> Result<Option<&'s Resource<'a>>, Error> {
    if scope.strict {
        return scope.resources.only(API).map(Some);
    }
    let mut apis: Vec<_> = scope.resources.of(API).collect();
    if let ([], Some(Resource { id, line, .. })) = (apis.as_slice(), scope.resources.of(METHOD).next()) {
        let message = format!("{id} is a method of an API that isn't in this file; name the template that has it.");
        scope.note::<()>(Err(Error::at(*line, message)))?;
    }
    if apis.len() > 1 && apis.iter().any(|api| is_guarded(scope, api)) {
        apis.retain(|api| is_guarded(scope, api));
    }
    if let [first, second, ..] = apis[..] {
        let message = format!("{} is a second API; only the calls of {} are read.", second.id, first.id);
        scope.note::<()>(Err(Error::at(second.line, message)))?;
    }
    Ok(apis.first().copied())
}

/// Whether IAM decides about one of its methods.
fn is_guarded(scope: &Scope<'_>, api: &Resource<'_>) -> bool {
    of(scope, METHOD, api.id).iter().any(|method| {
        let authorization = method.property(scope, "AuthorizationType");
        authorization.is_ok_and(|kind| kind.is_some_and(|kind| kind.into_text().is_ok_and(|kind| kind == "AWS_IAM")))
    })
}

/// The resources of a type that belong to the API: all, where there is one.
fn of<'s, 'a>(scope: &'s Scope<'a>, kind: &str, api: &str) -> Vec<&'s Resource<'a>> {
    let several = !scope.strict && scope.resources.of(API).nth(1).is_some();
    let belongs = |resource: &&Resource<'a>| {
        let named = resource.property(scope, "RestApiId");
        !several || named.is_ok_and(|id| id.is_some_and(|id| id.into_text().is_ok_and(|id| id == api)))
    };
    scope.resources.of(kind).filter(belongs).collect()
}

/// What of the API itself bears on who may call.
fn settings(scope: &Scope<'_>, api: &Resource<'_>) -> Result<(), Error> {
    let mut properties = api.properties(scope)?;
    if let Some(disabled) = properties.take("DisableExecuteApiEndpoint") {
        let line = disabled.line;
        if scope.pass(disabled.into_bool())? == Some(true) {
            let message = "DisableExecuteApiEndpoint: true would leave no address to call.";
            scope.pass::<()>(Err(Error::at(line, message)))?;
        }
    }
    for (name, says) in [
        ("Policy", "a resource policy decides together with the role's permissions, and isn't followed here"),
        ("Body", "the calls that it describes aren't read here, only those of AWS::ApiGateway::Method"),
        ("BodyS3Location", "the calls that it describes aren't read here, only those of AWS::ApiGateway::Method"),
        ("CloneFrom", "the calls of the other API aren't read here"),
    ] {
        if let Some(property) = properties.take(name) {
            scope.note::<()>(Err(Error::at(property.line, format!("{}: {says}.", property.what))))?;
        }
    }
    let known = ["Name", "Description", "EndpointConfiguration", "Tags", "BinaryMediaTypes", "ApiKeySourceType"];
    scope.pass(properties.finish(&known)).map(|_| ())
}

/// The name of the one stage.
fn stage(scope: &Scope<'_>, api: &Resource<'_>, id: &str) -> Result<Option<String>, Error> {
    let stages = of(scope, STAGE, id);
    let deployments = of(scope, DEPLOYMENT, id);
    if scope.strict {
        scope.resources.only(STAGE)?;
    }
    let mut names = Vec::new();
    for resource in stages.iter().chain(&deployments) {
        if let Some(name) = resource.property(scope, "StageName").transpose() {
            let name = scope.note(name.and_then(Property::into_text))?;
            names.extend(name.map(|name| (resource.line, name)));
        }
    }
    for stage in stages {
        scope.pass(stage_settings(scope, stage))?;
    }
    for deployment in deployments {
        scope.pass(deployment.properties(scope).and_then(|rest| rest.finish(&["RestApiId", "Description"])))?;
    }
    let Some((_, first)) = names.first() else {
        let message = format!("{} has no stage in this file, so nobody can call it.", api.id);
        scope.note::<()>(Err(Error::at(api.line, message)))?;
        return Ok(None);
    };
    if let Some((line, other)) = names.iter().find(|(_, name)| name != first) {
        let message = format!("{other} is a second stage; only the calls of {first} are read.");
        scope.note::<()>(Err(Error::at(*line, message)))?;
    }
    Ok(Some(first.clone()))
}

fn stage_settings(scope: &Scope<'_>, stage: &Resource<'_>) -> Result<(), Error> {
    let mut properties = stage.properties(scope)?;
    for settings in properties.items("MethodSettings")? {
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
    properties.text("StageName")?;
    properties.finish(&["RestApiId", "DeploymentId", "Description", "Tags", "AccessLogSetting", "TracingEnabled"])
}

/// A method and its route, whose own method is nobody's yet; no method for `ANY`, nothing where the path can't be read.
fn route(scope: &Scope<'_>, resource: &Resource<'_>, paths: &Paths) -> Result<Option<(Option<Method>, Route)>, Error> {
    let mut properties = resource.properties(scope)?;
    let path = properties.need("ResourceId")?;
    let line = path.line;
    let path = paths.get(&path.into_text()?).ok_or_else(|| Error::at(line, "ResourceId is not a resource here."))?;
    let Some(path) = path.clone() else { return Ok(None) };
    let method = properties.need("HttpMethod")?;
    let line = method.line;
    let name = method.into_text()?;
    let method = ANY.into_iter().find(|method| *method == name.as_str());
    if method.is_none() && (scope.strict || name != "ANY") {
        return Err(Error::at(line, format!("HttpMethod {name} is not understood here.")));
    }
    let authorization = match properties.take("AuthorizationType") {
        None if !scope.strict => Authorization::None,
        None => return properties.need("AuthorizationType").map(|_| None),
        Some(kind) => authorization(scope, kind)?,
    };
    if let Some(required) = properties.take("ApiKeyRequired") {
        let (what, line) = (required.what.clone(), required.line);
        if required.into_bool()? {
            let message =
                format!("{what}: who calls needs an API key as well, which is no identity and isn't followed.");
            scope.note::<()>(Err(Error::at(line, message)))?;
        }
    }
    let answer = properties.need("Integration").and_then(Property::into_properties);
    let integration = scope.pass(answer.and_then(|answer| integration(scope, answer)))?.unwrap_or(Integration::Other);
    scope.pass(properties.finish(&[
        "RestApiId",
        "MethodResponses",
        "OperationName",
        "RequestModels",
        "RequestParameters",
        "RequestValidatorId",
    ]))?;
    let route = Route { method: Method::GET, path, authorization, integration, line: resource.line };
    Ok(Some((method, route)))
}

fn authorization(scope: &Scope<'_>, kind: Property) -> Result<Authorization, Error> {
    let line = kind.line;
    match kind.into_text()?.as_str() {
        "NONE" => Ok(Authorization::None),
        "AWS_IAM" => Ok(Authorization::Iam),
        other if !scope.strict => Ok(Authorization::Other(other.to_owned())),
        other => {
            Err(Error::at(line, format!("AuthorizationType {other} is not understood here, only NONE and AWS_IAM.")))
        }
    }
}
