//! A template with a common mistake in it, asked as a person would: the program has to name the mistake, and the line.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path, process::Command};

#[path = "../src/mistakes/cases.rs"]
mod cases;

use cases::{Case, each_mistake};

/// However the lines are broken.
fn squashed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn check(case: &Case) {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml");
    let source = case.source(&fs::read_to_string(template).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mistaken.yaml");
    fs::write(&file, &source).unwrap();

    let mut command = Command::new(env!("CARGO_BIN_EXE_explain"));
    command.arg("--template").arg(&file).args(["--sub", case.sub, "--call", case.call, "--no-color"]);
    for parameter in ["Auth0Domain=tenant.auth0.com", "IssuerPath=/", "Auth0ClientId=pets-spa"] {
        command.args(["--parameter", parameter]);
    }
    for (option, value) in case.more {
        command.args([option, value]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();

    assert_eq!(output.status.code(), Some(i32::from(!case.allowed)), "{said}{errors}");
    assert_eq!(errors, "");
    let (_, advice) = said.split_once("To change it:").unwrap_or_else(|| panic!("{said}"));
    let advice = squashed(advice);
    for expected in [case.says, case.remedy] {
        assert!(advice.contains(&squashed(expected)), "{expected}\nisn't in\n{said}");
    }
    let lines = source.lines().enumerate().filter(|(_, line)| line.contains(case.at));
    let mut places = lines.map(|(index, _)| format!("mistaken.yaml:{}", index + 1));
    assert!(places.any(|place| advice.contains(&place)), "no line with {} in\n{said}", case.at);
}

macro_rules! end_to_end {
    ($($name:ident: $case:ident,)*) => { $(#[test] fn $name() { check(&cases::$case) })* };
}
each_mistake!(end_to_end);
