//! The page's `/config.json`, made from the template and from where this stack is, so that one build of the page
//! serves here as it serves in the cloud.

use serde_json::{Value, json};
use template::{REGION, Template};

use crate::start::StartError;

/// Where the parts of a stack are.
pub struct Addresses<'a> {
    /// The issuer's exact URL.
    pub issuer: &'a str,
    /// The page's client id there.
    pub client_id: &'a str,
    /// The API with its stage.
    pub api: &'a str,
    /// STS.
    pub sts: &'a str,
    /// What explains; the cloud has no such place.
    pub explain: &'a str,
}

/// The document.
pub fn config(template: &Template, addresses: &Addresses<'_>) -> Result<Value, StartError> {
    let output = |name: &'static str| template.outputs.get(name).ok_or(StartError::Output(name));
    Ok(json!({
        "issuer": addresses.issuer,
        "clientId": addresses.client_id,
        "apiUrl": addresses.api,
        "stsUrl": addresses.sts,
        "explainUrl": addresses.explain,
        "region": REGION,
        "roles": { "admin": output("AdminRoleArn")?, "buyer": output("BuyerRoleArn")? },
        "socialConnections": output("BuyerConnections")?.split(',').collect::<Vec<_>>(),
        "currency": output("PriceCurrency")?,
    }))
}
