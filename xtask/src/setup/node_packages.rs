//! The npm packages of the browser tests, as `e2e/package-lock.json` has them.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Failure, Result},
    logged::Task,
    project::Project,
    setup::stamp,
};

/// What helps when npm fails.
pub const REMEDY: &str = "Try again where npm's registry can be reached, with Node 20 or newer.";

pub fn are_ready(project: &Project) -> bool {
    stamp::matches_file(&stamp_file(project), &lock_file(project))
}

/// `npm ci` begins by removing the folder with our stamp in it: what is interrupted counts as missing.
pub fn install(project: &Project) -> Result<()> {
    let mut command = npm(project)?;
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(project.root.join("e2e"));
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Task::new(project, "browser tests' packages", "npm ci").run(command).map_err(|failure| failure.remedy(REMEDY))?;
    stamp::write_file(&stamp_file(project), &lock_file(project))
}

/// The npm of the machine.
pub fn npm(project: &Project) -> Result<Command> {
    let file = project.which("npm").ok_or_else(|| {
        Failure::new("npm isn't there: it brings wasm-opt and the browser tests.")
            .remedy("Install Node 20 or newer with npm, then try again.")
    })?;
    let mut command = project.command(file);
    command.env("npm_config_update_notifier", "false");
    Ok(command)
}

fn lock_file(project: &Project) -> PathBuf {
    project.root.join("e2e/package-lock.json")
}

fn stamp_file(project: &Project) -> PathBuf {
    project.root.join("e2e/node_modules/.installed-package-lock.json")
}
