//! The canonical request of Signature Version 4, for every service but S3: the path normalized and encoded a second time,
//! no checksum header.

use std::fmt::Write;

use http::{Request, Uri};

use super::hex_digest;

/// The canonical request, and the names of the headers in it. All headers are, and the host.
pub(super) fn canonical_request(request: &Request<Vec<u8>>) -> (String, String) {
    let uri = request.uri();
    let mut headers: Vec<(&str, String)> = vec![("host", host(uri))];
    for name in request.headers().keys() {
        let values = request.headers().get_all(name).iter().filter_map(|value| value.to_str().ok());
        let values: Vec<String> = values.map(single_spaced).collect();
        if !values.is_empty() {
            headers.push((name.as_str(), values.join(",")));
        }
    }
    headers.sort_unstable();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");

    let mut text = format!("{}\n", request.method());
    encode(&normalized(uri.path()), true, &mut text);
    text.push('\n');
    query(uri.query().unwrap_or_default(), &mut text);
    text.push('\n');
    for (name, value) in &headers {
        for part in [name, ":", value, "\n"] {
            text.push_str(part);
        }
    }
    for part in ["\n", &names, "\n", &hex_digest(request.body())] {
        text.push_str(part);
    }
    (text, names)
}

/// What the browser sends as `host`: the scheme's own port is left out.
fn host(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default();
    match (uri.scheme_str(), uri.port_u16()) {
        (_, None) | (Some("http"), Some(80)) | (Some("https"), Some(443)) => host.to_owned(),
        (_, Some(port)) => format!("{host}:{port}"),
    }
}

fn single_spaced(value: &str) -> String {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ")
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
