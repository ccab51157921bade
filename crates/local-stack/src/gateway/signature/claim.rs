//! What a signed request says about its signature, in the `Authorization` header or in the query. Both forms are read
//! to the letter: what is missing, there twice or in a form of its own is refused with AWS's words.

use std::collections::BTreeMap;

use http::{Request, header::AUTHORIZATION};
use time::{
    Duration, OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description,
};

use super::{super::refusal::Refusal, Target};

/// A signature and what it says of itself.
#[derive(Debug)]
pub struct Claim {
    /// Who signed.
    pub access_key_id: String,
    /// The scope's date, region, service and terminator.
    pub scope: [String; 4],
    /// When it was signed, as it stands in the request.
    pub timestamp: String,
    /// The same, understood.
    pub time: OffsetDateTime,
    /// The names of the signed headers: lower case, sorted, none twice, `host` among them.
    pub signed_headers: Vec<String>,
    /// Hexadecimal.
    pub signature: String,
    /// The session's token.
    pub session_token: Option<String>,
    /// How long a presigned request is good for; `None` in the header form.
    pub expires: Option<Duration>,
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TIMESTAMP: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
const WEEK_SECONDS: i64 = 604_800;

/// The parameters that make up a presigned request.
pub const QUERY_PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// `20150830T123600Z`
pub fn timestamp(time: OffsetDateTime) -> String {
    time.to_utc().format(TIMESTAMP).unwrap_or_default()
}

impl Claim {
    /// Reads the one form that is there.
    pub fn read(request: &Request<Vec<u8>>) -> Result<Self, Refusal> {
        let query = request.uri().query().unwrap_or_default();
        let mut presigned: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if QUERY_PARAMETERS.contains(&name.as_ref())
                && presigned.insert(name.to_string(), value.into_owned()).is_some()
            {
                return Err(incomplete(format!("The query parameter '{name}' is there more than once.")));
            }
        }
        let in_query = presigned.contains_key("X-Amz-Algorithm");
        let claim = match (request.headers().contains_key(AUTHORIZATION), in_query) {
            (false, false) => Err(Refusal::MissingAuthenticationToken),
            (true, true) => Err(incomplete("Sign in the Authorization header or in the query, not in both.".into())),
            (true, false) => Self::from_header(request),
            (false, true) => Self::from_query(presigned),
        }?;
        claim.check_signed_headers(request)?;
        Ok(claim)
    }

