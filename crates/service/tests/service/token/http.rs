//! Keys over HTTP, from an issuer that behaves and from some that don't.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use service::{HttpKeySource, KeySource, KeySourceError, TokenVerifier, VerifierSettings};

use crate::issuer::{CLIENT, EC, claims, now};

/// Answers each path with a whole HTTP response, until it is dropped.
struct Issuer {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Issuer {
    /// `answer` is given the base URL and the path.
    fn start(answer: impl Fn(&str, &str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        thread::spawn({
            let (base, asked) = (base.clone(), Arc::clone(&asked));
            move || {
                for stream in listener.incoming() {
                    let Ok(stream) = stream else { return };
                    let path = request(&stream);
                    if path == "/stop" {
                        return;
                    }
                    let response = answer(&base, &path);
                    asked.lock().unwrap().push(path);
                    let _ = (&stream).write_all(response.as_bytes());
                }
            }
        });
        Self { base, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(self.base.trim_start_matches("http://")) {
            let _ = stream.write_all(b"GET /stop HTTP/1.1\r\n\r\n");
        }
    }
}

/// The path that is asked for.
fn request(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.find(String::is_empty);
    first.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn discovery(issuer: &str, jwks_uri: &str) -> String {
    ok(&serde_json::json!({"issuer": issuer, "jwks_uri": jwks_uri}).to_string())
}

fn key_set() -> String {
    ok(&serde_json::json!({"keys": [EC.jwk]}).to_string())
}

async fn fetch(issuer: &str) -> Result<(), KeySourceError> {
    HttpKeySource::new(issuer)?.fetch().await.map(|_| ())
}

#[tokio::test]
async fn an_issuer_is_discovered_with_and_without_its_slash() {
    for path in ["/idp/", "/idp", "", "/"] {
        let server = Issuer::start(move |base, asked| match asked {
            "/keys" => key_set(),
            _ => discovery(&format!("{base}{path}"), &format!("{base}/keys")),
        });
        let issuer = format!("{}{path}", server.base);
        let settings = VerifierSettings { issuer: issuer.clone(), audiences: vec![CLIENT.to_owned()] };
        let verifier = TokenVerifier::new(settings, Arc::new(HttpKeySource::new(&issuer).unwrap()));
        let mut claims = claims("amazon|fred", "fred");
        claims["iss"] = issuer.into();
        assert!(verifier.verify(&EC.token(&claims), now()).await.is_ok());
        let well_known = format!("{}/.well-known/openid-configuration", path.trim_end_matches('/'));
        assert_eq!(server.asked(), [well_known, "/keys".to_owned()]);
    }
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_refused() {
    for other in ["{}", "{}/idp", "{}/idp/x", "https://evil.example/idp/"] {
        let server = Issuer::start(move |base, _| discovery(&other.replace("{}", base), &format!("{base}/keys")));
        assert_eq!(fetch(&format!("{}/idp/", server.base)).await, Err(KeySourceError::OtherIssuer), "{other}");
        assert_eq!(server.asked().len(), 1, "its keys were not asked for");
    }
}

#[tokio::test]
async fn only_a_plain_answer_of_sensible_size_counts() {
    let answers: [fn(&str) -> String; 6] = [
        |base| {
            format!("HTTP/1.1 302 Found\r\nLocation: {base}/moved\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        },
        |_| "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        |_| "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".to_owned(),
        |_| ok(&format!("{{\"issuer\":\"{}\"}}", "x".repeat(300 * 1024))),
        |_| "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"iss".to_owned(),
        |_| "SSH-2.0-x\r\n".to_owned(),
    ];
    for answer in answers {
        let server = Issuer::start(move |base, _| answer(base));
        let outcome = fetch(&format!("{}/", server.base)).await;
        assert!(matches!(outcome, Err(KeySourceError::Unreachable { .. })), "{outcome:?}");
        assert_eq!(server.asked().len(), 1, "nothing was followed or repeated: {:?}", server.asked());
    }
    for body in ["", "<html>", "[]", "{\"issuer\":1}"] {
        let server = Issuer::start(move |_, _| ok(body));
        let outcome = fetch(&format!("{}/", server.base)).await;
        assert_eq!(outcome, Err(KeySourceError::Unreadable("the issuer's discovery document")), "{body}");
    }
}

#[tokio::test]
async fn plain_http_stays_on_this_machine() {
    for issuer in
        ["http://idp.example/", "http://127.0.0.1.example/", "ftp://localhost/", "localhost", "", "file:///etc/passwd"]
    {
        assert!(matches!(HttpKeySource::new(issuer).map(|_| ()), Err(KeySourceError::Url(_))), "{issuer}");
    }
    for issuer in ["https://idp.example/", "http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/"] {
        assert!(HttpKeySource::new(issuer).is_ok(), "{issuer}");
    }
    let server = Issuer::start(|base, _| discovery(&format!("{base}/"), "http://keys.example/jwks"));
    assert!(matches!(fetch(&format!("{}/", server.base)).await, Err(KeySourceError::Url(_))));
}

#[tokio::test]
async fn nobody_there_is_said_in_words() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = fetch(&issuer).await.unwrap_err();
    assert!(error.to_string().contains("discovery document can't be fetched"), "{error}");
}
