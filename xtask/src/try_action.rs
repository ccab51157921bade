//! `cargo xtask try-action`: runs the tenant's post-login Action for a sample user. The work is `crates/post-login`'s,
//! whose program reads the options; it is told where the Action is, so that this works in any folder of the project.

use std::{env, process::ExitCode};

use lexopt::Parser;

use crate::{
    failure::{Doing as _, Result},
    project::Project,
    usage_error,
};

const ACTION: &str = "infra/auth0/actions/post-login/code.js";

/// Passes the options on, and the program's exit status back.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--package", "post-login", "--bin", "try-action", "--manifest-path"]);
    command.arg(project.root.join("Cargo.toml")).arg("--").arg("--action").arg(project.root.join(ACTION));
    command.args(arguments.raw_args().map_err(usage_error)?);
    let here = env::current_dir().doing(|| "find the current folder".into())?;
    let status = command.current_dir(here).status().doing(|| "run cargo".into())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
