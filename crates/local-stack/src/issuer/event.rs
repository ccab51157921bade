//! What is worth a line in the log. An event has no field for a name, an address or a token, so none can get there, but
//! for what the tenant's Action itself writes, whose own affair that is.

use std::fmt;

use super::Connection;

/// Something that happened at the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// A refresh token that had just been replaced came again, within the leeway.
    RefreshTokenRepeated,
    /// A session ended by a sign-out.
    SignedOut,
    /// A line that the post-login Action logged.
    ActionLogged(String),
    /// What the post-login Action asked for and wouldn't get at Auth0.
    ActionWarning(String),
    /// The post-login Action denied a sign-in or a refresh.
    ActionDenied,
    /// The post-login Action failed, and the sign-in or the refresh with it: file, line, message.
    ActionFailed(String),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedIn(connection) => write!(f, "signed in through {}", connection.name()),
            Self::WrongPassword => f.write_str("sign-in refused: wrong e-mail address or password"),
            Self::Throttled => f.write_str("sign-in refused: too many wrong passwords for one address"),
            Self::CodeReused => f.write_str("a code was used twice: its tokens are revoked"),
            Self::RefreshTokenReused => f.write_str("a replaced refresh token was used: its family is revoked"),
            Self::RefreshTokenRepeated => f.write_str("a replaced refresh token was used again, within the leeway"),
            Self::SignedOut => f.write_str("signed out"),
            Self::ActionLogged(line) => write!(f, "post-login Action: {line}"),
            Self::ActionWarning(warning) => write!(f, "post-login Action, warning: {warning}"),
            Self::ActionDenied => f.write_str("denied by the post-login Action"),
            Self::ActionFailed(failure) => write!(f, "refused, because the post-login Action failed: {failure}"),
        }
    }
}
