//! Where an identity comes from, and the role that follows from it. This is the one place that decides, for the page;
//! the role's trust policy and the tenant's Action decide the same again on the server, whatever the page asks for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of connection a person signed in through, read from the subject of the ID token: Auth0 writes
/// `connection|id`, and the part before the first `|` names the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IdentitySource {
    /// A Database Connection, `auth0|…`.
    Database,
    /// One of the Social Connections that the shop lists, by name: `amazon|…`.
    Social(String),
    /// Enterprise, passwordless, a social connection that isn't listed, or a subject without a prefix.
    Other(Option<String>),
}

impl IdentitySource {
    /// Reads the source from a token's `sub`. `social_connections` are the names that count as social.
    pub fn from_subject(sub: &str, social_connections: &[impl AsRef<str>]) -> Self {
        match sub.split_once('|') {
            Some((prefix, id)) if !prefix.is_empty() && !id.is_empty() => {
                if prefix == "auth0" {
                    Self::Database
                } else if social_connections.iter().any(|name| name.as_ref() == prefix) {
                    Self::Social(prefix.to_owned())
                } else {
                    Self::Other(Some(prefix.to_owned()))
                }
            }
            _ => Self::Other(None),
        }
    }
}

/// The source as a person would name it.
impl fmt::Display for IdentitySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("the Database Connection"),
            Self::Social(name) => write!(f, "the Social Connection {name}"),
            Self::Other(Some(name)) => write!(f, "{name}"),
            Self::Other(None) => f.write_str("an unnamed connection"),
        }
    }
}

/// What a person may be in this shop. Each is one IAM role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Adds and removes pets, sees who bought what. Never buys.
    Admin,
    /// Buys pets, sees the own purchases. Never adds or removes.
    Buyer,
}

impl Role {
    /// The word for it in a sentence and in `config.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Buyer => "buyer",
        }
    }
}

/// The role of somebody who signed in this way; `None` is told so, in words.
pub fn role_for(source: &IdentitySource) -> Option<Role> {
    match source {
        IdentitySource::Database => Some(Role::Admin),
        IdentitySource::Social(_) => Some(Role::Buyer),
        IdentitySource::Other(_) => None,
    }
}

/// Whether to offer buying. The page only mirrors what IAM allows.
pub fn may_buy(role: Option<Role>) -> bool {
    role == Some(Role::Buyer)
}

/// Whether to offer adding and removing pets, and seeing the sales.
pub fn may_manage(role: Option<Role>) -> bool {
    role == Some(Role::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_decides_the_role() {
        let check = |sub: &str, role: Option<Role>| {
            let source = IdentitySource::from_subject(sub, &["amazon", "google-oauth2"]);
            assert_eq!(role_for(&source), role, "{sub}");
        };
        check("auth0|62f1", Some(Role::Admin));
        check("amazon|amzn1.account.AFRED", Some(Role::Buyer));
        check("google-oauth2|1|auth0|1", Some(Role::Buyer));
        for sub in [
            "",
            "|",
            "auth0",
            "auth0|",
            "|auth0",
            "AUTH0|1",
            "auth0 |1",
            "auth0x|1",
            "amazon",
            "amazo|1",
            "facebook|1",
            "adfs|ida",
            "email|1",
            "sms|1",
            "google-apps|1",
            "samlp|x|auth0|1",
        ] {
            check(sub, None);
        }
    }

    #[test]
    fn a_database_connection_stays_one_whatever_the_list_says() {
        let source = IdentitySource::from_subject("auth0|1", &["auth0"]);
        assert_eq!(source, IdentitySource::Database);
    }

    #[test]
    fn nobody_may_both_buy_and_manage() {
        for role in [None, Some(Role::Admin), Some(Role::Buyer)] {
            assert!(!(may_buy(role) && may_manage(role)));
        }
        assert!(!may_buy(None) && !may_manage(None));
    }
}
