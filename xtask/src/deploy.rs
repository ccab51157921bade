//! `cargo xtask deploy` and `cargo xtask destroy`. The work is `crates/deploy`'s, whose program reads the options. Here it
//! is told where the project's files are, and asked for what can be known to be wrong before the builds, which take
//! minutes; then the page and the functions are built, and then it goes.

use std::{
    env,
    ffi::OsString,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use lexopt::Parser;

use crate::{
    binary,
    build_lambda::{self, Architecture},
    failure::{Doing as _, Failure, Result},
    page,
    project::Project,
    setup::{self, PAGE},
    usage_error,
};

/// `cargo xtask deploy`.
pub fn deploy(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let mut arguments: Vec<OsString> = arguments.raw_args().map_err(usage_error)?.collect();
    let given = arguments.len();
    arguments.retain(|argument| argument != "--no-build");
    let builds = arguments.len() == given;
    let program = binary::build(project, "deploy")?;
    if builds && !asks_for_help(&arguments) {
        let mut check = command(project, &program, "check", &arguments)?;
        let Some(architecture) = checked(check.stdout(Stdio::piped()))? else { return Ok(ExitCode::FAILURE) };
        setup::ensure(project, &PAGE)?;
        println!("\nBuilding the page.");
        page::build(project)?;
        println!("\nBuilding the functions for {architecture}.");
        let architecture = Architecture::named(&architecture).ok_or_else(|| {
            Failure::new(format!("Nobody here knows how to build for {architecture}."))
                .remedy("Give the parameter Architecture a value that `cargo xtask build-lambda --help` lists.")
        })?;
        build_lambda::build(project, architecture)?;
        println!();
    }
    run(&mut command(project, &program, "deploy", &arguments)?)
}

/// `cargo xtask destroy`.
pub fn destroy(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let program = binary::build(project, "deploy")?;
    let mut command = project.command(program);
    command.arg("destroy").args(arguments.raw_args().map_err(usage_error)?);
    run(&mut command)
}

/// The program, told where the project's files are; what a person says of that goes over it.
fn command(project: &Project, program: &Path, name: &str, arguments: &[OsString]) -> Result<Command> {
    let mut command = project.command(program);
    command.arg(name);
    command.arg("--template").arg(project.root.join("infra/template.yaml"));
    command.arg("--dist").arg(page::dist(project)).arg("--functions").arg(project.root.join("target/lambda"));
    command.args(arguments).current_dir(env::current_dir().doing(|| "find the current folder".into())?);
    Ok(command)
}

fn asks_for_help(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--help" || argument == "-h")
}

/// Runs the checks with what they say shown; their last line is the architecture. Nothing when they failed.
fn checked(check: &mut Command) -> Result<Option<String>> {
    let mut child = check.spawn().doing(|| "start the checks".into())?;
    let mut architecture = None;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufReader::lines) {
        let line = line.doing(|| "read what the checks say".into())?;
        match line.strip_prefix("architecture=") {
            Some(name) => architecture = Some(name.to_owned()),
            None => println!("{line}"),
        }
    }
    let status = child.wait().doing(|| "wait for the checks".into())?;
    Ok(architecture.filter(|_| status.success()))
}

/// Runs the program at this terminal, where it asks.
fn run(command: &mut Command) -> Result<ExitCode> {
    let status = command.stdin(Stdio::inherit()).status().doing(|| "start the deploy".into())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Option<String> {
        checked(Command::new("sh").args(["-c", script]).stdout(Stdio::piped())).unwrap()
    }

    #[test]
    fn the_checks_say_what_to_build_for_and_only_when_they_pass() {
        assert_eq!(shell("echo Account 1.; echo architecture=x86_64").as_deref(), Some("x86_64"));
        assert_eq!(shell("echo architecture=x86_64; exit 1"), None);
        assert_eq!(shell("echo Account 1."), None);
    }
}
