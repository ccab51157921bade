//! The Security Token Service with its one action, `AssumeRoleWithWebIdentity`: an ID token in, session credentials
//! out. Three things decide, in this order: the token is its issuer's (`service::TokenVerifier`), the issuer is a
//! provider of the template, and the role's trust policy lets this subject in. It never believes a claim before the
//! signature is verified, and no token is in a message or a log. The next step is the gateway.
//!
//! Source: the AWS STS API reference, `AssumeRoleWithWebIdentity` and "Common errors".

mod answer;
mod call;
mod fault;

use explain::{ASSUME, Person, session_arn, trust_question};
use http::{Method, Request, Response};
use service::{TokenError, TokenVerifier};
use template::{Provider, Role, Template};
use time::{Duration, OffsetDateTime};

use crate::{
    caller::Caller,
    credentials::{Credentials, Sealer, Session},
    decisions::{By, Decisions, Made},
};
use answer::{Assumed, preflight, with_headers};
use call::Call;
pub use fault::Fault;

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
        template: &Template,
        sealer: &Sealer,
        decisions: &Decisions,
    ) -> Response<Vec<u8>> {
        if request.method() == Method::OPTIONS {
            return with_headers(preflight(), &caller.request_id);
        }
        let mut made = Made::new(caller.now, Some(&caller.request_id), By::Sts, ASSUME);
        let answer = match self.assume(request, caller, template, sealer, &mut made).await {
            Ok(assumed) => assumed.answer(&caller.request_id),
            Err(fault) => {
                refused(&mut made, &fault);
                fault.answer(&caller.request_id)
            }
        };
        decisions.record(made);
        with_headers(answer, &caller.request_id)
    }

    /// Who an ID token speaks of, if it is to be believed: its issuer is a provider's, and all of it is right.
    pub async fn believe(&self, token: &str, now: OffsetDateTime) -> Result<(&TrustedIssuer, Person), Fault> {
        let issuer = call::unverified_issuer(token)?;
        let issuer = self.issuers.iter().find(|known| known.url == issuer).ok_or(Fault::UnknownProvider)?;
        let identity = issuer.verifier.verify(token, now).await.map_err(token_fault)?;
        let person = Person {
            issuer: issuer.url.clone(),
            subject: identity.sub,
            audience: identity.audience,
            amr: identity.amr,
        };
        Ok((issuer, person))
    }

    async fn assume(
        &self,
        request: &Request<Vec<u8>>,
        caller: &Caller,
        template: &Template,
        sealer: &Sealer,
        made: &mut Made,
    ) -> Result<Assumed, Fault> {
        let call = Call::read(request)?;
        let now = caller.now;
        made.session = Some(call.role_session_name.clone());
        let (issuer, person) = self.believe(&call.web_identity_token, now).await?;
        made.subject = Some(person.subject.clone());

        // What doesn't exist and what isn't allowed look alike from outside.
        let role = template.roles.iter().find(|role| role.arn == call.role_arn).ok_or_else(|| {
            made.says = format!("{} has no role of the name that is asked for", template.file);
            Fault::AccessDenied
        })?;
        let question = trust_question(role, &issuer.provider, &person, &call.role_session_name, caller.circumstances());
        let explanation = iam::explain(std::slice::from_ref(&role.trust), &question);
        made.decided(By::TrustPolicy, role, &template.file, &explanation);
        if !explanation.decision.is_allowed() {
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
            name: call.role_session_name,
            provider_arn: issuer.provider.arn.clone(),
            subject: person.subject,
            audience: person.audience,
            amr: person.amr,
            policy: call.policy,
            issued: now.unix_timestamp(),
            expires: expiration.unix_timestamp(),
        });
        Ok(assumed(credentials, role, expiration))
    }
}

/// What a refusal says beyond what the trust policy said.
fn refused(made: &mut Made, fault: &Fault) {
    let because = match fault {
        Fault::AccessDenied => return,
        // Its own message may hold parts of the policy.
        Fault::MalformedPolicy(_) => "The session policy can't be read.",
        other => other.message(),
    };
    let before = if made.allowed { format!("{}; but ", made.says) } else { String::new() };
    made.allowed = false;
    made.says = format!("{before}STS: {}. {because}", fault.code());
}

fn assumed(credentials: Credentials, role: &Role, expiration: OffsetDateTime) -> Assumed {
    Assumed { arn: session_arn(role, &credentials.session.name), role_id: role.id.clone(), credentials, expiration }
}

fn token_fault(error: TokenError) -> Fault {
    match error {
        TokenError::Expired => Fault::ExpiredToken,
        TokenError::KeysUnavailable(_) => Fault::IdpCommunication(error.to_string()),
        TokenError::Audience | TokenError::AuthorizedParty => Fault::InvalidToken("Incorrect token audience".into()),
        other => Fault::InvalidToken(format!("The ID token can't be believed: {other}")),
    }
}
