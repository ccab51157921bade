//! `cargo xtask size`: what the page weighs, against its budget. The work is `crates/page-size`'s.

use std::{
    ffi::OsString,
    path::Path,
    process::{ExitCode, Stdio},
};

use lexopt::Parser;

use crate::{
    failure::{Doing as _, Failure, Result},
    page, program,
    project::Project,
    setup::{self, PAGE},
    usage_error,
};

const BUDGET: &str = "docs/size-budget.toml";
const PROGRAM: [&str; 2] = ["--package", "page-size"];

/// Builds the page, unless a build is named, and weighs it.
pub fn run(project: &Project, mut arguments: Parser) -> Result<ExitCode> {
    let given: Vec<OsString> = arguments.raw_args().map_err(usage_error)?.collect();
    let mut all: Vec<OsString> = vec!["--budget".into(), project.root.join(BUDGET).into()];
    if !given.iter().any(|argument| ["--dist", "--help", "-h"].iter().any(|known| argument == known)) {
        setup::ensure(project, &PAGE)?;
        page::build(project)?;
        all.extend(["--dist".into(), page::dist(project).into()]);
    }
    program::run(project, &PROGRAM, all.into_iter().chain(given))
}

/// Weighs this build, with what is said shown.
pub fn check(project: &Project, dist: &Path) -> Result<()> {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet"]).args(PROGRAM).arg("--").arg("--dist").arg(dist);
    command.arg("--budget").arg(project.root.join(BUDGET)).stdin(Stdio::null());
    if command.status().doing(|| "run cargo".into())?.success() {
        return Ok(());
    }
    Err(Failure::new("The page breaks its budget.").remedy("What it weighs, and what to do, is above."))
}
