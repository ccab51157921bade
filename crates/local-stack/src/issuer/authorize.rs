//! `authorize`: a browser arrives from the app and goes back with a code, at once if it has a session that will do,
//! else by way of the sign-in page (OpenID Connect Core §3.1.2, RFC 6749 §4.1.1, RFC 7636, RFC 9207). Until client and
//! redirect URI are known to be registered, an error is a page; afterwards it is a redirect.

mod request;

use http::Response;
use time::{Duration, OffsetDateTime};

pub(super) use self::request::AuthorizationRequest;

use self::request::{Problem, Prompt, Target};
use super::call::Call;
use super::cookies::Cookie;
use super::post_login::{self, Ended, Login};
use super::session::{self, Current};
use super::state::{Code, Consent, SignIn, State};
use super::{Issuer, answer, ticket};

/// How long a used code is remembered, to notice that somebody else has it too.
const USED_CODE_MEMORY: Duration = Duration::hours(1);

/// `GET authorize` and `POST authorize`
pub(super) fn respond(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let target = match call.parameters().and_then(|parameters| Target::read(&issuer.registration, parameters)) {
        Ok(target) => target,
        Err(refusal) => return issuer.refuse(&refusal),
    };
    match decide(issuer, call, &target) {
        Ok(response) => response,
        Err(problem) => redirect_problem(issuer, &target, &problem),
    }
}

/// Sends the browser back to the app with a code for the session, if the tenant's Action lets it. Otherwise the session
/// ends, too: the next try may be with another connection.
pub(super) fn redirect_with_code(
    issuer: &Issuer,
    state: &mut State,
    session: &Current,
    request: &AuthorizationRequest,
    now: OffsetDateTime,
    cookie: Option<String>,
) -> Response<Vec<u8>> {
    let login = Login::sign_in(session, request);
    let claims = match post_login::run(issuer, &login) {
        Ok(claims) => claims,
        Err(ended) => {
            state.end_session(&session.sid);
            return redirect_problem(issuer, &request.target, &ended.into());
        }
    };
    let id = ticket::new_id();
    let (code, seal) = ticket::mint(&id);
    let kept = Code {
        seal,
        redirect_uri: request.target.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        claims,
        consent: Consent {
            sid: session.sid.clone(),
            person: session.person,
            scope: request.scope,
            signed_in: session.signed_in,
            tell_auth_time: request.max_age.is_some(),
        },
        expires: now + issuer.config.lifetimes.code,
        used_for: None,
    };
    state.codes.put(id, kept, now + issuer.config.lifetimes.code + USED_CODE_MEMORY, now);
    redirect(issuer, &request.target, &[("code", &code)], cookie)
}

fn decide(issuer: &Issuer, call: &Call, target: &Target) -> Result<Response<Vec<u8>>, Problem> {
    let parameters = call.parameters().expect("the target was read from them");
    let request = AuthorizationRequest::read(target.clone(), parameters)?;
    let hinted = match parameters.get("id_token_hint")? {
        Some(token) => {
            let hint = issuer.read_hint(token);
            let refuse = || Problem::new("invalid_request", "The id_token_hint is no ID token of this issuer.");
            Some(hint.ok_or_else(refuse)?.sub)
        }
        None => None,
    };
    let now = call.now;
    let mut state = issuer.state();
    let session = session::current(issuer, &mut state, &call.headers, now).filter(|session| {
        request.prompt != Prompt::SignIn
            && request.connection.is_none_or(|connection| connection == session.person.connection)
            && request.max_age.is_none_or(|max_age| now - session.signed_in < max_age)
            && hinted.as_ref().is_none_or(|sub| sub == session.person.user_id)
    });
    if let Some(session) = session {
        return Ok(redirect_with_code(issuer, &mut state, &session, &request, now, None));
    }
    if request.prompt == Prompt::None {
        return Err(Problem::new("login_required", "Login required"));
    }
    Ok(begin_sign_in(issuer, &mut state, call, request))
}

fn begin_sign_in(issuer: &Issuer, state: &mut State, call: &Call, request: AuthorizationRequest) -> Response<Vec<u8>> {
    let known = Cookie::Browser.read(&issuer.registration, &call.headers).and_then(ticket::read);
    let (browser, cookie) = match known {
        Some((_, seal)) => (seal, None),
        None => {
            let (ticket, seal) = ticket::mint(&ticket::new_id());
            (seal, Some(Cookie::Browser.set(&issuer.registration, &ticket, None)))
        }
    };
    let id = ticket::new_id();
    let (ticket, _) = ticket::mint(&id);
    let page = format!("{}u/login", issuer.config.issuer_url);
    let page = answer::with_query(&page, [("state", id.as_str())]);
    let until = call.now + issuer.config.lifetimes.sign_in;
    state.sign_ins.put(id, SignIn { request, ticket, browser }, until, call.now);
    answer::redirect(&page, cookie)
}

/// Auth0 answers a denial with `access_denied` and its reason. Why an Action failed is in the log only.
impl From<Ended> for Problem {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Denied(reason) => Self::new("access_denied", reason),
            Ended::Failed => Self::new("server_error", post_login::FAILED),
        }
    }
}

fn redirect_problem(issuer: &Issuer, target: &Target, problem: &Problem) -> Response<Vec<u8>> {
    redirect(issuer, target, &[("error", problem.error), ("error_description", &problem.description)], None)
}

fn redirect(
    issuer: &Issuer,
    target: &Target,
    parameters: &[(&str, &str)],
    cookie: Option<String>,
) -> Response<Vec<u8>> {
    let state = target.state.as_deref().map(|state| ("state", state));
    let iss = ("iss", issuer.config.issuer_url.as_str());
    let all = parameters.iter().copied().chain(state).chain([iss]);
    answer::redirect(&answer::with_query(&target.redirect_uri, all), cookie)
}
