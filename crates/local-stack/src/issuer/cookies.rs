//! The issuer's two cookies: one names the browser, so that a sign-in is finished where it was begun, one carries the
//! session. Scripts can't read them, other sites' forms don't send them, and other paths don't get them.

use http::HeaderMap;
use http::header;
use time::Duration;

use super::registration::Registration;

/// Which cookie.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cookie {
    /// The browser that began a sign-in; it ends with the browser.
    Browser,
    /// The issuer session.
    Session,
}

impl Cookie {
    /// The name has the port in it: cookies of one host are shared by all its ports.
    fn name(self, registration: &Registration) -> String {
        let what = match self {
            Self::Browser => "browser",
            Self::Session => "session",
        };
        format!("pets_idp_{}_{what}", registration.port())
    }

    /// Its value in a request; the first, if there are several: browsers send the one of the longest path first.
    pub(super) fn read<'a>(self, registration: &Registration, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(registration);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// A `Set-Cookie` value. Without `lasts` it ends with the browser.
    pub(super) fn set(self, registration: &Registration, value: &str, lasts: Option<Duration>) -> String {
        let name = self.name(registration);
        let path = registration.path();
        let mut line = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax");
        if let Some(lasts) = lasts {
            line.push_str(&format!("; Max-Age={}", lasts.whole_seconds()));
        }
        if registration.is_https() {
            line.push_str("; Secure");
        }
        line
    }

    /// A `Set-Cookie` value that removes it.
    pub(super) fn clear(self, registration: &Registration) -> String {
        self.set(registration, "", Some(Duration::ZERO))
    }
}
