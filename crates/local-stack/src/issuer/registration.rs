//! The one registered application: its client id and the addresses a browser may be sent to. Addresses are compared
//! as strings, never parsed and compared loosely (RFC 9700 §2.1); loopback ports get no exception either.

use http::{HeaderMap, header};
use url::Url;

use super::{Config, Error};

/// The application's settings, as a tenant's "Allowed Callback URLs", "Allowed Logout URLs" and "Allowed Web Origins".
pub(super) struct Registration {
    client_id: String,
    issuer: Url,
    origins: Vec<String>,
}

impl Registration {
    pub(super) fn new(config: &Config) -> Result<Self, Error> {
        let issuer = issuer_url(&config.issuer_url)?;
        if config.client_id.is_empty()
            || config.client_id.len() > 128
            || !config.client_id.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(Error::ClientId { client_id: config.client_id.clone() });
        }
        let mut origins = Vec::new();
        for origin in &config.app_origins {
            let refuse = || Error::AppOrigin { origin: origin.clone() };
            let url = Url::parse(origin).map_err(|_| refuse())?;
            if !matches!(url.scheme(), "http" | "https") || url.origin().ascii_serialization() != *origin {
                return Err(refuse());
            }
            origins.push(origin.clone());
        }
        let own = issuer.origin().ascii_serialization();
        if !origins.contains(&own) {
            origins.push(own);
        }
        Ok(Self { client_id: config.client_id.clone(), issuer, origins })
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The issuer's path, `/idp/`.
    pub(super) fn path(&self) -> &str {
        self.issuer.path()
    }

    /// The port that the issuer is reached at: cookies of `localhost` are shared between its ports.
    pub(super) fn port(&self) -> u16 {
        self.issuer.port_or_known_default().unwrap_or_default()
    }

    pub(super) fn is_https(&self) -> bool {
        self.issuer.scheme() == "https"
    }

    /// Every origin that is served: the app's, then the issuer's own.
    pub(super) fn origins(&self) -> &[String] {
        &self.origins
    }

    /// The page of the app that a person can go back to.
    pub(super) fn home(&self) -> String {
        format!("{}/", self.origins[0])
    }

    pub(super) fn is_callback(&self, uri: &str) -> bool {
        self.origins.iter().any(|origin| uri.strip_prefix(origin.as_str()) == Some("/callback"))
    }

    pub(super) fn is_logout_url(&self, uri: &str) -> bool {
        self.origins.iter().any(|origin| matches!(uri.strip_prefix(origin.as_str()), Some("" | "/" | "/login")))
    }

    /// The `Origin` of a request, if it is one of the app's.
    pub(super) fn known_origin(&self, headers: &HeaderMap) -> Option<String> {
        let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
        self.origins.iter().find(|known| *known == origin).cloned()
    }
}

fn issuer_url(text: &str) -> Result<Url, Error> {
    let refuse = |problem| Error::IssuerUrl { url: text.to_owned(), problem };
    let url = Url::parse(text).map_err(|_| refuse("is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("has another scheme"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("has a query, a fragment or a user name"));
    }
    if !url.path().ends_with('/') {
        return Err(refuse("doesn't end in a slash"));
    }
    if url.as_str() != text {
        return Err(refuse("isn't written in its normal form"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registration(issuer: &str, origin: &str) -> Result<Registration, Error> {
        Registration::new(&Config::new(issuer, "pets-spa", origin))
    }

    #[test]
    fn a_wrong_configuration_names_the_field_and_the_remedy() {
        let check = |issuer: &str, origin: &str, expected: &str| {
            let error = registration(issuer, origin).err().expect(issuer).to_string();
            assert!(error.contains(expected), "{error}");
        };
        let app = "http://localhost:8080";
        check("http://localhost:9000/idp", app, "doesn't end in a slash");
        check("localhost", app, "is no URL");
        check("ftp://localhost/idp/", app, "another scheme");
        check("http://localhost:9000/idp/?a=b", app, "has a query");
        check("HTTP://LOCALHOST:9000/idp/", app, "normal form");
        check("http://localhost:80/idp/", app, "normal form");
        for origin in ["", "localhost:8080", "http://localhost:8080/", "http://localhost:80", "null", "file:///"] {
            check("http://localhost:9000/idp/", origin, "is no origin");
        }
    }

    #[test]
    fn addresses_are_compared_exactly() {
        let registration = registration("http://localhost:9000/idp/", "http://localhost:8080").unwrap();
        assert!(registration.is_callback("http://localhost:8080/callback"));
        assert!(registration.is_callback("http://localhost:9000/callback"));
        for good in ["http://localhost:8080", "http://localhost:8080/", "http://localhost:9000/login"] {
            assert!(registration.is_logout_url(good), "{good}");
        }
        for bad in
            ["", "/", "http://localhost:80801/", "http://localhost:8080.evil.example/", "http://localhost:8080//"]
        {
            assert!(!registration.is_logout_url(bad), "{bad}");
            assert!(!registration.is_callback(bad), "{bad}");
        }
    }
}
