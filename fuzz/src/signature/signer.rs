//! A signer by the letter of "Create a signed AWS API request" of the IAM User Guide, which shares no line with the one
//! that the gateway uses. It knows two sessions, and signs for the first.

use hmac::{Hmac, Mac};
use http::{HeaderName, HeaderValue};
use local_stack::walls::{Refusal, Secret, TARGET};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime, macros::format_description};

use super::{NOW, WINDOW, message::Message};

/// What `UriEncode` leaves.
const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Whose signature it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session([&'static str; 3]);

const SESSIONS: [Session; 2] = [
    Session([
        "ASIAAAAAAAAAAAAAAAAA",
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk",
        "IQoJb3JpZ2luX2VjEA0aCXVzLWVhc3QtMSJH",
    ]),
    Session([
        "ASIABBBBBBBBBBBBBBBB",
        "llllllllllllllllllllllllllllllllllllllll",
        "IQoJb3JpZ2luX2VjEB4aCXVzLWVhc3QtMSJI",
    ]),
];

impl Session {
    /// The session of a key id and its token.
    pub fn find(id: &str, token: Option<&str>) -> Result<Self, Refusal> {
        let known = SESSIONS.iter().find(|session| session.access_key_id() == id && Some(session.token()) == token);
        known.copied().ok_or(Refusal::UnrecognizedClient)
    }

    pub fn access_key_id(&self) -> &'static str {
        self.0[0]
    }

    pub fn token(&self) -> &'static str {
        self.0[2]
    }
}

impl Secret for Session {
    fn secret_access_key(&self) -> &str {
        self.0[1]
    }
}

/// How a request is signed.
#[derive(Debug)]
pub struct How {
    pub session: Session,
    /// The names of headers that stay out.
    pub unsigned: Vec<String>,
    at: OffsetDateTime,
    /// How long a presigned request is good for.
    expires: Option<i64>,
}

impl How {
    /// Reads `sign 0 x-unsigned` or `presign 60 0`.
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let expires = match words.next()? {
            "sign" => None,
            "presign" => Some(words.next()?.parse().ok()?),
            _ => return None,
        };
        let ago = words.next()?.parse::<i32>().ok()?;
        let at = NOW.checked_sub(Duration::seconds(ago.into())).filter(|at| (1..=9999).contains(&at.year()))?;
        let unsigned = words.map(str::to_ascii_lowercase).collect();
        Some(Self { session: SESSIONS[0], unsigned, at, expires })
    }

    /// The names of the headers that are in the signature.
    pub fn signed(&self, sent: &Message) -> Vec<HeaderName> {
        let is_signed =
            |name: &HeaderName| name != "authorization" && !self.unsigned.iter().any(|out| out == name.as_str());
        sent.names().into_iter().filter(is_signed).collect()
    }

    /// Whether the signature counts when it arrives.
    pub fn is_current(&self) -> bool {
        let (age, longest) = (NOW - self.at, self.expires.map_or(WINDOW, Duration::seconds));
        -WINDOW <= age && age <= longest && self.expires.is_none_or(|seconds| (1..=604_800).contains(&seconds))
    }
}

/// The request with its signature.
pub fn sign(message: &Message, how: &How) -> Message {
    let mut sent = message.clone();
    let stamp = how.at.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap_or_default();
    let scope = format!("{}/{}/{}/aws4_request", &stamp[..8], TARGET.region, TARGET.service);
    let credential = format!("{}/{scope}", how.session.access_key_id());
    let add = |sent: &mut Message, name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value).expect("names and digits are a header's value");
        sent.headers.push((HeaderName::from_static(name), value));
    };
    if how.expires.is_none() {
        add(&mut sent, "x-amz-date", &stamp);
        add(&mut sent, "x-amz-security-token", how.session.token());
    }
    let names: Vec<String> = how.signed(&sent).iter().map(ToString::to_string).collect();
    let names = names.join(";");
    if let Some(expires) = how.expires {
        let parameters = [
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", &stamp),
            ("X-Amz-Expires", &expires.to_string()),
            ("X-Amz-Security-Token", how.session.token()),
            ("X-Amz-SignedHeaders", &names),
        ];
        parameters.iter().for_each(|(name, value)| add_to_query(&mut sent, name, value));
    }
    let digest = format!("{:x}", Sha256::digest(canonical(&sent, &names)));
    let to_sign = format!("{ALGORITHM}\n{stamp}\n{scope}\n{digest}");
    let mut key = format!("AWS4{}", how.session.secret_access_key()).into_bytes();
    for part in scope.split('/') {
        key = mac(&key, part);
    }
    let signature: String = mac(&key, &to_sign).iter().map(|byte| format!("{byte:02x}")).collect();
    match how.expires {
        Some(_) => add_to_query(&mut sent, "X-Amz-Signature", &signature),
        None => {
            let value = format!("{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}");
            add(&mut sent, "authorization", &value);
        }
    }
    sent
}

fn canonical(message: &Message, names: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(text, &ENCODED).to_string();
    let path: Vec<String> = message.normal_path().split('/').map(encode).collect();
    let mut query: Vec<String> =
        message.query().iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    query.sort();
    let header = |name: &str| {
        let values = name.parse().map(|name| message.values(&name)).unwrap_or_default();
        format!("{name}:{}\n", values.join(","))
    };
    let headers: String = names.split(';').map(header).collect();
    let body = format!("{:x}", Sha256::digest(&message.body));
    format!("{}\n{}\n{}\n{headers}\n{names}\n{body}", message.method, path.join("/"), query.join("&"))
}

fn add_to_query(message: &mut Message, name: &str, value: &str) {
    let value = utf8_percent_encode(value, &ENCODED);
    let (path, query) = (message.uri.path(), message.uri.query().unwrap_or_default());
    let joint = if query.is_empty() { "" } else { "&" };
    // A target that is too long for HTTP is left as it was: unsigned.
    if let Ok(uri) = format!("{path}?{query}{joint}{name}={value}").parse() {
        message.uri = uri;
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
