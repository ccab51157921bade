//! What is known of a request before anybody is recognised: when, from where, under which id.

use std::net::IpAddr;

use http::{HeaderMap, header};
use time::OffsetDateTime;

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

    /// The condition keys that every request has.
    pub fn circumstances(&self) -> iam::Context {
        explain::circumstances(self.now, self.address, self.user_agent.as_deref())
    }
}
