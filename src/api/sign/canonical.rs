//! The canonical request of Signature Version 4, for every service but S3: the path normalized and encoded a second time,
//! no checksum header.

use std::{borrow::Cow, fmt::Write};

use super::hex_digest;
use crate::session::Request;

/// The canonical request, and the names of the headers in it. All headers are, and the host.
pub(super) fn canonical_request(request: &Request) -> (String, String) {
    let mut headers: Vec<(&str, Cow<'_, str>)> = vec![("host", host(request).into())];
    for (name, value) in request.headers.iter() {
        let value = single_spaced(value);
        match headers.iter_mut().find(|(held, _)| *held == name) {
            Some((_, values)) => *values = [values, ",", &value].concat().into(),
            None => headers.push((name, value)),
        }
    }
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");

    let mut text = String::with_capacity(2048);
    text.push_str(request.method);
    text.push('\n');
    encode(&normalized(request.path()), true, &mut text);
    text.push('\n');
    query(request.query().unwrap_or_default(), &mut text);
    text.push('\n');
    for (name, value) in &headers {
        for part in [name, ":", value, "\n"] {
            text.push_str(part);
        }
    }
    for part in ["\n", &names, "\n", &hex_digest(&request.body)] {
        text.push_str(part);
    }
    (text, names)
}

/// What the browser sends as `host`: the scheme's own port is left out.
fn host(request: &Request) -> &str {
    let authority = request.authority();
    let own_port = if request.url.starts_with("https:") { ":443" } else { ":80" };
    authority.strip_suffix(own_port).unwrap_or(authority)
}

fn single_spaced(value: &str) -> Cow<'_, str> {
    if !value.as_bytes().contains(&b' ') {
        return value.into();
    }
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").into()
}

/// Without empty segments and without dots (RFC 3986, section 5.2.4).
fn normalized(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = kept.pop(),
            segment => kept.push(segment),
        }
    }
    let is_folder = matches!(path.rsplit('/').next(), Some("" | "." | ".."));
    let end = if is_folder && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

/// Decoded, encoded in AWS's way, and then sorted.
fn query(query: &str, to: &mut String) {
    let encoded = |text: &str| {
        let mut to = String::new();
        encode(text, false, &mut to);
        to
    };
    let pairs = form_urlencoded::parse(query.as_bytes());
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (encoded(&name), encoded(&value))).collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        for part in [if index > 0 { "&" } else { "" }, name, "=", value] {
            to.push_str(part);
        }
    }
}

/// Every byte but the unreserved ones, and a path's slashes, as `%XX`.
fn encode(text: &str, is_path: bool, to: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (is_path && byte == b'/') {
            to.push(char::from(byte));
        } else {
            write!(to, "%{byte:02X}").expect("a text takes everything");
        }
    }
}
