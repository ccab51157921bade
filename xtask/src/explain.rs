//! `cargo xtask explain`: who may do what by the template's documents, and why. The work is `crates/explain`'s, whose
//! program reads the options.

use std::{
    env,
    process::{ExitCode, Stdio},
};

use lexopt::Parser;

use crate::{
    failure::{Doing as _, Result},
    project::Project,
    usage_error,
};

/// Passes the options on, and the program's exit status back.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--package", "explain", "--manifest-path"]).arg(project.root.join("Cargo.toml"));
    command.arg("--").args(arguments.raw_args().map_err(usage_error)?);
    let here = env::current_dir().doing(|| "find the current folder".into())?;
    let status = command.current_dir(here).stdin(Stdio::inherit()).status().doing(|| "run cargo".into())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
