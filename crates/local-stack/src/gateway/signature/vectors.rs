//! The official Signature Version 4 vectors, read out of `aws-sigv4`'s package, replayed as requests that arrive.

use std::{fs, path::PathBuf, process::Command};

use http::Request;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{super::refusal::Refusal, *};

/// What can't arrive: the suite has these cases for signers, not for verifiers.
const NOT_REPLAYED: &[(&str, &str)] = &[
    ("get-header-value-multiline", "HTTP/1.1 has no header values over several lines"),
    ("get-space-normalized", "a request's path has no spaces"),
    ("get-space-unnormalized", "a request's path has no spaces"),
    ("post-sts-header-after", "a session token that isn't signed is refused here"),
    ("double-encode-path", "no official case: it comes without its secret"),
    ("double-url-encode", "no official case: it comes without its secret"),
];

struct Known(String);

impl Secret for Known {
    fn secret_access_key(&self) -> &str {
        &self.0
    }
}

fn suite() -> PathBuf {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let metadata = ["metadata", "--format-version=1", "--filter-platform", host, "--manifest-path", manifest];
    let metadata: Value = serde_json::from_str(&cargo(&metadata)).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let signer = packages.iter().find(|package| package["name"] == "aws-sigv4").unwrap();
    PathBuf::from(signer["manifest_path"].as_str().unwrap()).with_file_name("aws-signing-test-suite").join("v4")
}

fn request(text: &str) -> Request<Vec<u8>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, rest) = lines.next().unwrap().split_once(' ').unwrap();
    let target = rest.strip_suffix(" HTTP/1.1").unwrap();
    let mut request = Request::builder().method(method).uri(target.as_bytes());
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        request = request.header(name, value.trim());
    }
    request.body(body.as_bytes().to_vec()).unwrap()
}

/// Replays a file of a case, at its time or `later`.
fn replay(case: &std::path::Path, file: &str, later: Duration) -> Result<(), Refusal> {
    let context: Value = serde_json::from_str(&fs::read_to_string(case.join("context.json")).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let request = request(&fs::read_to_string(case.join(file)).unwrap());
    let target =
        Target { region: "us-east-1", service: "service", normalizes_path: context["normalize"].as_bool().unwrap() };
    let now = OffsetDateTime::parse(context["timestamp"].as_str().unwrap(), &Rfc3339).unwrap() + later;
    verify(&request, target, now, |id, token| {
        assert_eq!(context["credentials"]["access_key_id"], id);
        assert_eq!(text(&context["credentials"]["token"]).as_deref(), token);
        Ok(Known(text(&context["credentials"]["secret_access_key"]).unwrap()))
    })
    .map(|_| ())
}

#[test]
fn the_official_vectors_are_taken() {
    let mut replayed = 0;
    let mut skipped = Vec::new();
    for case in fs::read_dir(suite()).unwrap() {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        if NOT_REPLAYED.iter().any(|(known, _)| *known == name) {
            skipped.push(name);
            continue;
        }
        for file in ["header-signed-request.txt", "query-signed-request.txt"] {
            if let Err(refusal) = replay(&case, file, Duration::ZERO) {
                panic!("{name}/{file}: {refusal:?}");
            }
            assert!(
                matches!(replay(&case, file, Duration::hours(2)), Err(Refusal::InvalidSignature(why)) if why.contains("expired")),
                "{name}/{file} is late"
            );
            assert!(
                matches!(replay(&case, file, -Duration::minutes(6)), Err(Refusal::InvalidSignature(why)) if why.contains("not yet")),
                "{name}/{file} is early"
            );
        }
        replayed += 1;
    }
    assert_eq!((replayed, skipped.len()), (34, NOT_REPLAYED.len()));
}
