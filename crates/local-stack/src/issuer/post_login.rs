//! The tenant's post-login Action: the very file that Auth0 runs, asked at every sign-in and at every refresh, in the
//! words of Auth0's `event`. What it says of claims goes into the ID token; what it denies, nobody gets.

use post_login::{Action, Event as LoginEvent, Stopped};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::authorize::AuthorizationRequest;
use super::parameters::Parameters;
use super::scope::Scope;
use super::session::Current;
use super::state::Consent;
use super::{Connection, Event, Issuer, SamplePerson};

/// The tenant's Action, and what it is told of the application.
#[derive(Clone, Debug)]
pub struct PostLogin {
    /// The Action.
    pub action: Action,
    /// The application's metadata `social_connections`: the template's `SocialConnections`, with commas.
    pub social_connections: String,
}

/// What the app is told when an Action fails.
pub(super) const FAILED: &str = "The post-login Action failed. What went wrong is in the issuer's log.";

/// Why a login ends with its Action.
#[derive(Debug)]
pub(super) enum Ended {
    /// For this reason.
    Denied(String),
    /// It failed.
    Failed,
}

/// A login, or a refresh of one.
pub(super) struct Login<'a> {
    person: &'a SamplePerson,
    signed_in: OffsetDateTime,
    scope: Scope,
    /// `event.transaction.protocol`
    protocol: &'static str,
    /// `event.request`
    request: Value,
}

impl<'a> Login<'a> {
    /// Somebody signs in, or comes with a session that will do.
    pub(super) fn sign_in(session: &Current, request: &AuthorizationRequest) -> Self {
        Self {
            person: session.person,
            signed_in: session.signed_in,
            scope: request.scope,
            protocol: "oidc-basic-profile",
            request: json!({ "method": "GET", "query": request.parameters }),
        }
    }

    /// The app renews its tokens. The token itself is nothing for an Action to see.
    pub(super) fn refresh(consent: &'a Consent, scope: Scope, form: &Parameters) -> Self {
        let body: Map<String, Value> = form
            .iter()
            .filter(|(name, _)| *name != "refresh_token")
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        Self {
            person: consent.person,
            signed_in: consent.signed_in,
            scope,
            protocol: "oauth2-refresh-token",
            request: json!({ "method": "POST", "body": body }),
        }
    }

    fn event(&self, issuer: &Issuer, post_login: &PostLogin) -> Result<LoginEvent, post_login::EventError> {
        let SamplePerson { user_id, connection, name, nickname, email, .. } = self.person;
        let (provider, id) = user_id.split_once('|').unwrap_or((user_id, ""));
        let time = self.signed_in.format(&Rfc3339).unwrap_or_default();
        let method = if *connection == Connection::Database { "pwd" } else { "federated" };
        LoginEvent::complete(json!({
            "authentication": { "methods": [{ "name": method, "timestamp": time }] },
            "client": {
                "client_id": issuer.registration.client_id(),
                "metadata": { "social_connections": post_login.social_connections },
            },
            "connection": { "name": connection.name(), "strategy": connection.strategy() },
            "request": self.request,
            "transaction": {
                "protocol": self.protocol,
                "requested_scopes": self.scope.to_string().split(' ').collect::<Vec<_>>(),
            },
            "user": {
                "user_id": user_id,
                "name": name,
                "nickname": nickname,
                "email": email,
                "email_verified": true,
                "identities": [{
                    "connection": connection.name(),
                    "isSocial": *connection == Connection::Amazon,
                    "provider": provider,
                    "user_id": id,
                }],
            },
        }))
    }
}

/// Runs the Action, logs what it logged, and gives the claims that it sets; none without an Action.
pub(super) fn run(issuer: &Issuer, login: &Login<'_>) -> Result<Map<String, Value>, Ended> {
    let Some(post_login) = &issuer.config.post_login else { return Ok(Map::new()) };
    let failed = |failure: String| {
        issuer.log(Event::ActionFailed(failure));
        Ended::Failed
    };
    let event = login.event(issuer, post_login).map_err(|error| failed(error.to_string()))?;
    let run = post_login.action.run(&event);
    run.logged.into_iter().for_each(|line| issuer.log(Event::ActionLogged(line)));
    run.warnings.into_iter().for_each(|warning| issuer.log(Event::ActionWarning(warning)));
    match run.result {
        Ok(claims) => {
            if !claims.access_token.is_empty() {
                let warning = "access tokens are opaque here, so the claims that it sets on them are nowhere";
                issuer.log(Event::ActionWarning(warning.to_owned()));
            }
            Ok(claims.id_token)
        }
        Err(Stopped::Denied(reason)) => {
            issuer.log(Event::ActionDenied);
            Err(Ended::Denied(reason))
        }
        Err(Stopped::Failed(failure)) => Err(failed(failure.to_string())),
    }
}