    /// The scope must be the one that the server signs for.
    pub fn check_scope(&self, target: Target) -> Result<(), Refusal> {
        let [date, region, service, terminator] = &self.scope;
        let wrong = |message| Err(Refusal::InvalidSignature(message));
        if terminator != "aws4_request" {
            return wrong("Credential should be scoped with a valid terminator: 'aws4_request'.".into());
        }
        if region != target.region {
            return wrong(format!("Credential should be scoped to a valid region, such as '{}'.", target.region));
        }
        if service != target.service {
            return wrong(format!("Credential should be scoped to correct service: '{}'.", target.service));
        }
        if *date != self.timestamp[..8] {
            let of_time = &self.timestamp[..8];
            return wrong(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{of_time}'.",
                date.escape_debug()
            ));
        }
        Ok(())
    }

    fn from_header(request: &Request<Vec<u8>>) -> Result<Self, Refusal> {
        let header = single(request, "authorization")?.unwrap_or_default();
        let (algorithm, rest) = header.split_once(' ').unwrap_or((&header, ""));
        if algorithm != ALGORITHM {
            return Err(incomplete(format!("Authorization header requires the algorithm '{ALGORITHM}'.")));
        }
        let mut parts: BTreeMap<&str, &str> = BTreeMap::new();
        for part in rest.split(',').map(|part| part.trim_matches(' ')) {
            let Some((name, value)) = part.split_once('=') else {
                return Err(incomplete(
                    "Authorization header has a part that is not a valid key=value pair (missing equal-sign).".into(),
                ));
            };
            if !["Credential", "SignedHeaders", "Signature"].contains(&name) || parts.insert(name, value).is_some() {
                return Err(incomplete("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature', each once, and nothing else.".into()));
            }
        }
        let date = single(request, "x-amz-date")?;
        let mut missing: Vec<String> = ["Credential", "Signature", "SignedHeaders"]
            .iter()
            .filter(|name| !parts.contains_key(*name))
            .map(|name| format!("Authorization header requires '{name}' parameter."))
            .collect();
        if date.is_none() {
            missing.push("Authorization header requires existence of a 'X-Amz-Date' header.".to_owned());
        }
        if !missing.is_empty() {
            return Err(incomplete(missing.join(" ")));
        }
        Self::new(
            parts["Credential"],
            date.as_deref().unwrap_or_default(),
            parts["SignedHeaders"],
            parts["Signature"],
            single(request, "x-amz-security-token")?,
            None,
        )
    }

    fn from_query(mut presigned: BTreeMap<String, String>) -> Result<Self, Refusal> {
        let token = presigned.remove("X-Amz-Security-Token");
        let missing: Vec<String> = QUERY_PARAMETERS
            .iter()
            .filter(|name| **name != "X-Amz-Security-Token" && !presigned.contains_key(**name))
            .map(|name| format!("AWS query-string parameters must include '{name}'."))
            .collect();
        if !missing.is_empty() {
            return Err(incomplete(format!("{} Re-examine the query-string parameters.", missing.join(" "))));
        }
        if presigned["X-Amz-Algorithm"] != ALGORITHM {
            return Err(incomplete(format!("X-Amz-Algorithm must be '{ALGORITHM}'.")));
        }
        let expires = &presigned["X-Amz-Expires"];
        // The signature is over the number, so it has one spelling: no sign, and no zero in front.
        let seconds = expires.parse().ok().filter(|seconds: &i64| seconds.to_string() == *expires);
        let Some(expires) = seconds.filter(|seconds| (1..=WEEK_SECONDS).contains(seconds)) else {
            return Err(incomplete(format!("X-Amz-Expires must be 1 to {WEEK_SECONDS} seconds, a week.")));
        };
        Self::new(
            &presigned["X-Amz-Credential"],
            &presigned["X-Amz-Date"],
            &presigned["X-Amz-SignedHeaders"],
            &presigned["X-Amz-Signature"],
            token,
            Some(Duration::seconds(expires)),
        )
    }

    fn new(
        credential: &str,
        timestamp: &str,
        signed_headers: &str,
        signature: &str,
        session_token: Option<String>,
        expires: Option<Duration>,
    ) -> Result<Self, Refusal> {
        let credential: Vec<String> = credential.split('/').map(str::to_owned).collect();
        let Ok([access_key_id, date, region, service, terminator]) = <[String; 5]>::try_from(credential) else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.".into(),
            ));
        };
        let Ok(time) = PrimitiveDateTime::parse(timestamp, TIMESTAMP) else {
            return Err(incomplete("Date must be in ISO-8601 'basic format', such as 20150830T123600Z.".into()));
        };
        if signature.len() != 64 || !signature.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(incomplete("Signature must be 64 lower-case hexadecimal digits.".into()));
        }
        Ok(Self {
            access_key_id,
            scope: [date, region, service, terminator],
            timestamp: timestamp.to_owned(),
            time: time.assume_utc(),
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            signature: signature.to_owned(),
            session_token,
            expires,
        })
    }

    /// `host` and every `x-amz-` header must be signed, and the list must be in its one canonical form.
    fn check_signed_headers(&self, request: &Request<Vec<u8>>) -> Result<(), Refusal> {
        let canonical = self.signed_headers.windows(2).all(|pair| pair[0] < pair[1])
            && self.signed_headers.iter().all(|name| !name.is_empty() && !name.bytes().any(|b| b.is_ascii_uppercase()));
        if !canonical {
            return Err(incomplete("SignedHeaders must be lower-case names, sorted, each once.".into()));
        }
        if !self.signs("host") {
            return Err(incomplete("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into()));
        }
        let host = single(request, "host")?;
        // RFC 9112, section 3.2.2: an address in the first line goes over the header, and nobody signed it.
        if request.uri().authority().is_some_and(|target| host.as_deref() != Some(target.as_str())) {
            return Err(Refusal::InvalidSignature("The address in the request line is of another host.".into()));
        }
        let unsigned: Vec<&str> = request
            .headers()
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| name.starts_with("x-amz-") && !self.signs(name))
            .collect();
        if unsigned.is_empty() {
            Ok(())
        } else {
            let message =
                format!("There were headers present in the request which were not signed: {}.", unsigned.join(", "));
            Err(Refusal::InvalidSignature(message))
        }
    }

    /// Whether a header is among the signed ones.
    pub fn signs(&self, name: &str) -> bool {
        self.signed_headers.iter().any(|signed| signed == name)
    }
}

fn incomplete(message: String) -> Refusal {
    Refusal::IncompleteSignature(message)
}

/// A header that may be there once, in characters that can be signed.
fn single(request: &Request<Vec<u8>>, name: &str) -> Result<Option<String>, Refusal> {
    let mut values = request.headers().get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match value.to_str() {
            Ok(value) => Ok(Some(value.to_owned())),
            Err(_) => Err(incomplete(format!("The header '{name}' has characters that it can't have."))),
        },
        (Some(_), Some(_)) => Err(incomplete(format!("The header '{name}' is there more than once."))),
    }
}
