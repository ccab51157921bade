//! The Security Token Service with its one action, `AssumeRoleWithWebIdentity`: an ID token in, session credentials
//! out. Three things decide, in this order: the token is its issuer's (`service::TokenVerifier`), the issuer is a
//! provider of the template, and the role's trust policy lets this subject in. It never believes a claim before the
//! signature is verified, and no token is in a message or a log. The next step is the gateway.
//!
//! Source: the AWS STS API reference, `AssumeRoleWithWebIdentity` and "Common errors".

mod answer;
mod call;
mod fault;

use http::{Method, Request, Response};
use service::{Identity, TokenError, TokenVerifier};
use template::{ACCOUNT, PARTITION, Provider, Role};
use time::{Duration, OffsetDateTime};

use crate::{
    caller::Caller,
    credentials::{Credentials, Sealer, Session},
    why::why,
};
use answer::{Assumed, preflight, with_headers};
use call::Call;
use fault::Fault;

/// The service.
pub struct Sts {
    issuers: Vec<TrustedIssuer>,
    longest: Option<Duration>,
}

/// An issuer that IAM knows, and how to believe its tokens.
pub struct TrustedIssuer {
    /// The exact `iss`.
    pub url: String,
    /// As the template declares it.
    pub provider: Provider,
    /// Verifies its tokens.
    pub verifier: TokenVerifier,
}

impl Sts {
    /// A service that trusts these. Credentials last as long as was asked for, but never longer than `longest`.
    pub fn new(issuers: Vec<TrustedIssuer>, longest: Option<Duration>) -> Self {
        Self { issuers, longest }
    }

    /// Answers a request to `/sts/`.
    pub async fn respond(
        &self,
        request: &Request<Vec<u8>>,
        caller: &Caller,
        roles: &[Role],
        sealer: &Sealer,
    ) -> Response<Vec<u8>> {
        if request.method() == Method::OPTIONS {
            return with_headers(preflight(), &caller.request_id);
        }
        let answer = match self.assume(request, caller, roles, sealer).await {
            Ok(assumed) => assumed.answer(&caller.request_id),
            Err(fault) => {
                tracing::info!(request = %caller.request_id, code = fault.code(), "sts refuses: {}", fault.message());
                fault.answer(&caller.request_id)
            }
        };
        with_headers(answer, &caller.request_id)
    }

    async fn assume(
        &self,
        request: &Request<Vec<u8>>,
        caller: &Caller,
        roles: &[Role],
        sealer: &Sealer,
    ) -> Result<Assumed, Fault> {
        let call = Call::read(request)?;
        let now = caller.now;
        let issuer = call::unverified_issuer(&call.web_identity_token)?;
        let issuer = self.issuers.iter().find(|known| known.url == issuer).ok_or(Fault::UnknownProvider)?;
        let identity = issuer.verifier.verify(&call.web_identity_token, now).await.map_err(token_fault)?;

        // What doesn't exist and what isn't allowed look alike from outside.
        let role = roles.iter().find(|role| role.arn == call.role_arn).ok_or(Fault::AccessDenied)?;
        let decision =
            iam::decide(std::slice::from_ref(&role.trust), &question(role, issuer, &identity, &call, caller));
        tracing::info!(request = %caller.request_id, role = role.name, "assume role: {}", why(&decision));
        if !decision.is_allowed() {
            return Err(Fault::AccessDenied);
        }
        if call.duration_seconds > role.max_session_seconds {
            return Err(Fault::Validation(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.".into(),
            ));
        }
        let asked = Duration::seconds(call.duration_seconds.into());
        let expiration = now + self.longest.map_or(asked, |longest| asked.min(longest));
        let credentials = sealer.seal(Session {
            access_key_id: Sealer::access_key_id().map_err(|_| Fault::Internal)?,
            role_arn: role.arn.clone(),
            name: call.role_session_name.clone(),
            provider_arn: issuer.provider.arn.clone(),
            subject: identity.sub.clone(),
            audience: identity.audience.clone(),
            amr: identity.amr,
            policy: call.policy,
            issued: now.unix_timestamp(),
            expires: expiration.unix_timestamp(),
        });
        Ok(assumed(credentials, role, expiration))
    }
}

fn assumed(credentials: Credentials, role: &Role, expiration: OffsetDateTime) -> Assumed {
    Assumed { arn: session_arn(role, &credentials.session.name), role_id: role.id.clone(), credentials, expiration }
}

/// `arn:aws:sts::…:assumed-role/role/session`
pub fn session_arn(role: &Role, session_name: &str) -> String {
    format!("arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{}/{session_name}", role.name)
}

/// What the trust policy is asked. Of a general provider's token, STS passes on `aud`, `sub` and `amr` only.
fn question(role: &Role, issuer: &TrustedIssuer, identity: &Identity, call: &Call, caller: &Caller) -> iam::Request {
    let key = |name: &str| format!("{}:{name}", issuer.provider.key_prefix);
    let mut context = caller.context();
    context.insert(&key("aud"), &identity.audience);
    context.insert(&key("sub"), &identity.sub);
    if !identity.amr.is_empty() {
        context.insert_all(&key("amr"), &identity.amr);
    }
    context.insert("sts:RoleSessionName", &call.role_session_name);
    iam::Request {
        principal: iam::Principal::Federated(issuer.provider.arn.clone()),
        action: "sts:AssumeRoleWithWebIdentity".into(),
        resource: role.arn.clone(),
        context,
    }
}

fn token_fault(error: TokenError) -> Fault {
    match error {
        TokenError::Expired => Fault::ExpiredToken,
        TokenError::KeysUnavailable(_) => Fault::IdpCommunication(error.to_string()),
        TokenError::Audience | TokenError::AuthorizedParty => Fault::InvalidToken("Incorrect token audience".into()),
        other => Fault::InvalidToken(format!("The ID token can't be believed: {other}")),
    }
}
