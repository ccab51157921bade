//! How long the builds take: from nothing, and from one changed line to the page that shows it. Each in folders of
//! its own, so that nobody's builds are thrown away.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    browser,
    failure::{Doing, Failure, Result},
    server::Setting,
    summary::Summary,
    table::{Cell, Table},
};

/// The name on the command line.
pub const PART: &str = "builds";

/// Measures the builds.
pub fn tables(setting: &Setting) -> Result<Vec<Table>> {
    // A copy of the sources: the line that changes is nobody's work.
    let copy = setting.folder("sources");
    clone(&setting.root, &copy)?;
    let target = setting.folder("builds");
    let (stack, dist) = (["build", "--locked", "--package", "local-stack"], setting.folder("page"));
    let mut table = Table::new("Builds, for development", &["s"]);
    table.row("local stack, from nothing", seconds(&[run(Command::new("cargo").args(stack), &copy, &target)?]));
    table.row("page, from nothing (after the stack)", seconds(&[page(&copy, &target, &dist)?]));
    table.note("Unoptimised, of what is committed. Crates were downloaded before.");
    let mut node = Command::new("node");
    let mut tables = vec![table];
    tables.extend(browser::run("reload", setting, node.env("PETS_SOURCES", &copy).env("CARGO_TARGET_DIR", &target))?);
    Ok(tables)
}

fn seconds(times: &[f64]) -> Vec<Cell> {
    vec![Cell::Measured(Summary::of(times))]
}

fn page(copy: &Path, target: &Path, dist: &Path) -> Result<f64> {
    let mut trunk = Command::new("trunk");
    run(trunk.args(["build", "--skip-version-check", "--dist"]).arg(dist), copy, target)
}

fn clone(root: &Path, copy: &PathBuf) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "--depth", "1"]).arg(format!("file://{}", root.display()));
    let status = git.arg(copy).stdin(Stdio::null()).status().doing("run git")?;
    if status.success() { Ok(()) } else { Err(Failure::wrong("the sources can't be copied; what git says is above")) }
}

/// Seconds that a command took.
fn run(command: &mut Command, folder: &Path, target: &Path) -> Result<f64> {
    command.current_dir(folder).env("CARGO_TARGET_DIR", target).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let program = command.get_program().display().to_string();
    let begin = Instant::now();
    let status = command.status().doing(format!("run {program}"))?;
    match status.success() {
        true => Ok(begin.elapsed().as_secs_f64()),
        false => Err(Failure::wrong(format!("{program} ended with {status}; try `cargo xtask test page`"))),
    }
}
