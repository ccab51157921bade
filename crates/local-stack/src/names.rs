//! The names under which this stack is reached. What has no sign-in and is nobody else's business is answered under
//! these only: a page of another site may have its own name point here (DNS rebinding), and its browser would take the
//! answer for its own.

use std::net::SocketAddr;

use http::{Request, header};

/// Host and port of each.
pub struct Names(Vec<String>);

impl Names {
    /// The loopback's names and that of the public address.
    pub fn new(address: SocketAddr, public_url: &str) -> Self {
        let port = address.port();
        let mut names = vec![address.to_string(), format!("localhost:{port}"), format!("127.0.0.1:{port}")];
        names.push(format!("[::1]:{port}"));
        names.extend(public_url.split_once("://").map(|(_, name)| name.to_owned()));
        Self(names)
    }

    /// Whether a request is for one of them.
    pub fn know<B>(&self, request: &Request<B>) -> bool {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
        // An address in the first line goes over the header (RFC 9112, section 3.2.2).
        let target = request.uri().authority().map_or(host, |authority| authority.as_str());
        [host, target].iter().all(|given| self.0.iter().any(|name| name.eq_ignore_ascii_case(given)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_known() {
        let names = Names::new(([127, 0, 0, 1], 9000).into(), "https://pets.example");
        let check = |hosts: &[&str], target: &str, known: bool| {
            let mut request = Request::builder().uri(target);
            for host in hosts {
                request = request.header("host", *host);
            }
            assert_eq!(names.know(&request.body(()).unwrap()), known, "{hosts:?} {target}");
        };
        for host in ["localhost:9000", "LOCALHOST:9000", "127.0.0.1:9000", "[::1]:9000", "pets.example"] {
            check(&[host], "/", true);
        }
        for host in ["evil.example:9000", "localhost", "localhost:9001", "localhost.evil.example:9000", ""] {
            check(&[host], "/", false);
        }
        check(&[], "/", false);
        check(&["localhost:9000", "localhost:9000"], "/", false);
        check(&["localhost:9000"], "http://localhost:9000/", true);
        check(&["localhost:9000"], "http://evil.example:9000/", false);
        check(&["evil.example"], "http://localhost:9000/", false);
    }
}
