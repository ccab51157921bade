//! What a request says, however it is spelled: two requests with one meaning are one request to everybody who follows
//! RFC 9110, RFC 3986 and Signature Version 4. This is the tests' own reading; it shares nothing with the stack's.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// A request without its spelling.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    method: String,
    path: Vec<Vec<u8>>,
    /// Names and values, in the order in which they are signed.
    query: Vec<(String, String)>,
    /// By name, in lower case. Several of one name are one list.
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Meaning {
    /// Nothing if the bytes are no whole request in HTTP/1.1.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut lines = head.split("\r\n");
        let mut start = lines.next()?.split(' ');
        let (method, target, version) = (start.next()?, start.next()?, start.next()?);
        if version != "HTTP/1.1" || start.next().is_some() {
            return None;
        }
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for line in lines {
            let (name, value) = line.split_once(':')?;
            let value = words(value);
            let value = if name.eq_ignore_ascii_case("authorization") { parts(&value) } else { value };
            let known = headers.entry(name.to_ascii_lowercase()).or_default();
            *known = if known.is_empty() { value } else { format!("{known},{value}") };
        }
        let target = target.split('#').next()?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        query.sort();
        let path = path.strip_prefix('/')?.split('/').map(|segment| percent_decode_str(segment).collect()).collect();
        let body = bytes[end + 4..].to_vec();
        // How long the body is says `body`, and what happens to the connection afterwards is nobody's business.
        let length = headers.remove("content-length")?;
        headers.remove("connection");
        (length == body.len().to_string()).then(|| Self { method: method.into(), path, query, headers, body })
    }
}

/// Space around a value is none of it, and within it one space is as good as many (SigV4's `Trim`).
fn words(value: &str) -> String {
    value.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The parts of an `Authorization` header, with or without a space behind each comma.
fn parts(value: &str) -> String {
    value.split(',').map(str::trim).collect::<Vec<_>>().join(",")
}
