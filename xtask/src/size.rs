//! `cargo xtask size`: what the page weighs, against its budget. The work is `crates/page-size`'s.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
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
    if given.iter().any(|argument| argument == "--inside") {
        setup::ensure(project, &PAGE)?;
        return program::run(project, &PROGRAM, ["--module".into(), named_module(project)?.into()]);
    }
    let mut all: Vec<OsString> = vec!["--budget".into(), project.root.join(BUDGET).into()];
    if !given.iter().any(|argument| ["--dist", "--help", "-h"].iter().any(|known| argument == known)) {
        setup::ensure(project, &PAGE)?;
        page::build(project)?;
        all.extend(["--dist".into(), page::dist(project).into()]);
    }
    program::run(project, &PROGRAM, all.into_iter().chain(given))
}

/// The page's module with names that tell for whom a generic function was made. It is another build than the page's own, and
/// has a folder of its own, lest each undoes the other.
fn named_module(project: &Project) -> Result<PathBuf> {
    let target = project.root.join("target/names");
    let mut command = project.command("cargo");
    command.args([
        "build",
        "--quiet",
        "--release",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "pets",
        "--bin",
        "pets",
    ]);
    // Beside the flags of `.cargo/config.toml`; the environment's would take their place.
    let names = "target.wasm32-unknown-unknown.rustflags=['-Csymbol-mangling-version=v0']";
    command.arg("--target-dir").arg(&target).args(["--config", names]);
    if command.status().doing(|| "run cargo".into())?.success() {
        return Ok(target.join("wasm32-unknown-unknown/release/pets.wasm"));
    }
    Err(Failure::new("The page can't be built.").remedy("Why is above."))
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
