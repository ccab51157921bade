//! The issuer's own session: what lets a person sign in at the app again without being asked. The cookie carries a
//! ticket whose id is the session's `sid`; its secret changes with every sign-in, so nobody can plant a session.

use http::HeaderMap;
use time::OffsetDateTime;

use super::cookies::Cookie;
use super::state::{Session, State};
use super::{Issuer, SamplePerson, ticket};

/// A session that is there.
#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) sid: String,
    pub(super) person: &'static SamplePerson,
    pub(super) signed_in: OffsetDateTime,
}

/// The session of the browser, if it has one. Its idle time begins again.
pub(super) fn current(issuer: &Issuer, state: &mut State, headers: &HeaderMap, now: OffsetDateTime) -> Option<Current> {
    let (sid, seal) = ticket::read(Cookie::Session.read(&issuer.registration, headers)?)?;
    let session = state.sessions.get(sid, now).filter(|session| session.seal.fits(seal))?.clone();
    let current = Current { sid: sid.to_owned(), person: session.person, signed_in: session.signed_in };
    state.sessions.put(sid.to_owned(), session, until(issuer, current.signed_in, now), now);
    Some(current)
}

/// Begins a session after a person gave proof, in place of the browser's old one. The same person keeps the `sid`;
/// another person's session ends, and with it what was given in it. Returns the session and its cookie.
pub(super) fn begin(
    issuer: &Issuer,
    state: &mut State,
    headers: &HeaderMap,
    person: &'static SamplePerson,
    now: OffsetDateTime,
) -> (Current, String) {
    let sid = match current(issuer, state, headers, now) {
        Some(old) if old.person.user_id == person.user_id => old.sid,
        Some(old) => {
            state.end_session(&old.sid);
            ticket::new_id()
        }
        None => ticket::new_id(),
    };
    let (cookie, seal) = ticket::mint(&sid);
    let signed_in = now.replace_nanosecond(0).unwrap_or(now);
    state.sessions.put(sid.clone(), Session { seal, person, signed_in }, until(issuer, signed_in, now), now);
    let lasts = issuer.config.lifetimes.session_absolute;
    (Current { sid, person, signed_in }, Cookie::Session.set(&issuer.registration, &cookie, Some(lasts)))
}

fn until(issuer: &Issuer, signed_in: OffsetDateTime, now: OffsetDateTime) -> OffsetDateTime {
    let lifetimes = issuer.config.lifetimes;
    (now + lifetimes.session_idle).min(signed_in + lifetimes.session_absolute)
}
