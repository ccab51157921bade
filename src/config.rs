//! The app's configuration, `/config.json`: one build serves every environment. It is read once at start, as a whole
//! or not at all; a field that is missing or wrong names itself and says what it should be. Nothing in it is secret.

mod address;

use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use address::is_web_address;

/// What one deployment is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The OpenID Connect issuer, exactly as its tokens name it, with Auth0's trailing slash.
    pub issuer: String,
    /// The app's id at the issuer.
    pub client_id: String,
    /// The API's base URL without a slash at its end; its last segment is the stage.
    pub api_url: String,
    /// Where STS answers.
    pub sts_url: String,
    /// The AWS region that calls are signed for.
    pub region: String,
    /// The roles' ARNs.
    pub roles: Roles,
    /// The connections that count as social.
    pub social_connections: Vec<String>,
    /// The shop's currency, as three letters of ISO 4217.
    pub currency: String,
    /// Where the policy documents are explained. The local stack does that; a deployed shop doesn't.
    pub explain_url: Option<String>,
}

/// The ARN of each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Of who signed in through the Database Connection.
    pub admin: String,
    /// Of who signed in through a Social Connection.
    pub buyer: String,
}

/// Why the configuration can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It isn't JSON, or a field is there twice.
    #[error("config.json can't be read: line {line}, column {column} is no JSON object, or has a field twice.")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A field is missing.
    #[error("config.json: {field} is missing. It must be {should}.")]
    Missing {
        /// The field's path, as `roles.admin`.
        field: &'static str,
        /// What it must be.
        should: &'static str,
    },
    /// A field is there and isn't what it should be.
    #[error("config.json: {field} is wrong. It must be {should}.")]
    Wrong {
        /// The field's path, as `roles.admin`.
        field: &'static str,
        /// What it must be.
        should: &'static str,
    },
}

type Raw<'a> = Option<&'a RawValue>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    issuer: Raw<'a>,
    client_id: Raw<'a>,
    api_url: Raw<'a>,
    sts_url: Raw<'a>,
    region: Raw<'a>,
    roles: Raw<'a>,
    social_connections: Raw<'a>,
    currency: Raw<'a>,
    explain_url: Raw<'a>,
}

#[derive(Deserialize)]
struct RoleFields<'a> {
    #[serde(borrow)]
    admin: Raw<'a>,
    buyer: Raw<'a>,
}

impl Config {
    /// Reads the file. Fields that nobody knows are ignored, so that an older page survives a newer file.
    pub fn from_json(json: &[u8]) -> Result<Self, ConfigError> {
        // A list would fill a struct field by field: only an object names what it means.
        if json.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
            return Err(ConfigError::NotJson { line: 1, column: 1 });
        }
        let fields: Fields = serde_json::from_slice(json)
            .map_err(|error| ConfigError::NotJson { line: error.line(), column: error.column() })?;

        let address = "an absolute URL, https unless it is on this machine, without a query";
        let issuer = text("issuer", fields.issuer, address, is_web_address)?;
        let client_id = text("clientId", fields.client_id, "the app's client id at the issuer", is_visible)?;
        let stage = "an absolute URL whose last segment is the API's stage, https unless it is on this machine";
        let api_url = text("apiUrl", fields.api_url, stage, has_stage)?.trim_end_matches('/').to_owned();
        let sts_url = text("stsUrl", fields.sts_url, address, is_web_address)?;
        let region = text("region", fields.region, "an AWS region, such as us-east-1", is_region)?;

        let should = "an object with the role ARNs admin and buyer";
        if fields.roles.is_some_and(|raw| raw.get().starts_with('[')) {
            return Err(ConfigError::Wrong { field: "roles", should });
        }
        let roles: RoleFields = read("roles", fields.roles, should)?;
        let arn = "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name";
        let admin = text("roles.admin", roles.admin, arn, is_role_arn)?;
        let buyer = text("roles.buyer", roles.buyer, arn, is_role_arn)?;
        if admin == buyer {
            return Err(ConfigError::Wrong { field: "roles.buyer", should: "another role than roles.admin" });
        }

        let field = "socialConnections";
        let should = "a list of connection names, without | and without auth0";
        let social_connections: Vec<String> = read(field, fields.social_connections, should)?;
        if !social_connections.iter().all(|name| is_visible(name) && !name.contains('|') && name != "auth0") {
            return Err(ConfigError::Wrong { field, should });
        }

        let letters = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let currency = text("currency", fields.currency, "three letters of ISO 4217, such as USD", letters)?;
        let explain_url = match fields.explain_url {
            None => None,
            some => Some(text("explainUrl", some, address, is_web_address)?),
        };
        let roles = Roles { admin, buyer };
        Ok(Self { issuer, client_id, api_url, sts_url, region, roles, social_connections, currency, explain_url })
    }
}

fn read<'a, T: Deserialize<'a>>(field: &'static str, raw: Raw<'a>, should: &'static str) -> Result<T, ConfigError> {
    let raw = raw.filter(|raw| raw.get() != "null").ok_or(ConfigError::Missing { field, should })?;
    // From bytes, as everything is read here: from text would be a second reader to load.
    serde_json::from_slice(raw.get().as_bytes()).map_err(|_| ConfigError::Wrong { field, should })
}

fn text(
    field: &'static str,
    raw: Raw<'_>,
    should: &'static str,
    fits: impl Fn(&str) -> bool,
) -> Result<String, ConfigError> {
    let text: String = read(field, raw, should)?;
    if fits(&text) { Ok(text) } else { Err(ConfigError::Wrong { field, should }) }
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn has_stage(url: &str) -> bool {
    let path = url.split_once("://").and_then(|(_, rest)| rest.trim_end_matches('/').split_once('/'));
    is_web_address(url) && path.is_some_and(|(_, path)| path.split('/').all(|segment| !segment.is_empty()))
}

fn is_region(text: &str) -> bool {
    let segment = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 32 && text.contains('-') && text.split('-').all(segment)
}

fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return false };
    (arn, service, region) == ("arn", "iam", "")
        && partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(is_visible)
}

#[cfg(test)]
mod tests;
