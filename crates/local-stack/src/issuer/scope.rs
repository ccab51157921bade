//! The scopes that were granted. `openid` always is: nobody gets anything here without it.

use std::fmt;

/// What a token may tell, besides who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) profile: bool,
    pub(super) email: bool,
    pub(super) offline_access: bool,
}

impl Scope {
    /// Reads a `scope` parameter. Unknown scopes are left out, as RFC 6749 §3.3 allows and Auth0 does; the answer of
    /// the token endpoint says what was granted. `None`: there is no `openid` in it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let has = |name| text.split(' ').any(|word| word == name);
        has("openid").then(|| Self {
            profile: has("profile"),
            email: has("email"),
            offline_access: has("offline_access"),
        })
    }

    /// Whether `other` asks for nothing beyond this.
    pub(super) fn covers(self, other: Self) -> bool {
        self.profile >= other.profile && self.email >= other.email && self.offline_access >= other.offline_access
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("openid")?;
        for (granted, name) in
            [(self.profile, " profile"), (self.email, " email"), (self.offline_access, " offline_access")]
        {
            if granted {
                f.write_str(name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_scopes_are_granted_and_others_left_out() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Scope::parse(text).map(|scope| scope.to_string()).as_deref(), expected, "{text:?}");
        };
        check("openid", Some("openid"));
        check("offline_access email openid admin", Some("openid email offline_access"));
        check("openid profile email offline_access", Some("openid profile email offline_access"));
        check("", None);
        check("profile", None);
        check("OPENID", None);
        check("openid,profile", None);
    }

    #[test]
    fn a_scope_covers_itself_and_less() {
        let all = Scope::parse("openid profile email").unwrap();
        assert!(all.covers(all));
        assert!(all.covers(Scope::parse("openid email").unwrap()));
        assert!(!all.covers(Scope::parse("openid offline_access").unwrap()));
    }
}
