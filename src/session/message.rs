//! A request and its answer: as much of HTTP as the page speaks. The `http` crate's types hold whatever headers there
//! are, with tables, hashes and parsers for them. With those and a reader of dates, a visitor loaded 17.5 kB more
//! (Brotli), for three headers. A sender checks names, values and addresses in its own way, and refuses what is none.

use std::fmt;

/// What is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// In capitals.
    pub method: &'static str,
    /// Absolute, and encoded: it is sent, and signed, to the letter.
    pub url: String,
    /// Without `host`, which nobody but the sender sets.
    pub headers: Headers,
    /// Nothing where it is empty.
    pub body: Vec<u8>,
}

impl Request {
    /// Without headers and body.
    pub fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), headers: Headers::default(), body: Vec::new() }
    }

    /// Asks for what is at an address.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// The host, and the port if there is one.
    pub fn authority(&self) -> &str {
        self.parts().0
    }

    /// The path, which is never empty.
    pub fn path(&self) -> &str {
        let path = self.parts().1.split('?').next().unwrap_or_default();
        if path.is_empty() { "/" } else { path }
    }

    /// What stands behind the first question mark, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.parts().1.split_once('?').map(|(_, query)| query)
    }

    /// The authority and what stands behind it, but for what is never sent.
    fn parts(&self) -> (&str, &str) {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let end = rest.bytes().position(|byte| b"/?#".contains(&byte)).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        (authority, target.split('#').next().unwrap_or_default())
    }
}

/// What came.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status, as `200`.
    pub status: u16,
    /// When the server sent it by its own clock (`Date`), in milliseconds since 1970: nothing where it doesn't say so, or
    /// isn't heard. This alone tells the time.
    pub date_ms: Option<i64>,
    /// Foreign text: of any length, with any characters.
    pub headers: Headers,
    /// As it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// One without headers.
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, date_ms: None, headers: Headers::default(), body }
    }

    /// Whether the server did what it was asked for.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the server says that it was asked wrongly.
    pub fn is_client_error(&self) -> bool {
        (400..500).contains(&self.status)
    }
}

/// Headers in their order. A name is the same in small and in capital letters, and may be there more than once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All of this name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Puts it in the place of all of this name, which is in small letters.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.0.retain(|(held, _)| !held.eq_ignore_ascii_case(name));
        self.append(name, value);
    }

    /// Adds it to those that are there.
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl fmt::Debug for Request {
    /// Without what is in headers and body: that may be secret.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, url, headers, .. } = self;
        to.debug_struct("Request")
            .field("method", method)
            .field("url", url)
            .field("headers", headers)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    /// Without what is in headers and body: that may be secret.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { status, headers, .. } = self;
        to.debug_struct("Answer").field("status", status).field("headers", headers).finish_non_exhaustive()
    }
}

impl fmt::Debug for Headers {
    /// Their names.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_in_no_debug_output() {
        let mut request = Request::new("POST", "https://api.example/pets?limit=1");
        request.headers.set("authorization", "top-secret");
        request.body = b"top-secret".to_vec();
        let answer = Answer { headers: request.headers.clone(), ..Answer::new(200, b"top-secret".to_vec()) };
        let text = format!("{request:?} {answer:?} {:#?}", answer.headers);
        assert!(!text.contains("top-secret") && !text.contains(&format!("{:?}", request.body)), "{text}");
        assert!(text.contains("POST") && text.contains("/pets?limit=1") && text.contains("200"), "{text}");
        assert_eq!(text.matches("authorization").count(), 3, "{text}");
    }

    #[test]
    fn a_header_is_found_in_small_and_in_capital_letters() {
        let mut headers = Headers::default();
        headers.append("Link", "a");
        headers.append("date", "b");
        headers.append("LINK", "c");
        assert_eq!((headers.get("link"), headers.get("Date"), headers.get("li")), (Some("a"), Some("b"), None));
        assert!(headers.all("link").eq(["a", "c"]));
        headers.set("link", "d");
        assert!(headers.iter().eq([("date", "b"), ("link", "d")]));
    }

    #[test]
    fn an_address_is_taken_apart() {
        for (url, authority, path, query) in [
            ("https://a.example/b/c?d=e?f#g", "a.example", "/b/c", Some("d=e?f")),
            ("http://[::1]:9000/", "[::1]:9000", "/", None),
            ("https://a:443?b=://c/d", "a:443", "/", Some("b=://c/d")),
            ("https://a#b?c", "a", "/", None),
            ("https://a/?", "a", "/", Some("")),
            ("https://", "", "/", None),
            ("/pets", "", "/", None),
            ("", "", "/", None),
        ] {
            let request = Request::get(url);
            assert_eq!((request.authority(), request.path(), request.query()), (authority, path, query), "{url}");
        }
    }
}
