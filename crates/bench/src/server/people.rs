//! Buyers: signed in, with session credentials from STS, and with requests that `aws-sigv4` signed. Signing is a client's
//! work and done before anything is timed; the server verifies each signature all the same.

use std::{net::SocketAddr, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use serde_json::json;
use time::OffsetDateTime;

use super::{
    client::{Bytes, Connection},
    issuer::Issuer,
};
use crate::failure::{Failure, Result};

const ROLE: &str = "arn:aws:iam::123456789012:role/auth0-api-social-role";

/// Somebody who buys.
pub struct Buyer {
    /// The person's id at the issuer.
    pub sub: String,
    /// The name in the token.
    pub name: String,
    token: String,
    credentials: Credentials,
}

impl Buyer {
    /// Signs in and takes on the buyers' role.
    pub async fn arrive(number: usize, issuer: &Issuer, address: SocketAddr) -> Result<Self> {
        let (sub, name) = (format!("amazon|{number}"), format!("Buyer {number}"));
        let token = issuer.token(&sub, &name, OffsetDateTime::now_utc())?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", "AssumeRoleWithWebIdentity")
            .append_pair("Version", "2011-06-15")
            .append_pair("RoleSessionName", "bench")
            .append_pair("RoleArn", ROLE)
            .append_pair("WebIdentityToken", &token)
            .finish();
        let head = format!("POST /sts/ HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded");
        let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{form}", form.len());
        let answer = Connection::open(address).await?.ask(request.as_bytes()).await?;
        let text = String::from_utf8_lossy(&answer.body);
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            Some(rest.split_once("</")?.0.to_owned())
        };
        let found = || Some((element("AccessKeyId")?, element("SecretAccessKey")?, element("SessionToken")?));
        let (id, secret, session) = found().ok_or_else(|| Failure::wrong(format!("STS answers {text}")))?;
        Ok(Self { sub, name, token, credentials: Credentials::new(id, secret, Some(session), None, "bench") })
    }

    /// The purchase of a pet.
    pub fn purchase(&self, pet: u64, address: SocketAddr) -> Result<Bytes> {
        let body = json!({ "petId": pet, "authToken": self.token }).to_string();
        self.signed("POST", "/test/pets/purchase", &[("content-type", "application/json")], &body, address)
    }

    /// The list of what the buyer bought.
    pub fn purchases(&self, address: SocketAddr) -> Result<Bytes> {
        self.signed("GET", "/test/pets/purchases", &[("x-identity-token", &self.token)], "", address)
    }

    /// The key with which requests are signed.
    pub fn secret(&self) -> &str {
        self.credentials.secret_access_key()
    }

    /// The ID token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Somebody who never went to STS.
    pub fn made_up(issuer: &Issuer) -> Result<Self> {
        let (sub, name) = ("amazon|1".to_owned(), "Buyer 1".to_owned());
        let token = issuer.token(&sub, &name, OffsetDateTime::now_utc())?;
        let session = "IQoJ".repeat(200);
        let credentials = Credentials::new("ASIABENCH", "secret/+key", Some(session), None, "bench");
        Ok(Self { sub, name, token, credentials })
    }

    /// A request with its signature, good for five minutes.
    fn signed(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
        address: SocketAddr,
    ) -> Result<Bytes> {
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("execute-api")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(Failure::wrong)?
            .into();
        let host = address.to_string();
        let headers: Vec<_> = headers.iter().copied().chain([("host", host.as_str())]).collect();
        let url = format!("http://{host}{target}");
        let body = body.as_bytes();
        let signable = SignableRequest::new(method, url, headers.iter().copied(), SignableBody::Bytes(body));
        let signed = sign(signable.map_err(Failure::wrong)?, &params).map_err(Failure::wrong)?;
        let (instructions, _) = signed.into_parts();
        let mut text = format!("{method} {target} HTTP/1.1\r\n");
        for (name, value) in headers.into_iter().chain(instructions.headers()) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        Ok([text.as_bytes(), body].concat())
    }
}
