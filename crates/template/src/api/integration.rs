//! What answers a method, and the headers of what the gateway says itself. Neither says who may call. Next: the local
//! stack's `gateway` answers by it.

use std::collections::BTreeMap;

use super::{
    super::{Error, properties::Properties, resources::Resource, scope::Scope},
    Headers, Integration,
};

/// Reads a method's `Integration`.
pub fn integration(scope: &Scope<'_>, mut properties: Properties) -> Result<Integration, Error> {
    let kind = properties.need("Type")?;
    let line = kind.line;
    match kind.into_text()?.as_str() {
        "AWS_PROXY" => {
            let uri = properties.need("Uri")?;
            let line = uri.line;
            let uri = uri.into_text()?;
            let place = &scope.place;
            let (region, account) = (&place.region, &place.account);
            let prefix = format!("arn:{}:apigateway:{region}:lambda:path/2015-03-31/functions/", place.partition);
            let target = uri.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix("/invocations"));
            let mut function = None;
            for candidate in scope.resources.of("AWS::Lambda::Function") {
                if target == Some(candidate.arn(scope, 0)?.as_str()) {
                    function = Some(candidate.id.to_owned());
                }
            }
            properties.finish(&["IntegrationHttpMethod", "PassthroughBehavior", "TimeoutInMillis"])?;
            let message = format!("the Uri is no function of this template in {region}, account {account}.");
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
        other => Err(Error::at(line, format!("Integration.Type {other} is not understood here."))),
    }
}

/// Every gateway response, by its type.
pub fn gateway_responses(scope: &Scope<'_>) -> Result<BTreeMap<String, Headers>, Error> {
    let mut responses = BTreeMap::new();
    for resource in scope.resources.of("AWS::ApiGateway::GatewayResponse") {
        let Some((kind, headers)) = scope.pass(gateway_response(scope, resource))? else { continue };
        if responses.insert(kind.clone(), headers).is_some() {
            let twice = Err(Error::at(resource.line, format!("{} is the second response to {kind}.", resource.id)));
            scope.pass::<()>(twice)?;
        }
    }
    Ok(responses)
}

fn gateway_response(scope: &Scope<'_>, resource: &Resource<'_>) -> Result<(String, Headers), Error> {
    let mut properties = resource.properties(scope)?;
    let kind = properties.text("ResponseType")?;
    let headers = headers(&mut properties, "gatewayresponse.header.")?;
    // Validators are passed over: the router behind refuses what they do, in its own words.
    let of_a_validator = ["BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"].contains(&kind.as_str());
    let words: &[&str] = if of_a_validator { &["ResponseTemplates", "StatusCode"] } else { &[] };
    properties.finish(&[&["RestApiId"], words].concat())?;
    Ok((kind, headers))
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
