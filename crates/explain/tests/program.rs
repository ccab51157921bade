//! The program as a person runs it: who asks from each source, what is printed, and the exit status.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const ISSUER: &str = "https://localhost:9000/idp/";
const SIGNATURE: &str = "c2lnbmF0dXJl-never-shown";

fn explain(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_explain"));
    command.args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that is called wrongly doesn't read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn token(claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{SIGNATURE}", part(&json!({ "alg": "RS256" })), part(claims))
}

fn claims(subject: &str) -> Value {
    json!({ "iss": ISSUER, "sub": subject, "aud": "pets-spa", "exp": 4_000_000_000_u64, "nonce": "n" })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[test]
fn the_exit_status_says_how_it_ended() {
    let status = |arguments: &[&str]| explain(arguments, "").0;
    assert_eq!(status(&["--sub", "auth0|betty", "--call", "POST /pets"]), 0);
    assert_eq!(status(&["--sub", "amazon|fred", "--call", "POST /pets"]), 1);
    assert_eq!(status(&["--sub", "amazon|fred", "--role", "auth0-api-role"]), 1);
    assert_eq!(status(&["--call", "GET /pets?limit=1"]), 0);
    assert_eq!(status(&["--call", "POST /pets"]), 1);
    assert_eq!(status(&["--matrix"]), 0);
    assert_eq!(status(&["--help"]), 0);
    assert_eq!(status(&["--nonsense"]), 2);
    assert_eq!(status(&["--matrix", "--template", "nowhere.yaml"]), 2);
    assert_eq!(status(&["--matrix", "--parameter", "Nothing=1"]), 2);
    let (status, _, error) = explain(&["--matrix", "--template", "infra/template.yaml"], "");
    assert_eq!(status, 2, "{error}");
    assert!(error.contains("--parameter Auth0Domain="), "{error}");
}

#[test]
fn a_call_that_the_api_lacks_is_told_what_it_has() {
    let check = |call: &str, words: &str| {
        let (status, out, _) = explain(&["--call", call], "");
        assert!(status == 1 && out.contains(words), "{call}: {out}");
    };
    check("PUT /pets", "This path has GET and POST.");
    check("PATCH /pets/7", "This path has DELETE.");
    check("GET /pets/", "Ask for GET /pets\n");
    check("GET //pets", "each slash to the letter");
    check("GET /test/pets", "The stage is no part");
    check("GET /orders", "/pets/{petId}");
}

#[test]
fn a_token_says_who_asks_and_is_never_shown() {
    let ask = |claims: &Value| {
        let token = token(claims);
        let (status, out, error) = explain(&["--token", "-", "--call", "POST /pets/purchase"], &format!("{token}\n"));
        for part in token.split('.') {
            assert!(!out.contains(part) && !error.contains(part), "{out}{error}");
        }
        (status, out + &error)
    };
    let check = |claims: Value, status: i32, words: &str| {
        let (is, said) = ask(&claims);
        assert_eq!(is, status, "{claims}: {said}");
        assert!(said.contains(words), "{claims}: {said}");
    };
    check(claims("amazon|fred"), 0, "not checked: no server is asked");
    check(claims("auth0|betty"), 1, "no statement allows it");
    check(with(claims("amazon|fred"), "exp", json!(1_700_000_000)), 1, "ExpiredTokenException");
    check(with(claims("amazon|fred"), "exp", Value::Null), 1, "no exp");
    check(with(claims("amazon|fred"), "nbf", json!(3_900_000_000_u64)), 1, "begins at 2093");
    check(with(claims("amazon|fred"), "aud", json!("other")), 1, "audience");
    check(with(claims("amazon|fred"), "aud", json!(["api", "pets-spa"])), 2, "azp");
    let several = with(claims("amazon|fred"), "aud", json!(["api", "pets-spa"]));
    check(with(several, "azp", json!("pets-spa")), 0, "✓ allowed");
    check(json!({ "sub": "amazon|fred" }), 2, "iss, sub and aud");
    for text in ["", "a.b", "a.b.c", "....", "e30.e30.e30"] {
        assert_eq!(explain(&["--token", "-"], text).0, 2, "{text}");
    }
}

#[test]
fn a_token_that_has_ended_takes_nothing_from_what_everybody_may() {
    let ended = token(&with(claims("amazon|fred"), "exp", json!(1_700_000_000)));
    assert_eq!(explain(&["--token", "-", "--call", "GET /pets"], &ended).0, 0);
    assert_eq!(explain(&["--token", "-"], &ended).0, 1);
}

const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261123/us-east-1/execute-api/aws4_request, \
                             SignedHeaders=host;x-amz-date, Signature=5ec2e7";

#[test]
fn a_recorded_call_of_the_api_is_explained() {
    let call = |head: &str, body: &str| format!("{head} HTTP/1.1\r\nHost: localhost:9000\r\n{body}");
    let signed = format!("Authorization: {AUTHORIZATION}\r\nX-Amz-Security-Token: sealed-session\r\n");
    let purchase = json!({ "petId": 1, "authToken": token(&claims("amazon|fred")) }).to_string();
    let recorded = call("POST /test/pets/purchase", &format!("{signed}\r\n{purchase}"));
    let (status, out, error) = explain(&["--request", "-"], &recorded);
    assert_eq!(status, 0, "{error}");
    for secret in ["5ec2e7", "sealed-session", SIGNATURE, "ASIAEXAMPLE"] {
        assert!(!out.contains(secret) && !error.contains(secret), "{out}");
    }
    let mine = format!("{signed}X-Identity-Token: {}\r\n\r\n", token(&claims("amazon|fred")));
    assert_eq!(explain(&["--request", "-"], &call("GET /test/pets/purchases?x=1", &mine)).0, 0);
    // Nothing in it says who signed.
    let removal = call("DELETE http://localhost:9000/test/pets/1", &format!("{signed}\r\n"));
    let (status, _, error) = explain(&["--request", "-"], &removal);
    assert!(status == 2 && error.contains("--sub"), "{error}");
    assert_eq!(explain(&["--request", "-", "--sub", "auth0|betty"], &removal).0, 0);
    assert_eq!(explain(&["--request", "-", "--sub", "amazon|fred"], &removal).0, 1);
    // Nobody signed.
    let (status, out, _) = explain(&["--request", "-"], &call("DELETE /test/pets/1", "\r\n"));
    assert!(status == 1 && out.contains("MissingAuthenticationToken"), "{out}");
    for elsewhere in ["GET /healthz", "GET /prod/pets", "OPTIONS /test/pets"] {
        let (status, _, error) = explain(&["--request", "-"], &call(elsewhere, "\r\n"));
        assert!(status == 2 && error.contains("its stage is test"), "{elsewhere}: {error}");
    }
    for noise in ["", "hello", "GET /x", "{}", "{\"log\": 1}", "GET / HTTP/1.1\nnonsense\n\n"] {
        assert_eq!(explain(&["--request", "-"], noise).0, 2, "{noise}");
    }
}

#[test]
fn a_har_is_read_as_browsers_save_it() {
    let role = "arn:aws:iam::123456789012:role/auth0-api-role";
    let form: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role)])
        .append_pair("WebIdentityToken", &token(&claims("amazon|fred")))
        .finish();
    let entry = |method: &str, url: &str, body: &str| {
        json!({ "request": { "method": method, "url": url, "headers": [{ "name": "authorization", "value": AUTHORIZATION }],
                             "postData": { "mimeType": "x", "text": body } } })
    };
    let har = |entries: Vec<Value>| json!({ "log": { "version": "1.2", "entries": entries } }).to_string();
    let sts = entry("POST", "http://localhost:9000/sts/", &form);
    let (status, out, _) =
        explain(&["--request", "-"], &har(vec![entry("GET", "http://x/config.json", ""), sts.clone()]));
    assert_eq!(status, 1);
    assert!(out.contains("auth0-api-role is asked for; the app would pick auth0-api-social-role"), "{out}");
    let both = har(vec![sts, entry("DELETE", "http://localhost:9000/test/pets/1", "")]);
    let (status, _, error) = explain(&["--request", "-"], &both);
    assert!(status == 2 && error.contains("--entry") && error.contains("2  DELETE /test/pets/1"), "{error}");
    assert_eq!(explain(&["--request", "-", "--entry", "2", "--sub", "auth0|betty"], &both).0, 0);
    assert_eq!(explain(&["--request", "-", "--entry", "3"], &both).0, 2);
}

