//! Everything that the issuer remembers between two requests. A token is good only as long as its grant is there, and
//! a grant goes with its session at sign-out, so revoking is removing one row.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::SamplePerson;
use super::authorize::AuthorizationRequest;
use super::scope::Scope;
use super::shelf::Shelf;
use super::ticket::Seal;

/// Sign-ins, sessions, codes and tokens, each by its id.
#[derive(Debug)]
pub(super) struct State {
    pub(super) sign_ins: Shelf<SignIn>,
    pub(super) sessions: Shelf<Session>,
    pub(super) codes: Shelf<Code>,
    pub(super) grants: Shelf<Grant>,
    pub(super) access_tokens: Shelf<AccessToken>,
    pub(super) sign_outs: Shelf<SignOut>,
    /// Wrong passwords in a row, by e-mail address.
    pub(super) wrong_passwords: Shelf<u32>,
}

/// A sign-in page that is open somewhere.
#[derive(Clone, Debug)]
pub(super) struct SignIn {
    pub(super) request: AuthorizationRequest,
    /// What the page's forms send along; other sites can't know it.
    pub(super) ticket: String,
    /// The browser that began it.
    pub(super) browser: Seal,
}

/// Somebody is signed in at the issuer, in one browser.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) seal: Seal,
    pub(super) person: &'static SamplePerson,
    /// When they last gave proof of who they are.
    pub(super) signed_in: OffsetDateTime,
}

/// What a person agreed to: who may be told about whom, and how much.
#[derive(Clone, Debug)]
pub(super) struct Consent {
    pub(super) sid: String,
    pub(super) person: &'static SamplePerson,
    pub(super) scope: Scope,
    pub(super) signed_in: OffsetDateTime,
    pub(super) tell_auth_time: bool,
}

/// An authorization code.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) seal: Seal,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    /// What the tenant's Action adds to the ID token.
    pub(super) claims: Map<String, Value>,
    pub(super) consent: Consent,
    pub(super) expires: OffsetDateTime,
    /// The grant that it was exchanged for. It is remembered for a while, to notice that it comes again.
    pub(super) used_for: Option<String>,
}

/// What an exchanged code gave: the root of a family of tokens.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) consent: Consent,
    /// Its refresh tokens, if it has any.
    pub(super) refresh: Option<Refresh>,
}

/// The refresh tokens of a grant. Every one that isn't here was replaced, or is none of ours.
#[derive(Debug)]
pub(super) struct Refresh {
    /// Those that may be used: one, or as many as came of the same token within the leeway.
    pub(super) good: Vec<Seal>,
    /// The one that was replaced last, and when.
    pub(super) replaced: Option<(Seal, OffsetDateTime)>,
    /// Unused until then, they have ended.
    pub(super) idle_until: OffsetDateTime,
}

/// A token for `userinfo`.
#[derive(Debug)]
pub(super) struct AccessToken {
    pub(super) seal: Seal,
    pub(super) grant: String,
    pub(super) scope: Scope,
}

/// A sign-out that the person is asked to confirm.
#[derive(Debug)]
pub(super) struct SignOut {
    pub(super) seal: Seal,
    pub(super) sid: String,
    pub(super) then: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            sign_ins: Shelf::new(1_000),
            sessions: Shelf::new(1_000),
            codes: Shelf::new(1_000),
            grants: Shelf::new(2_000),
            access_tokens: Shelf::new(10_000),
            sign_outs: Shelf::new(1_000),
            wrong_passwords: Shelf::new(1_000),
        }
    }
}

impl State {
    /// Ends a session and all that was given in it.
    pub(super) fn end_session(&mut self, sid: &str) -> bool {
        self.codes.retain(|code| code.consent.sid != sid);
        self.grants.retain(|grant| grant.consent.sid != sid);
        self.sessions.remove(sid).is_some()
    }
}
