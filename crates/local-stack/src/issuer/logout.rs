//! Signing out: the issuer session ends, and with it every code and token that was given in it. The browser is sent on
//! to registered addresses only. `oidc/logout` follows RP-Initiated Logout 1.0 as Auth0 does: GET or POST, an expired
//! `id_token_hint` is fine, and without a hint that fits the browser's session, the person is asked.

use http::{Response, StatusCode};

use super::call::{Call, Refusal};
use super::cookies::Cookie;
use super::parameters::Parameters;
use super::state::SignOut;
use super::{Event, Issuer, answer, session, ticket};

/// `GET v2/logout`: Auth0's older way. It asks nothing; the session cookie doesn't come along with what other sites
/// embed.
pub(super) fn auth0(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let then = call.query.each_once().map_err(Refusal::from).and_then(|()| {
        let known_client = client(issuer, &call.query)?;
        let then = call.query.get("returnTo")?.filter(|_| known_client);
        Ok(then.filter(|uri| issuer.registration.is_logout_url(uri)).map(str::to_owned))
    });
    match then {
        Ok(then) => {
            let current = session::current(issuer, &mut issuer.state(), &call.headers, call.now);
            end(issuer, current.map(|session| session.sid).as_deref(), then.as_deref())
        }
        Err(refusal) => issuer.refuse(&refusal),
    }
}

/// `GET oidc/logout` and `POST oidc/logout`
pub(super) fn rp_initiated(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let asked = call.parameters().and_then(|parameters| Asked::read(issuer, parameters));
    let asked = match asked {
        Ok(asked) => asked,
        Err(refusal) => return issuer.refuse(&refusal),
    };
    let mut state = issuer.state();
    let current = session::current(issuer, &mut state, &call.headers, call.now);
    let sid = match current {
        // Another session than the app's, or nobody says whose: this may be another site's doing, so ask.
        Some(current) if asked.sid.as_ref() != Some(&current.sid) => {
            let id = ticket::new_id();
            let (ticket, seal) = ticket::mint(&id);
            let until = call.now + issuer.config.lifetimes.sign_in;
            state.sign_outs.put(id, SignOut { seal, sid: current.sid, then: asked.then }, until, call.now);
            return issuer.pages.confirm_sign_out(current.person, &ticket);
        }
        Some(current) => Some(current.sid),
        // The cookie doesn't come with another site's POST; the signed token says which session is meant.
        None => asked.sid.filter(|_| asked.signed),
    };
    drop(state);
    end(issuer, sid.as_deref(), asked.then.as_deref())
}

/// `POST oidc/logout/confirm`
pub(super) fn confirmed(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let sign_out = call.parameters().and_then(|form| {
        form.each_once()?;
        let (id, seal) = form.get("ticket")?.and_then(ticket::read).ok_or_else(over)?;
        let mut state = issuer.state();
        let current = session::current(issuer, &mut state, &call.headers, call.now).ok_or_else(over)?;
        let fits = |sign_out: &SignOut| sign_out.seal.fits(seal) && sign_out.sid == current.sid;
        if !state.sign_outs.get(id, call.now).is_some_and(|sign_out| fits(sign_out)) {
            return Err(over());
        }
        state.sign_outs.remove(id).ok_or_else(over)
    });
    match sign_out {
        Ok(sign_out) => end(issuer, Some(&sign_out.sid), sign_out.then.as_deref()),
        Err(refusal) => issuer.refuse(&refusal),
    }
}

/// What a sign-out request says, checked.
struct Asked {
    /// The session that is meant.
    sid: Option<String>,
    /// Whether a token of this issuer says so.
    signed: bool,
    /// A registered address, with the app's `state`.
    then: Option<String>,
}

impl Asked {
    fn read(issuer: &Issuer, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.each_once()?;
        if !client(issuer, parameters)? {
            return Err(bad("The application is unknown here."));
        }
        let hint = match parameters.get("id_token_hint")? {
            Some(token) => {
                let hint = issuer.read_hint(token);
                Some(hint.ok_or_else(|| bad("The “id_token_hint” is no ID token of this issuer and application."))?)
            }
            None => None,
        };
        let signed = hint.is_some();
        let sid = match (hint, parameters.get("logout_hint")?) {
            (Some(hint), Some(other)) if hint.sid != other => {
                return Err(bad("The “logout_hint” is not the session of the “id_token_hint”."));
            }
            (Some(hint), _) => Some(hint.sid),
            (None, sid) => sid.map(str::to_owned),
        };
        let state = parameters.get("state")?.map(|state| ("state", state));
        let then = parameters.get("post_logout_redirect_uri")?;
        let then = then.filter(|uri| issuer.registration.is_logout_url(uri));
        Ok(Self { sid, signed, then: then.map(|uri| answer::with_query(uri, state)) })
    }
}

/// Whether the request is of the registered client, or names none.
fn client(issuer: &Issuer, parameters: &Parameters) -> Result<bool, Refusal> {
    Ok(parameters.get("client_id")?.is_none_or(|id| id == issuer.registration.client_id()))
}

/// Ends the session, removes the cookies, and sends the browser on, or says that it is done.
fn end(issuer: &Issuer, sid: Option<&str>, then: Option<&str>) -> Response<Vec<u8>> {
    if sid.is_some_and(|sid| issuer.state().end_session(sid)) {
        issuer.log(Event::SignedOut);
    }
    let cookies = [Cookie::Session, Cookie::Browser].map(|cookie| cookie.clear(&issuer.registration));
    match then {
        Some(then) => answer::redirect(then, cookies),
        None => issuer.pages.signed_out(cookies),
    }
}

fn bad(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "That request is not valid", message)
}

fn over() -> Refusal {
    bad("It was answered already, or the session has ended. Go back to the shop and sign out from there.")
}