#[test]
fn json_holds_what_the_text_says() {
    let (status, out, _) = explain(&["--sub", "amazon|fred", "--call", "DELETE /pets/1", "--json"], "");
    let journey: domain::Journey = serde_json::from_str(&out).unwrap();
    assert_eq!((status, journey.verdict, journey.steps.len()), (1, domain::Verdict::Refused, 5));
    assert!(!journey.steps[4].advice.is_empty());
    let (_, out, _) = explain(&["--matrix", "--json"], "");
    let table: domain::AccessTable = serde_json::from_str(&out).unwrap();
    assert_eq!((table.roles.len(), table.calls.len()), (3, 6));
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let call = ["--sub", "amazon|fred", "--call", "GET /pets"];
    assert!(!explain(&call, "").1.contains('\u{1b}'));
    assert!(explain(&[&call[..], &["--color"]].concat(), "").1.contains('\u{1b}'));
}

#[test]
fn a_terminal_takes_no_orders_from_what_is_asked() {
    let (status, out, error) = explain(&["--sub", "amazon|\u{1b}[2J\u{202e}x", "--call", "POST /pets"], "");
    assert_eq!(status, 1);
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}') && out.contains("\\u{1b}"), "{out}");
    assert!(error.is_empty());
    let (_, _, error) = explain(&["--call", "\u{1b}]0;x"], "");
    assert!(!error.contains('\u{1b}'), "{error}");
}

#[test]
fn another_template_is_explained_from_its_own_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.json");
    let document = json!({
        "Resources": {
            "Trusted": { "Type": "AWS::IAM::OIDCProvider", "Properties": {
                "Url": "https://token.actions.githubusercontent.com", "ClientIdList": ["sts.amazonaws.com"] } },
            "Deployer": { "Type": "AWS::IAM::Role", "Properties": {
                "RoleName": "deployer",
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Federated": { "Ref": "Trusted" } },
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                        "StringLike": { "token.actions.githubusercontent.com:sub": "repo:pets/shop:ref:refs/heads/main" }
                    }
                }] },
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"]
            } },
            "Queue": { "Type": "AWS::SQS::Queue" }
        }
    });
    fs::write(&file, document.to_string()).unwrap();
    let ask = |sub: &str| explain(&["--template", file.to_str().unwrap(), "--role", "deployer", "--sub", sub], "");
    assert_eq!(ask("repo:pets/other:ref:refs/heads/main").0, 1);
    // What the managed policy allows isn't in the file; who may assume the role is.
    assert_eq!(ask("repo:pets/shop:ref:refs/heads/main").0, 0);
}
