//! The people of the sample tenant. They are public by design: the sign-in page and the start-up message show them,
//! passwords included, so the passwords are not hashed. Nothing real may ever be put here.

use std::fmt;

use subtle::ConstantTimeEq;

/// A way to sign in, as Auth0 has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// E-mail address and password, kept by the issuer.
    Database,
    /// The Social Connection "Login with Amazon". Here, a choice of sample people stands for Amazon's own page.
    Amazon,
    /// A company's own directory.
    Enterprise,
}

impl Connection {
    /// Every connection.
    pub const ALL: [Self; 3] = [Self::Database, Self::Amazon, Self::Enterprise];

    /// The name by which an authorization request asks for it (`connection=amazon`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "Username-Password-Authentication",
            Self::Amazon => "amazon",
            Self::Enterprise => "initech",
        }
    }

    /// What Auth0 calls the kind of connection; the `sub` of its people begins with it.
    pub fn strategy(self) -> &'static str {
        match self {
            Self::Database => "auth0",
            Self::Amazon => "amazon",
            Self::Enterprise => "samlp",
        }
    }

    /// The connection of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|connection| connection.name() == name)
    }
}

/// The connection as a person would name it.
impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "Database",
            Self::Amazon => "Amazon",
            Self::Enterprise => "Initech",
        })
    }
}

/// Somebody who can sign in.
#[derive(Clone, Copy, Debug)]
pub struct SamplePerson {
    /// The `sub` of their tokens: the connection's strategy, `|`, and the id there.
    pub user_id: &'static str,
    /// How they sign in.
    pub connection: Connection,
    /// The name that the shop shows.
    pub name: &'static str,
    /// The short name.
    pub nickname: &'static str,
    /// The address, always at a reserved domain.
    pub email: &'static str,
    /// The password, for the Database connection only.
    pub password: Option<&'static str>,
}

static SAMPLES: [SamplePerson; 4] = [
    SamplePerson {
        user_id: "amazon|amzn1.account.AFREDFLINTSTONE00000000001",
        connection: Connection::Amazon,
        name: "Fred Flintstone",
        nickname: "fred",
        email: "fred@example.com",
        password: None,
    },
    SamplePerson {
        user_id: "amazon|amzn1.account.AWILMAFLINTSTONE0000000002",
        connection: Connection::Amazon,
        name: "Wilma Flintstone",
        nickname: "wilma",
        email: "wilma@example.com",
        password: None,
    },
    SamplePerson {
        user_id: "auth0|65f1c0de5ca1ab1e0000ad01",
        connection: Connection::Database,
        name: "Betty Rubble",
        nickname: "betty",
        email: "betty@example.com",
        password: Some("Yabba-dabba-d00!"),
    },
    SamplePerson {
        user_id: "samlp|initech|barney@initech.example",
        connection: Connection::Enterprise,
        name: "Barney Rubble",
        nickname: "barney",
        email: "barney@initech.example",
        password: None,
    },
];

/// Everybody.
pub(super) fn samples() -> &'static [SamplePerson] {
    &SAMPLES
}

/// The people of a connection, in the order in which the page offers them.
pub(super) fn of(connection: Connection) -> impl Iterator<Item = &'static SamplePerson> {
    SAMPLES.iter().filter(move |person| person.connection == connection)
}

/// The person with that e-mail address and password. It takes the same time whether the address or the password is
/// wrong; addresses compare without case, as mail systems do.
pub(super) fn with_password(email: &str, password: &str) -> Option<&'static SamplePerson> {
    let mut found = None;
    for person in of(Connection::Database) {
        let right = person.password.is_some_and(|right| right.as_bytes().ct_eq(password.as_bytes()).into());
        if person.email.eq_ignore_ascii_case(email) && right {
            found = Some(person);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_begins_with_what_auth0_writes_for_the_connection() {
        for person in samples() {
            let (strategy, _) = person.user_id.split_once('|').unwrap();
            assert_eq!(strategy, person.connection.strategy(), "{}", person.user_id);
            assert_eq!(person.password.is_some(), person.connection == Connection::Database);
        }
    }

    #[test]
    fn the_way_they_sign_in_decides_their_role() {
        for person in samples() {
            let source = domain::IdentitySource::from_subject(person.user_id, &["amazon"]);
            let expected = match person.connection {
                Connection::Database => Some(domain::Role::Admin),
                Connection::Amazon => Some(domain::Role::Buyer),
                Connection::Enterprise => None,
            };
            assert_eq!(domain::role_for(&source), expected, "{}", person.user_id);
        }
    }

    #[test]
    fn a_person_is_found_by_both_address_and_password() {
        let admin = of(Connection::Database).next().unwrap();
        let password = admin.password.unwrap();
        assert_eq!(with_password("BETTY@example.com", password).unwrap().user_id, admin.user_id);
        assert!(with_password(admin.email, "").is_none());
        assert!(with_password(admin.email, &password.to_lowercase()).is_none());
        assert!(with_password("fred@example.com", password).is_none());
        assert!(with_password("", "").is_none());
    }
}
