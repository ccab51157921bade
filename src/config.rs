//! The app's configuration, `/config.json`.

/// What one deployment is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The OpenID Connect issuer, exactly as its tokens name it, with Auth0's trailing slash.
    pub issuer: String,
    /// The app's id at the issuer.
    pub client_id: String,
    /// The API's base URL without a trailing slash; its last segment is the stage.
    pub api_url: String,
    /// Where STS answers.
    pub sts_url: String,
    /// The AWS region that calls are signed for.
    pub region: String,
    /// The roles' ARNs.
    pub roles: Roles,
    /// The connections that count as social.
    pub social_connections: Vec<String>,
    /// ISO 4217 letters.
    pub currency: String,
}

/// The ARN of each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Who signed in through the Database Connection.
    pub admin: String,
    /// Who signed in through a Social Connection.
    pub buyer: String,
}

/// A field that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No JSON object.
    #[error("config.json can't be read as JSON (line {line}, column {column}).")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The field, and what it should be.
    #[error("config.json: {field} {should}.")]
    Field {
        /// The field's path, as `roles.admin`.
        field: &'static str,
        /// "must be …"
        should: &'static str,
    },
}
