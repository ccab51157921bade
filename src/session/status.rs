//! What the page may know of a session: who, and how it stands. Nothing in it is secret.

use domain::{IdentitySource, Role};
use serde::{Deserialize, Serialize};

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name to greet them by.
    pub name: String,
    /// How they signed in.
    pub source: IdentitySource,
    /// What that makes them; nothing for some, who must be told so.
    pub role: Option<Role>,
    /// The issuer's name for them: the ID token's `sub`.
    pub subject: String,
}

/// How a session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it is on its way.
    pub phase: Phase,
    /// Who is signed in; in [`Phase::Expired`] who was, to tell them so by their name.
    pub person: Option<Person>,
}

/// What is held for somebody, as far as it may be seen: of a key its end, and how long it is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// The last four characters of the access key's id.
    pub key_end: Option<String>,
    /// Milliseconds until the credentials end; none or less where they have ended.
    pub credentials_ms: Option<i64>,
    /// Milliseconds until the ID token ends.
    pub id_token_ms: Option<i64>,
}

/// Where a session is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Nobody is here.
    SignedOut,
    /// Somebody is back from the issuer, and their tokens are on their way.
    SigningIn,
    /// Somebody is here, and what they need is held.
    Ready,
    /// Somebody is here, and new tokens or credentials for them are on their way.
    Renewing,
    /// The sign-in has ended and can't be renewed: tokens and credentials are gone, only the name is left.
    Expired,
}
