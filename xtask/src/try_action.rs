//! `cargo xtask try-action`: runs the tenant's post-login Action for a sample user. The work is `crates/post-login`'s,
//! whose program reads the options; it is told where the Action is, so that this works in any folder of the project.

use std::process::ExitCode;

use lexopt::Parser;

use crate::{failure::Result, program, project::Project, usage_error};

const ACTION: &str = "infra/auth0/actions/post-login/code.js";

/// Passes the options on, and the program's exit status back.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let action = ["--action".into(), project.root.join(ACTION).into()];
    let given = arguments.raw_args().map_err(usage_error)?;
    program::run(project, &["--package", "post-login", "--bin", "try-action"], action.into_iter().chain(given))
}
