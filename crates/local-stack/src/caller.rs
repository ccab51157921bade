//! What is known of a request before anybody is recognised: when, from where, under which id.

use std::net::IpAddr;

use http::{HeaderMap, header};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use template::REGION;

/// The circumstances of one request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// For finding the request in the log.
    pub request_id: String,
    /// When it arrived.
    pub now: OffsetDateTime,
    /// Where it came from.
    pub address: IpAddr,
    /// `User-Agent`, as the caller says.
    pub user_agent: Option<String>,
}

impl Caller {
    /// The circumstances of a request with these headers.
    pub fn new(headers: &HeaderMap, address: IpAddr, now: OffsetDateTime) -> Result<Self, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let id = format!("{:032x}", u128::from_be_bytes(random));
        let request_id = format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]);
        let user_agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        Ok(Self { request_id, now, address, user_agent })
    }

    /// The condition keys that every request has. The loopback stands for the TLS of AWS's endpoints, so that a policy
    /// which asks for it decides here as it does there.
    pub fn context(&self) -> iam::Context {
        let now = self.now.to_utc().replace_nanosecond(0).ok().and_then(|now| now.format(&Rfc3339).ok());
        let mut context = iam::Context::new()
            .with("aws:CurrentTime", now.unwrap_or_default())
            .with("aws:EpochTime", self.now.unix_timestamp().to_string())
            .with("aws:RequestedRegion", REGION)
            .with("aws:SecureTransport", "true")
            .with("aws:SourceIp", self.address.to_string());
        if let Some(agent) = &self.user_agent {
            context.insert("aws:UserAgent", agent);
        }
        context
    }
}
