//! What a client does: session credentials, and requests signed with them by `aws-sigv4`.

use std::time::{Duration, SystemTime};

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4,
};
use time::OffsetDateTime;

use crate::client::Call;

#[derive(Clone, Debug)]
pub struct Credentials {
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
}

/// How a request is signed.
pub struct Signing<'a> {
    pub credentials: &'a Credentials,
    pub now: OffsetDateTime,
    pub region: &'a str,
    pub service: &'a str,
    /// A presigned address, good for so many seconds.
    pub presigned: Option<u64>,
}

impl<'a> Signing<'a> {
    pub fn new(credentials: &'a Credentials, now: OffsetDateTime) -> Self {
        Self { credentials, now, region: "us-east-1", service: "execute-api", presigned: None }
    }

    /// The call with its signature, for this host.
    pub fn sign(&self, call: Call, host: &str) -> Call {
        let Credentials { id, secret, token } = self.credentials.clone();
        let identity = aws_credential_types::Credentials::new(id, secret, token, None, "tests").into();
        let mut settings = SigningSettings::default();
        if let Some(seconds) = self.presigned {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = Some(Duration::from_secs(seconds));
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(SystemTime::from(self.now))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let mut call = call.header("host", host);
        let url = format!("http://{host}{}", call.target);
        let headers = call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signable = SignableRequest::new(&call.method, url, headers, SignableBody::Bytes(&call.body)).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        let (headers, parameters) = instructions.into_parts();
        for header in headers {
            call.headers.push((header.name().to_owned(), header.value().to_owned()));
        }
        if !parameters.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters).finish();
            let joint = if call.target.contains('?') { '&' } else { '?' };
            // The form encoding writes a space as `+`, but none of these values has one.
            call.target = format!("{}{joint}{query}", call.target);
        }
        call
    }
}
