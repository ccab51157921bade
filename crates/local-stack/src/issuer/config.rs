//! What an issuer is told when it starts.

use std::path::PathBuf;

use time::Duration;

use super::{Event, PostLogin};

/// Where an issuer is, whom it serves, and how long things last.
#[derive(Clone, Debug)]
pub struct Config {
    /// The exact `iss` of every token, with its trailing slash: `http://localhost:9000/idp/`.
    pub issuer_url: String,
    /// The one registered application, `pets-spa`. It is a public client: it has no secret.
    pub client_id: String,
    /// Where the app is served (`http://localhost:8080`). `/callback` of each is a registered redirect URI; the origin
    /// itself, `/` and `/login` are where a sign-out may lead. The issuer's own origin is always among them.
    pub app_origins: Vec<String>,
    /// Where the signing key is kept; without it, a key lives as long as the process.
    pub data_dir: Option<PathBuf>,
    /// The tenant's Action, run at every sign-in and every refresh.
    pub post_login: Option<PostLogin>,
    /// Where people see what this machine decided about them; the sign-in page leads there.
    pub decisions: Option<String>,
    /// How long codes, tokens and sessions last.
    pub lifetimes: Lifetimes,
    /// Told of each sign-in and each refusal that somebody should know of.
    pub log: fn(&Event),
}

impl Config {
    /// An issuer for one app with Auth0's lifetimes and no Action, that keeps nothing and logs nothing.
    pub fn new(issuer_url: impl Into<String>, client_id: impl Into<String>, app_origin: impl Into<String>) -> Self {
        Self {
            issuer_url: issuer_url.into(),
            client_id: client_id.into(),
            app_origins: vec![app_origin.into()],
            data_dir: None,
            post_login: None,
            decisions: None,
            lifetimes: Lifetimes::default(),
            log: |_| {},
        }
    }
}

/// How long things last. The defaults are those of `infra/auth0/tenant.yaml`, and of a new Auth0 tenant; a code lasts a
/// minute.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// From the sign-in page's first showing until it has to be started again.
    pub sign_in: Duration,
    /// From the redirect with a code to its exchange.
    pub code: Duration,
    /// `exp - iat` of an ID token.
    pub id_token: Duration,
    /// How long an access token is good for `userinfo`.
    pub access_token: Duration,
    /// A refresh token that isn't used for so long has ended.
    pub refresh_idle: Duration,
    /// So long after it was replaced, a refresh token may come again: the answer with the new one may have been lost.
    pub refresh_leeway: Duration,
    /// The whole family of refresh tokens ends so long after the sign-in.
    pub refresh_absolute: Duration,
    /// An issuer session that isn't used for so long has ended.
    pub session_idle: Duration,
    /// An issuer session ends so long after it began.
    pub session_absolute: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            sign_in: Duration::minutes(30),
            code: Duration::seconds(60),
            id_token: Duration::seconds(36_000),
            access_token: Duration::seconds(86_400),
            refresh_idle: Duration::seconds(1_296_000),
            refresh_leeway: Duration::seconds(10),
            refresh_absolute: Duration::seconds(2_592_000),
            session_idle: Duration::days(3),
            session_absolute: Duration::days(7),
        }
    }
}
