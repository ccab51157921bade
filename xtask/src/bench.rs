//! `cargo xtask bench`: what the project measures of itself. The work is `crates/bench`'s, whose program reads the options;
//! here it gets what it measures: the local stack, optimised, and the release build of the page.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{ExitCode, ExitStatus, Stdio},
};

use lexopt::Parser;

use crate::{
    binary,
    failure::{Doing as _, Failure, Result},
    page,
    project::Project,
    setup::{self, EMULATOR, PAGE, Tool, WebToolchain},
    usage_error,
};

/// Cargo's profile for servers that are measured.
const PROFILE: &str = "measured";

/// What needs the page and a browser.
const BROWSER: [&str; 3] = ["first-load", "list", "signature"];

/// Builds what is to be measured, and measures it.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let given: Vec<OsString> = arguments.raw_args().map_err(usage_error)?.collect();
    let bench = built(project, "bench")?;
    // A path that a person gives is one where the person is.
    let here = env::current_dir().doing(|| "find the current folder".into())?;
    // It understands the options, or says what is wrong with them before more is built.
    let mut asked = project.command(&bench);
    let asked = asked.current_dir(&here).args(&given).arg("--parts").stderr(Stdio::inherit()).output();
    let asked = asked.doing(|| "run the bench".into())?;
    let parts = String::from_utf8_lossy(&asked.stdout).into_owned();
    if !asked.status.success() || given.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{parts}");
        return Ok(exit_code(asked.status));
    }

    let stack = stack(project)?;
    let in_browser = parts.lines().any(|part| BROWSER.contains(&part));
    let mut command = project.command(&bench);
    if in_browser || parts.lines().any(|part| part == "builds") {
        let tools: Vec<Tool> = PAGE.into_iter().chain([Tool::NodePackages, Tool::Chromium]).collect();
        setup::ensure(project, &tools)?;
        if let Some(toolchain) = WebToolchain::find(project) {
            command = toolchain.command(project, &bench);
        }
        let chromium = setup::chromium(project)
            .ok_or_else(|| Failure::new("Chromium is gone.").remedy("Try again: set-up installs it."))?;
        command.env("PETS_LOCAL_STACK", &stack).env("PETS_CHROMIUM", chromium);
    }
    if in_browser {
        command.env("PETS_DIST", dist(project)?);
    }
    // Others are measured if they are there; nothing is installed for it.
    if env::var_os("MINISTACK").is_none() && EMULATOR.is_ready(project) {
        command.env("MINISTACK", EMULATOR.program(project, "ministack"));
    }
    command.current_dir(here).stdin(Stdio::inherit()).args(&given);
    command.arg("--root").arg(&project.root).arg("--program").arg(&stack);
    command.arg("--data").arg(project.root.join("target/bench"));
    Ok(exit_code(command.status().doing(|| "run the bench".into())?))
}

fn exit_code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The local stack that a person names, or a new one.
fn stack(project: &Project) -> Result<PathBuf> {
    match named("PETS_LOCAL_STACK", "a program local-stack", Path::is_file)? {
        Some(stack) => Ok(stack),
        None => built(project, "local-stack"),
    }
}

/// What a variable names, if it is set. It is looked at before anything is measured.
fn named(variable: &str, what: &str, is_it: fn(&Path) -> bool) -> Result<Option<PathBuf>> {
    let Some(given) = env::var_os(variable) else { return Ok(None) };
    let remedy = format!("Unset {variable} and it is built, or let it name {what}.");
    match std::path::absolute(&given) {
        Ok(path) if is_it(&path) => Ok(Some(path)),
        _ => {
            let problem = format!("{variable} names {}, which isn't {what}.", Path::new(&given).display());
            Err(Failure::new(problem).remedy(remedy))
        }
    }
}

/// A package's program of the same name.
fn built(project: &Project, name: &str) -> Result<PathBuf> {
    binary::build_with(project, name, &["--package", "bench", "--package", "local-stack", "--profile", PROFILE])
}

/// The page that a person names, or a new one.
fn dist(project: &Project) -> Result<PathBuf> {
    let is_page = |dist: &Path| dist.join("index.html").is_file();
    if let Some(dist) = named("PETS_DIST", "a folder with the release build of the page", is_page)? {
        page::check(&dist)?;
        return Ok(dist);
    }
    page::build(project)?;
    Ok(page::dist(project))
}
