//! Asks a local server whether it serves. No client of HTTP is worth its compile time for that.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(1);

/// Whether `GET path` is answered with 200 within a second.
pub fn answers(address: SocketAddr, path: &str) -> bool {
    status(address, path).is_ok_and(|status| status == *b"200")
}

fn status(address: SocketAddr, path: &str) -> std::io::Result<[u8; 3]> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    write!(connection, "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port())?;
    let mut start = [0; "HTTP/1.1 200".len()];
    connection.read_exact(&mut start)?;
    let [.., a, b, c] = start;
    Ok([a, b, c])
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read(&mut [0; 512]).unwrap();
            connection.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_success_counts_as_an_answer() {
        assert!(answers(server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), "/"));
        assert!(!answers(server("HTTP/1.1 503 Service Unavailable\r\n\r\n"), "/"));
        assert!(!answers(server("hello"), "/"));
    }

    #[test]
    fn nobody_there_is_no_answer() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(!answers(address, "/"));
    }
}
