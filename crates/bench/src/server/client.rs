//! An HTTP/1.1 client that costs as little as it can: bytes that were made beforehand go out on a connection that stays
//! open, and of an answer only the status and the length are read. The two cores are for the server.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use super::timing::Round;
use crate::failure::{Doing, Failure, Result};

/// A request as it goes over the wire.
pub type Bytes = Vec<u8>;

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.doing("connect to the server")?;
        stream.set_nodelay(true).doing("connect to the server")?;
        Ok(Self { stream, received: Vec::with_capacity(32 * 1024) })
    }

    /// Sends a request and reads the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await.doing("send a request")?;
        self.received.clear();
        loop {
            if let Some((head, length)) = head(&self.received)? {
                let end = head + length;
                while self.received.len() < end {
                    self.read().await?;
                }
                let text = String::from_utf8_lossy(&self.received[..head]);
                let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
                return Ok(Answer { status, body: self.received[head..end].to_vec() });
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.received).await.doing("read an answer")? {
            0 => Err(Failure::wrong("the server closed a connection that should stay open")),
            _ => Ok(()),
        }
    }
}

/// Where the body begins and how long it is, if the head is there.
fn head(received: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(&received[..end]);
    let value = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    value.map(|length| Some((end + 4, length))).ok_or_else(|| Failure::wrong("an answer says no length"))
}

/// A request without a body.
pub fn get(target: &str, address: SocketAddr) -> Bytes {
    format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes()
}

/// Sends the requests of each connection one after another, all connections at once. Every answer must be 200.
pub async fn drive(address: SocketAddr, requests: Vec<Vec<Bytes>>) -> Result<Round> {
    let mut connections = Vec::with_capacity(requests.len());
    for requests in requests {
        connections.push((Connection::open(address).await?, requests));
    }
    let mut running = JoinSet::new();
    let start = Instant::now();
    for (mut connection, requests) in connections {
        running.spawn(async move {
            let mut times: Vec<Duration> = Vec::with_capacity(requests.len());
            for request in requests {
                let sent = Instant::now();
                let answer = connection.ask(&request).await?;
                times.push(sent.elapsed());
                if answer.status != 200 {
                    let body = String::from_utf8_lossy(&answer.body).into_owned();
                    return Err(Failure::wrong(format!("the server answered {}: {body}", answer.status)));
                }
            }
            Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = running.join_next().await {
        times.extend(done.map_err(Failure::wrong)??);
    }
    Ok(Round::new(start.elapsed(), times))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() {
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap(), Some((38, 2)));
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap(), None);
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err(), "without a length nobody knows where the next one begins");
    }
}
