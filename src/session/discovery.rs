//! Where the issuer's endpoints are: its discovery document (OpenID Connect Discovery 1.0, section 4; RFC 8414).

use std::rc::Rc;

use serde::Deserialize;

use super::{Platform, Request, Session, SessionError};
use crate::config::is_web_address;

/// What this app uses of the document.
#[derive(Debug, Deserialize)]
pub(super) struct Discovery {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    /// OpenID Connect RP-Initiated Logout 1.0.
    pub(super) end_session_endpoint: Option<String>,
    /// RFC 7009.
    pub(super) revocation_endpoint: Option<String>,
    /// RFC 9207: every answer names its issuer, so one without the name is not from there.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl<P: Platform> Session<P> {
    /// The document, fetched once.
    pub(super) async fn discovery(&self) -> Result<Rc<Discovery>, SessionError> {
        if let Some(known) = self.discovery.borrow().as_ref() {
            return Ok(Rc::clone(known));
        }
        let issuer = self.config.issuer.as_str();
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let answer = self.send(Request::get(url)).await?;
        if answer.status != 200 {
            return Err(SessionError::discovery("it has no discovery document"));
        }
        let found = Rc::new(read(&answer.body, issuer)?);
        *self.discovery.borrow_mut() = Some(Rc::clone(&found));
        Ok(found)
    }
}

fn read(json: &[u8], issuer: &str) -> Result<Discovery, SessionError> {
    let wrong = |why| Err(SessionError::discovery(why));
    let Ok(found) = serde_json::from_slice::<Discovery>(json) else {
        return wrong("its discovery document can't be read");
    };
    if found.issuer != issuer {
        return wrong("its discovery document names another issuer than config.json, which must match to the letter");
    }
    // Endpoints may have a query of their own (RFC 6749, section 3.1).
    let is_endpoint = |url: &str| is_web_address(url.split('?').next().unwrap_or(url)) && !url.contains('#');
    let optional = [&found.end_session_endpoint, &found.revocation_endpoint].into_iter().flatten();
    if ![&found.authorization_endpoint, &found.token_endpoint].into_iter().chain(optional).all(|url| is_endpoint(url)) {
        return wrong("an endpoint in its discovery document is no https address");
    }
    let methods = &found.code_challenge_methods_supported;
    if methods.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        return wrong("it does not support PKCE with S256");
    }
    Ok(found)
}

/// Adds parameters to an endpoint, which may have some already.
pub(super) fn with_query(endpoint: &str, pairs: &[(&str, &str)]) -> String {
    let query = form(pairs);
    let between = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{between}{query}")
}

/// Pairs as `application/x-www-form-urlencoded`.
fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A form for an endpoint.
pub(super) fn post_form(endpoint: &str, pairs: &[(&str, &str)]) -> Request {
    let mut request = Request::new("POST", endpoint);
    request.headers.set("content-type", "application/x-www-form-urlencoded");
    request.body = form(pairs).into_bytes();
    request
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_document_of_this_issuer_is_believed() {
        let good = json!({ "issuer": "https://id.example/", "authorization_endpoint": "https://id.example/a?x=1",
            "token_endpoint": "https://id.example/t", "code_challenge_methods_supported": ["plain", "S256"] });
        let check = |key: &str, value: serde_json::Value| {
            let mut document = good.clone();
            document[key] = value;
            read(document.to_string().as_bytes(), "https://id.example/")
        };
        assert!(check("scopes_supported", json!(["openid"])).is_ok());
        for (key, value) in [
            ("issuer", json!("https://id.example")),
            ("issuer", json!("https://other.example/")),
            ("issuer", json!(1)),
            ("authorization_endpoint", json!("http://id.example/a")),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("token_endpoint", json!("//id.example/t")),
            ("token_endpoint", json!(null)),
            ("end_session_endpoint", json!("data:text/html,x")),
            ("revocation_endpoint", json!("")),
            ("code_challenge_methods_supported", json!(["plain"])),
        ] {
            let error = check(key, value.clone());
            assert!(matches!(error, Err(SessionError::Discovery(_))), "{key} {value} {error:?}");
        }
        assert!(read(b"<html>", "https://id.example/").is_err());
    }

    #[test]
    fn a_query_is_added_to_what_is_there() {
        assert_eq!(with_query("https://a/b", &[("c", "d e&f")]), "https://a/b?c=d+e%26f");
        assert_eq!(with_query("https://a/b?x=1", &[("c", "d")]), "https://a/b?x=1&c=d");
    }
}
