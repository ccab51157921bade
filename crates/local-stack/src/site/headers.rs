//! The headers of the deployed site.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

const FIXED: [(HeaderName, &str); 5] = [
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Sets what every answer has. The inline scripts and styles of `html` are allowed by their hashes, nothing else is
/// inline; `connect` are the origins that the page calls.
pub fn security_headers(headers: &mut HeaderMap, html: &str, connect: &[String]) {
    for (name, value) in &FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{}; style-src 'self'{}; img-src 'self' data:; \
         connect-src 'self'{}; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        hashes(html, "script"),
        hashes(html, "style"),
        connect.iter().map(|origin| format!(" {origin}")).collect::<String>(),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// ` 'sha256-…'` for each `<element>` of the page that has its text inside.
fn hashes(html: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut hashes = String::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once(&open) {
        let Some((attributes, after)) = after.split_once('>') else { break };
        let Some((text, after)) = after.split_once(&close) else { break };
        let named = attributes.is_empty() || attributes.starts_with(|next: char| next.is_ascii_whitespace());
        if named && !text.is_empty() {
            hashes.push_str(&format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text))));
        }
        rest = after;
    }
    hashes
}
