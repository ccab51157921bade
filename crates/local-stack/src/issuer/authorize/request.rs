//! The parameters of an authorization request, read strictly: what isn't understood and would change the meaning is
//! refused, not ignored.

use serde_json::{Map, Value};
use time::Duration;

use crate::issuer::Connection;
use crate::issuer::call::Refusal;
use crate::issuer::parameters::{Parameters, Repeated};
use crate::issuer::registration::Registration;
use crate::issuer::scope::Scope;

/// Where the answer goes: the part of the request that has to be right before anything may be redirected.
#[derive(Clone, Debug)]
pub(in crate::issuer) struct Target {
    pub(in crate::issuer) redirect_uri: String,
    /// The app's `state`, echoed.
    pub(in crate::issuer) state: Option<String>,
}

/// A request that can be agreed to.
#[derive(Clone, Debug)]
pub(in crate::issuer) struct AuthorizationRequest {
    pub(in crate::issuer) target: Target,
    pub(in crate::issuer) scope: Scope,
    pub(in crate::issuer) nonce: Option<String>,
    /// The S256 code challenge.
    pub(in crate::issuer) challenge: String,
    pub(in crate::issuer) prompt: Prompt,
    pub(in crate::issuer) connection: Option<Connection>,
    pub(in crate::issuer) login_hint: Option<String>,
    pub(in crate::issuer) max_age: Option<Duration>,
    /// Everything that was sent, for the tenant's Action.
    pub(in crate::issuer) parameters: Map<String, Value>,
}

/// Whether the person may, or must, be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::issuer) enum Prompt {
    /// `prompt=none`
    None,
    /// No `prompt`: asked if there is no session that will do.
    IfNeeded,
    /// `prompt=login` or `prompt=select_account`
    SignIn,
}

/// An error to take back to the app (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6).
#[derive(Debug)]
pub(in crate::issuer) struct Problem {
    pub(in crate::issuer) error: &'static str,
    pub(in crate::issuer) description: String,
}

impl Problem {
    pub(in crate::issuer) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }

    fn invalid(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }
}

impl From<Repeated> for Problem {
    /// The name isn't repeated in the answer: it may have characters that an error description must not have.
    fn from(_: Repeated) -> Self {
        Self::invalid("A parameter is there more than once.")
    }
}

impl Target {
    pub(in crate::issuer) fn read(registration: &Registration, parameters: &Parameters) -> Result<Self, Refusal> {
        let refuse = |message: &str| Refusal::bad("That request is not valid", message);
        match parameters.get("client_id")? {
            None => return Err(refuse("The parameter “client_id” is missing.")),
            Some(id) if id != registration.client_id() => return Err(refuse("The application is unknown here.")),
            Some(_) => {}
        }
        let Some(redirect_uri) = parameters.get("redirect_uri")? else {
            return Err(refuse("The parameter “redirect_uri” is missing."));
        };
        if !registration.is_callback(redirect_uri) {
            return Err(refuse(
                "The address to return to is not in the application’s list of callback URLs. It must be written \
                 exactly as it is registered: the address of the app, and /callback. An app at another address is \
                 registered with --app-origin.",
            ));
        }
        // A repeated `state` is refused by redirect, without one.
        let state = parameters.get("state").unwrap_or_default().map(str::to_owned);
        Ok(Self { redirect_uri: redirect_uri.to_owned(), state })
    }
}

impl AuthorizationRequest {
    pub(in crate::issuer) fn read(target: Target, parameters: &Parameters) -> Result<Self, Problem> {
        parameters.each_once()?;
        let get = |name| parameters.get(name);
        for (name, error) in [
            ("request", "request_not_supported"),
            ("request_uri", "request_uri_not_supported"),
            ("registration", "registration_not_supported"),
        ] {
            if get(name)?.is_some() {
                return Err(Problem::new(error, format!("The parameter {name} is not supported.")));
            }
        }
        match get("response_type")? {
            None => return Err(Problem::invalid("Missing required parameter: response_type")),
            Some("code") => {}
            Some(_) => return Err(Problem::new("unsupported_response_type", "Only the response type code is given.")),
        }
        if get("response_mode")?.is_some_and(|mode| mode != "query") {
            return Err(Problem::invalid("Only the response mode query is supported."));
        }
        if get("audience")?.is_some() {
            return Err(Problem::new("access_denied", "There are no APIs here to get an access token for."));
        }
        let Some(scope) = get("scope")?.and_then(Scope::parse) else {
            return Err(Problem::new("invalid_scope", "The scope must contain openid."));
        };
        Ok(Self {
            target,
            scope,
            nonce: limited(get("nonce")?, 512, "nonce")?,
            challenge: challenge(get("code_challenge")?, get("code_challenge_method")?)?,
            prompt: prompt(get("prompt")?)?,
            connection: connection(get("connection")?)?,
            login_hint: limited(get("login_hint")?, 254, "login_hint")?,
            max_age: max_age(get("max_age")?)?,
            parameters: parameters.iter().map(|(name, value)| (name.to_owned(), value.into())).collect(),
        })
    }
}

fn limited(value: Option<&str>, longest: usize, name: &str) -> Result<Option<String>, Problem> {
    match value {
        Some(value) if value.len() > longest => {
            Err(Problem::invalid(format!("The parameter {name} is longer than {longest} bytes.")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

/// PKCE is required, and S256 is all there is: a challenge without a method would mean `plain` (RFC 7636 §4.3).
fn challenge(challenge: Option<&str>, method: Option<&str>) -> Result<String, Problem> {
    let Some(challenge) = challenge else {
        return Err(Problem::invalid("PKCE is required: the parameter code_challenge is missing."));
    };
    if method != Some("S256") {
        return Err(Problem::invalid("The code_challenge_method must be S256."));
    }
    let well_formed = challenge.len() == 43
        && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !well_formed {
        return Err(Problem::invalid("The code_challenge must be a SHA-256 in base64url: 43 characters."));
    }
    Ok(challenge.to_owned())
}

fn prompt(prompt: Option<&str>) -> Result<Prompt, Problem> {
    let mut read = Prompt::IfNeeded;
    let words: Vec<&str> = prompt.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect();
    for word in &words {
        match *word {
            "none" if words.len() > 1 => return Err(Problem::invalid("prompt=none can't be combined with others.")),
            "none" => read = Prompt::None,
            "login" | "select_account" => read = Prompt::SignIn,
            // The one app is this issuer's own: there is no consent to ask for.
            "consent" => {}
            _ => return Err(Problem::invalid("The parameter prompt has an unknown value.")),
        }
    }
    Ok(read)
}

fn connection(name: Option<&str>) -> Result<Option<Connection>, Problem> {
    let Some(name) = name else { return Ok(None) };
    match Connection::from_name(name) {
        Some(connection) => Ok(Some(connection)),
        None => Err(Problem::invalid("the connection was not found")),
    }
}

fn max_age(seconds: Option<&str>) -> Result<Option<Duration>, Problem> {
    let Some(seconds) = seconds else { return Ok(None) };
    match seconds.parse::<u32>() {
        Ok(seconds) => Ok(Some(Duration::seconds(seconds.into()))),
        Err(_) => Err(Problem::invalid("The parameter max_age must be a number of seconds.")),
    }
}
