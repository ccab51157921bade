//! An HTTP/1.1 client that changes nothing: what is to be sent is sent to the byte.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Call {
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Replaces the value of a header that is there.
    pub fn with(mut self, name: &str, change: impl FnOnce(&str) -> String) -> Self {
        let header = self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).unwrap();
        header.1 = change(&header.1);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes_with("close")
    }

    fn bytes_with(&self, connection: &str) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\nconnection: {connection}\r\n\r\n", self.body.len()));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    pub async fn send(&self, address: SocketAddr) -> Answer {
        let has_host = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let call = if has_host { self.clone() } else { self.clone().header("host", &address.to_string()) };
        send(address, &call.bytes()).await.unwrap()
    }
}

/// A connection that stays open between its calls.
pub struct Connection {
    stream: TcpStream,
    address: SocketAddr,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), address }
    }

    pub async fn send(&mut self, call: &Call) -> Answer {
        let has_host = call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let call = if has_host { call.clone() } else { call.clone().header("host", &self.address.to_string()) };
        self.stream.write_all(&call.bytes_with("keep-alive")).await.unwrap();
        let mut received = Vec::new();
        loop {
            assert_ne!(self.stream.read_buf(&mut received).await.unwrap(), 0, "it closed in the middle: {call:?}");
            if let Some(answer) = read(&received) {
                return answer;
            }
        }
    }
}

/// Sends bytes; nothing if nobody is there, or if what came back is no answer.
pub async fn send(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut received = Vec::new();
    // The connection may stay open behind the answer.
    loop {
        let answer = read(&received);
        if answer.is_some() || matches!(stream.read_buf(&mut received).await, Ok(0) | Err(_)) {
            return answer;
        }
    }
}

/// The answer, if all of it is there.
fn read(received: &[u8]) -> Option<Answer> {
    let (head, body) = std::str::from_utf8(received).ok()?.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let answer = Answer { status, headers: lines.filter_map(header).collect(), body: body.to_owned() };
    let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
    (body.len() == length).then_some(answer)
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The target of the next page of a list.
    pub fn next_page(&self) -> Option<String> {
        let address = self.header("link")?.strip_prefix('<')?.split('>').next()?;
        Some(address[address.find("/test/")?..].to_owned())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error type of a refusal by the gateway, which must be one that a page can read.
    pub fn refusal(&self) -> &str {
        assert!((400..500).contains(&self.status), "{self:?}");
        assert_eq!(self.header("access-control-allow-origin"), Some("http://localhost:8080"), "{self:?}");
        let exposed = self.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
        assert!(exposed.contains("x-amzn-errortype") && exposed.contains("date"), "{exposed}");
        assert!(self.header("x-amzn-requestid").is_some() && self.header("date").is_some(), "{self:?}");
        assert!(self.json()["message"].is_string(), "{self:?}");
        self.header("x-amzn-errortype").unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The text of an XML element.
    pub fn xml(&self, element: &str) -> &str {
        let (_, rest) = self.body.split_once(&format!("<{element}>")).unwrap_or_else(|| panic!("{element}: {self:?}"));
        rest.split_once("</").unwrap().0
    }
}
