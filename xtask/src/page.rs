//! The page as Trunk builds it: the command for it, and what a finished build must have.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
    setup::WebToolchain,
};

/// Trunk with the tools of set-up, and with what it would otherwise trip over in a person's environment.
pub fn trunk(project: &Project) -> Result<Command> {
    let toolchain = WebToolchain::find(project)
        .ok_or_else(|| Failure::new("The compiler for wasm32 is gone.").remedy("Try again: set-up installs it."))?;
    let mut command = toolchain.command(project, "trunk");
    command.arg("--skip-version-check");
    // Trunk takes `true` and `false` for it only, while the convention is any value.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    Ok(command)
}

/// Where the release build of the page is.
pub fn dist(project: &Project) -> PathBuf {
    project.root.join("dist")
}

/// Makes the release build, with what the tools say shown, and looks whether it is whole.
pub fn build(project: &Project) -> Result<()> {
    let status = trunk(project)?.args(["build", "--release"]).status().doing(|| "run trunk".into())?;
    if !status.success() {
        return Err(Failure::new("The page doesn't build.").remedy("What Trunk says is above."));
    }
    check(&dist(project))
}

/// Looks whether a release build is whole: a page that is missing a file shows that only in the browser.
pub fn check(dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).doing(|| format!("read {}", index.display()))?;
    let references = references(&html);
    let mut faults = Vec::new();
    // Each environment has a configuration of its own.
    for reference in references.iter().filter(|reference| *reference != "config.json") {
        if !dist.join(reference).is_file() {
            faults.push(format!("index.html refers to {reference}, which isn't there"));
        }
    }
    let wasm = references.iter().find(|reference| reference.ends_with(".wasm"));
    match wasm.map(|wasm| fs::read(dist.join(wasm))) {
        Some(Ok(bytes)) if bytes.starts_with(b"\0asm") => {}
        _ => faults.push("index.html refers to no WASM module".into()),
    }
    if !html.contains("<noscript") {
        faults.push("index.html has nothing to say where JavaScript is off".into());
    }
    if html.contains("data-trunk") {
        faults.push("index.html has a `data-trunk` that Trunk didn't replace".into());
    }
    if html.contains("data-wasm") {
        faults.push("index.html isn't sealed: Trunk's hook in Trunk.toml didn't run".into());
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new("The built page isn't whole.").output(faults)) }
}

/// The files of the same site that a page refers to, without a leading slash.
fn references(html: &str) -> Vec<String> {
    let mut references: Vec<String> = Vec::new();
    // Minification drops quotes, and a worker's address is in no link: all that looks like a path of the site counts.
    for (start, _) in html.match_indices('/') {
        let before = html[..start].chars().next_back();
        if !matches!(before, Some('"' | '\'' | '=' | '`')) {
            continue;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        let path: String = html[start + 1..].chars().take_while(|c| is_part(*c)).collect();
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if is_file && !path.starts_with('/') && !references.contains(&path) {
            references.push(path);
        }
    }
    references
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "<!doctype html><link rel=preload href=/config.json>\
        <link rel=stylesheet href=/base-1.css><link rel=\"icon\" href=\"/icon.svg\">\
        <a href=\"https://example.org/x.html\"></a><a href=/login></a><noscript>x</noscript>\
        <link href=/pets-1.wasm rel=preload><script type=module src=\"/pets-1.js\"></script>";

    fn build(html: &str, files: &[&str]) -> tempfile::TempDir {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("index.html"), html).unwrap();
        for file in files {
            fs::write(dist.path().join(file), if file.ends_with(".wasm") { "\0asm" } else { "" }).unwrap();
        }
        dist
    }

    #[test]
    fn references_are_files_of_the_same_site() {
        assert_eq!(references(WHOLE), ["config.json", "base-1.css", "icon.svg", "pets-1.wasm", "pets-1.js"]);
    }

    #[test]
    fn a_whole_page_passes() {
        let dist = build(WHOLE, &["base-1.css", "icon.svg", "pets-1.js", "pets-1.wasm"]);
        check(dist.path()).unwrap();
    }

    #[test]
    fn every_fault_is_named() {
        let html =
            WHOLE.replace("noscript", "div").replace("<a ", "<a data-trunk ").replace("<script", "<script data-wasm=x");
        let dist = build(&html, &["base-1.css", "icon.svg", "pets-1.js"]);
        let failure = check(dist.path()).unwrap_err();
        for fault in
            ["pets-1.wasm, which isn't there", "no WASM module", "JavaScript is off", "data-trunk", "isn't sealed"]
        {
            assert!(failure.mentions(fault), "{fault}: {failure}");
        }
    }
}
