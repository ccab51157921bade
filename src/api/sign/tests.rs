use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use sha2::{Digest, Sha256};

use super::*;

/// The signature as the specification's four steps make it, written out by hand for one request.
fn by_hand(method: &str, path: &str, query: &str, headers: &[(&str, &str)], body: &str) -> String {
    let canonical_headers: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let hash = hex::encode(Sha256::digest(body));
    let canonical = format!("{method}\n{path}\n{query}\n{canonical_headers}\n{}\n{hash}", names.join(";"));
    let scope = "20270115/eu-west-1/execute-api/aws4_request";
    let to_sign = format!("AWS4-HMAC-SHA256\n20270115T080000Z\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let mut key = b"AWS4secret/+".to_vec();
    for part in ["20270115", "eu-west-1", "execute-api", "aws4_request", &to_sign] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(part.as_bytes());
        key = mac.finalize().into_bytes().to_vec();
    }
    let signature = hex::encode(key);
    format!("AWS4-HMAC-SHA256 Credential=ASIA1/{scope}, SignedHeaders={}, Signature={signature}", names.join(";"))
}

fn signed(method: Method, uri: &str, headers: &[(&'static str, &str)], body: &str) -> Request<Vec<u8>> {
    let mut request = Request::new(body.as_bytes().to_vec());
    *request.method_mut() = method;
    *request.uri_mut() = uri.parse().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let keys = Credentials::new("ASIA1", "secret/+", Some("token/+=".to_owned()), None, "test");
    sign(&mut request, &keys, "eu-west-1", 1_800_000_000_000);
    request
}

#[test]
fn a_signature_is_the_one_of_the_specification() {
    let body = r#"{"petId":1}"#;
    let json = [("content-type", "application/json")];
    let request = signed(Method::POST, "https://api.example/test/pets/purchase", &json, body);
    assert_eq!(request.headers()["x-amz-date"], "20270115T080000Z");
    let headers = [
        ("content-type", "application/json"),
        ("host", "api.example"),
        ("x-amz-date", "20270115T080000Z"),
        ("x-amz-security-token", "token/+="),
    ];
    let expected = by_hand("POST", "/test/pets/purchase", "", &headers, body);
    assert_eq!(request.headers()["authorization"], expected);
    assert_eq!(request.headers().len(), 4);
}

#[test]
fn the_identity_token_and_the_cursor_are_signed_too() {
    let token = [("x-identity-token", "a.b.c")];
    let request = signed(Method::GET, "http://localhost:9000/test/pets/purchases?cursor=a%2Fb~c", &token, "");
    let headers = [
        ("host", "localhost:9000"),
        ("x-amz-date", "20270115T080000Z"),
        ("x-amz-security-token", "token/+="),
        ("x-identity-token", "a.b.c"),
    ];
    let expected = by_hand("GET", "/test/pets/purchases", "cursor=a%2Fb~c", &headers, "");
    assert_eq!(request.headers()["authorization"], expected);
}
