//! `cargo xtask explain`: who may do what by the template's documents, and why. The work is `crates/explain`'s, whose
//! program reads the options.

use std::process::ExitCode;

use lexopt::Parser;

use crate::{failure::Result, program, project::Project, usage_error};

/// Passes the options on, and the program's exit status back.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    program::run(project, &["--package", "explain"], arguments.raw_args().map_err(usage_error)?)
}
