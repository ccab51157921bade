//! Which addresses the app talks to: absolute ones, encrypted unless they never leave the machine.

/// Whether this is an absolute `https` URL without user, query or fragment; `http` is for loopback only.
pub(crate) fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    // A colon within brackets is the address's own.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let encrypted = match scheme {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    let is_path = |byte: u8| byte.is_ascii_graphic() && !b"?#\"<>\\^`{|}".contains(&byte);
    encrypted && is_host(host) && port.is_none_or(is_port) && rest.bytes().all(is_path) && text.len() <= 2048
}

/// A name, four numbers, or an address of version 6 in brackets.
fn is_host(host: &str) -> bool {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let six = |byte: u8| byte.is_ascii_hexdigit() || b":.".contains(&byte);
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.bytes().all(six),
        None => !host.is_empty() && host.bytes().all(name),
    }
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok()
}

/// The names by which a machine calls itself (RFC 6761, section 6.3; RFC 1122; RFC 4291).
fn is_loopback(host: &str) -> bool {
    let numbers = |rest: &str| rest.split('.').count() == 3 && rest.split('.').all(|part| part.parse::<u8>().is_ok());
    host == "localhost" || host == "[::1]" || host.strip_prefix("127.").is_some_and(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_one_server_and_no_further_is_an_address() {
        for good in [
            "https://a.example",
            "https://a.example/",
            "https://a.example:8443/b/c.d~e%20f",
            "https://[2001:db8::1]/a",
            "https://[2001:db8::1]:443/a:b@c",
            "http://localhost:9000/test",
            "http://127.0.0.1",
            "http://127.1.2.3:1/",
            "http://[::1]:9000",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        let long = format!("https://a.example/{}", "a".repeat(2048));
        for bad in [
            "",
            "://",
            "https:",
            "https://",
            "https:///a",
            "https://:443",
            "https://a:",
            "https://a:0",
            "https://a:65536",
            "https://a:+1",
            "https://a:b/c",
            "https://a:1:2",
            "https://a b",
            "https://a/b c",
            "https://a\n/",
            "https://a/\u{e9}",
            "https://\u{e9}.example",
            "https://a\\b",
            "https://a/\\b",
            "https://a,b",
            "https://u@a",
            "https://u:w@a/",
            "https://a?b",
            "https://a/?b",
            "https://a#b",
            "https://[]",
            "https://[::1",
            "https://::1]",
            "https://[::1]a",
            "https://[g::1]",
            "HTTPS://a",
            " https://a",
            "//a",
            "/a",
            "javascript://a/%0aalert(1)",
            "http://a",
            "http://127.0.0.1.example",
            "http://127.0.0.1@a",
            "http://127.1",
            "http://127.0.0.1.1",
            "http://127.0.0.256",
            "http://127.0.0.+1",
            "http://127.0..1",
            "http://2130706433",
            "http://0.0.0.0",
            "http://[::2]",
            "http://localhost.example",
            "http://xlocalhost",
            &long,
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
