//! Which addresses the app talks to: absolute ones, encrypted unless they never leave the machine.

/// Whether this is an absolute `https` URL without user, query or fragment; `http` is for loopback only.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<http::Uri>() else { return false };
    let (Some(scheme), Some(host), Some(authority)) = (uri.scheme_str(), uri.host(), uri.authority()) else {
        return false;
    };
    let encrypted = match scheme {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    let plain = !host.is_empty() && !authority.as_str().contains('@') && !text.contains(['?', '#']);
    encrypted && plain && text.len() <= 2048 && (authority.port().is_some() || !authority.as_str().ends_with(':'))
}

/// The names by which a machine calls itself (RFC 6761, section 6.3; RFC 1122; RFC 4291).
fn is_loopback(host: &str) -> bool {
    let four = |host: &str| host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host == "[::1]" || four(host)
}
