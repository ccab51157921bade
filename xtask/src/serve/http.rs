//! Asks a local server whether it serves. No client of HTTP is worth its compile time for that.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Whether `GET path` is answered with 200; each part of the exchange may take so long.
pub fn answers(address: SocketAddr, path: &str, patience: Duration) -> bool {
    status(address, path, patience).is_ok_and(|status| status == *b"200")
}

fn status(address: SocketAddr, path: &str, patience: Duration) -> std::io::Result<[u8; 3]> {
    let mut connection = TcpStream::connect_timeout(&address, patience)?;
    connection.set_read_timeout(Some(patience))?;
    connection.set_write_timeout(Some(patience))?;
    // In one piece: who answers after the first would reset the connection under the others.
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port());
    connection.write_all(request.as_bytes())?;
    let mut start = [0; "HTTP/1.1 200".len()];
    connection.read_exact(&mut start)?;
    let [.., a, b, c] = start;
    Ok([a, b, c])
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead as _, BufReader},
        net::TcpListener,
        thread,
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            // The whole request: closing with part of it unread would reset the connection.
            let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
            while !lines.next().unwrap().unwrap().is_empty() {}
            connection.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn only_success_counts_as_an_answer() {
        assert!(answers(server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), "/", LONG));
        assert!(!answers(server("HTTP/1.1 503 Service Unavailable\r\n\r\n"), "/", LONG));
        assert!(!answers(server("hello"), "/", LONG));
    }

    #[test]
    fn nobody_there_is_no_answer() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(!answers(address, "/", LONG));
    }
}
