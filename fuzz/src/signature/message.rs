//! A request as it is written on the wire, and what it means to those behind the door.

use http::{HeaderName, HeaderValue, Method, Request, Uri};
use local_stack::walls::segments;

/// A request whose parts HTTP takes.
#[derive(Clone, Debug)]
pub struct Message {
    pub method: Method,
    pub uri: Uri,
    /// In their order, the same name maybe several times.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: String,
}

/// What is understood of a request. Two requests with one signature must be the same here.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning {
    method: Method,
    /// Decoded; none where the path has no reading.
    path: Option<Vec<String>>,
    /// Decoded, in the order of the names.
    query: Vec<(String, String)>,
    /// The signed ones.
    headers: Vec<(String, String)>,
    body: String,
}

impl Message {
    /// Reads a head and a body; lines may end in `\r\n`.
    pub fn read(text: &str) -> Option<Self> {
        let (head, body) = match text.split_once("\r\n\r\n").or_else(|| text.split_once("\n\n")) {
            Some((head, body)) => (head, body),
            None => (text, ""),
        };
        let mut lines = head.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let (method, rest) = lines.next()?.split_once(' ')?;
        let target = rest.strip_suffix(" HTTP/1.1")?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.parse().ok()?, value.trim_matches([' ', '\t']).parse().ok()?))
        };
        Some(Self {
            method: method.parse().ok()?,
            uri: target.parse().ok()?,
            headers: lines.filter(|line| !line.is_empty()).map(header).collect::<Option<_>>()?,
            body: body.to_owned(),
        })
    }

    /// As it is sent.
    pub fn write(&self) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {}\n", shown(value)));
        format!("{} {} HTTP/1.1\n{}\n{}", self.method, self.uri, headers.collect::<String>(), self.body)
    }

    /// As it arrives.
    pub fn request(&self) -> Request<Vec<u8>> {
        let mut request = Request::new(self.body.clone().into_bytes());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        request
    }

    /// The values of a header, without the spaces that don't count.
    pub fn values(&self, name: &HeaderName) -> Vec<String> {
        let of_name = self.headers.iter().filter(|(found, _)| found == name);
        of_name
            .map(|(_, value)| shown(value).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The names of the headers, each once, in order.
    pub fn names(&self) -> Vec<HeaderName> {
        let mut names: Vec<HeaderName> = self.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        names.dedup();
        names
    }

    /// The path without `//`, `.` and `..`, still encoded.
    pub fn normal_path(&self) -> String {
        let mut kept: Vec<&str> = Vec::new();
        for segment in self.uri.path().split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(kept.pop()),
                segment => kept.push(segment),
            }
        }
        let slash = if self.uri.path().ends_with('/') && !kept.is_empty() { "/" } else { "" };
        format!("/{}{slash}", kept.join("/"))
    }

    /// What is understood of it, with the headers of these names.
    pub fn meaning(&self, signed: &[HeaderName]) -> Meaning {
        let mut query = self.query();
        query.sort();
        let headers = signed.iter().map(|name| (name.to_string(), self.values(name).join(","))).collect();
        let (method, body) = (self.method.clone(), self.body.clone());
        Meaning { method, path: segments(&self.normal_path()), query, headers, body }
    }

    /// The parameters, decoded as the router does.
    pub fn query(&self) -> Vec<(String, String)> {
        let decoded = |text: &str| {
            let text = text.replace('+', " ");
            percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()
        };
        let pairs = self.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect()
    }

    /// Whether it has nothing that signers are known to write in different ways.
    pub fn is_plain(&self) -> bool {
        let words =
            |text: &str, more: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || more.as_bytes().contains(&b));
        let segments: Vec<&str> = self.uri.path().split('/').skip(1).collect();
        let names = self.names();
        self.uri.scheme().is_none()
            && self.uri.authority().is_none()
            && segments.iter().all(|segment| !segment.is_empty() && words(segment, "-_~"))
            && self.uri.query().is_none_or(|query| {
                query.split('&').all(|pair| !pair.is_empty() && pair.split('=').count() == 2) && words(query, "-_~.=&")
            })
            && self.query().iter().all(|(name, _)| !name.to_ascii_lowercase().starts_with("x-amz"))
            && names.len() == self.headers.len()
            && names.iter().any(|name| name == "host")
            && self.headers.iter().all(|(name, value)| {
                let text = value.to_str().unwrap_or_default();
                let odd = name.as_str().starts_with("x-amz") || name == "authorization";
                !odd && !text.is_empty() && !text.contains("  ") && !text.contains('\t')
            })
    }
}

/// A value that HTTP took from a text is one.
fn shown(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}
