//! Commands whose work is another package's program: the options are passed on as they are.

use std::{
    env,
    ffi::OsString,
    process::{ExitCode, Stdio},
};

use crate::{
    failure::{Doing as _, Result},
    project::Project,
};

/// Runs this package's program where the person is, and passes back how it ended.
pub fn run(project: &Project, cargo: &[&str], arguments: impl IntoIterator<Item = OsString>) -> Result<ExitCode> {
    let mut command = project.command("cargo");
    command.args(["run", "--quiet"]).args(cargo).arg("--manifest-path").arg(project.root.join("Cargo.toml"));
    command.arg("--").args(arguments);
    let here = env::current_dir().doing(|| "find the current folder".into())?;
    let status = command.current_dir(here).stdin(Stdio::inherit()).status().doing(|| "run cargo".into())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
