//! `try-action` as a process.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn try_action(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_try-action")).args(arguments).current_dir(root).output().unwrap()
}

fn sample(name: &str) -> String {
    format!("infra/auth0/samples/{name}.json")
}

#[test]
fn every_sample_says_what_comes_of_it() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/auth0/samples");
    assert_eq!(std::fs::read_dir(samples).unwrap().count(), 5);
    for (name, status, expected) in [
        ("amazon", 0, "ID token      https://pets.example/role = \"buyer\""),
        ("google", 0, "ID token      https://pets.example/role = \"buyer\""),
        ("database", 0, "ID token      https://pets.example/role = \"admin\""),
        ("enterprise", 0, "ID token      no claims of its own"),
        ("linked", 1, "The login is denied: \"This account is linked"),
    ] {
        let output = try_action(&["--user", &sample(name)]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{name}: {text}");
        assert!(text.contains(expected), "{name}: {text}");
        assert_eq!(text.contains("logged        nothing"), name != "linked", "{name}: {text}");
    }
}

#[test]
fn a_role_that_is_asked_for_and_not_allowed_is_told() {
    let output = try_action(&["--user", &sample("amazon"), "--request-role", "admin"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(text.contains("asked for     \"admin\"") && text.contains("role = \"buyer\""), "{text}");
    assert!(text.contains("logged        asked for admin, allowed buyer"), "{text}");
    let output = try_action(&["--user", &sample("google"), "--social-connections", "amazon"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("no claims of its own"));
}

#[test]
fn bad_input_is_named_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let check = |arguments: &[&str], status: i32, expected: &str| {
        let output = try_action(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
        assert!(text.contains(expected), "{arguments:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    };
    check(&[], 2, "--user is missing");
    check(&["--role", "x"], 2, "--help");
    check(&["--user", "missing.json"], 1, "missing.json can't be read");
    check(&["--user", "infra"], 1, "infra can't be read");
    check(&["--user", file("text", "{").to_str().unwrap()], 1, "is no JSON");
    check(&["--user", file("user", r#"{"user_id": "amazon|1"}"#).to_str().unwrap()], 1, "put it under \"user\"");
    check(&["--user", file("large", &" ".repeat(200_000)).to_str().unwrap()], 1, "larger than 100 kB");
    let with = |action: PathBuf, expected: &str| {
        check(&["--user", &sample("amazon"), "--action", action.to_str().unwrap()], 1, expected);
    };
    with("missing.js".into(), "missing.js can't be read");
    with(file("bad.js", "const x = ;"), "bad.js:1:");
    with(file("empty.js", ""), "exports no function onExecutePostLogin");
    with(file("large.js", &" ".repeat(200_000)), "larger than 100 kB");

    let throws = file("throws.js", "exports.onExecutePostLogin = async () => {\n  nope();\n};");
    let output = try_action(&["--user", &sample("amazon"), "--action", throws.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("throws.js:2:") && text.contains("ReferenceError"), "{text}");
}
