//! What is worth a line in the log. An event has no field for a name, an address or a token, so none can get there.

use std::fmt;

use super::Connection;

/// Something that happened at the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A person gave proof of who they are.
    SignedIn(Connection),
    /// A Database sign-in with a wrong e-mail address or password.
    WrongPassword,
    /// Too many of those for one address; this one wasn't looked at.
    Throttled,
    /// A code came a second time; what it gave is revoked.
    CodeReused,
    /// A refresh token that had been replaced came again; its family is revoked.
    RefreshTokenReused,
    /// A session ended by a sign-out.
    SignedOut,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedIn(connection) => write!(f, "signed in through {}", connection.name()),
            Self::WrongPassword => f.write_str("sign-in refused: wrong e-mail address or password"),
            Self::Throttled => f.write_str("sign-in refused: too many wrong passwords for one address"),
            Self::CodeReused => f.write_str("a code was used twice: its tokens are revoked"),
            Self::RefreshTokenReused => f.write_str("a replaced refresh token was used: its family is revoked"),
            Self::SignedOut => f.write_str("signed out"),
        }
    }
}
