//! The rules of the project that no compiler knows: how files are named and ended, who may depend on whom, licences.
//!
//! A rule is a function from what is there to what is wrong with it, so that each is tested on something wrong.

mod evidence;
pub mod files;
mod packages;

use crate::{
    break_walls,
    failure::{Doing as _, Failure, Result},
    project::Project,
};

/// Checks every rule and names every breach.
pub fn run(project: &Project) -> Result<()> {
    let files = files::of(project)?;
    let mut breaches: Vec<String> = files.iter().flat_map(files::breaches).collect();
    breaches.extend(files::outdated_exceptions(&files));
    breaches.extend(break_walls::list::breaches(&files));
    breaches.extend(evidence::breaches(&files));
    breaches.extend(packages::breaches(&metadata(project)?));
    println!("{} files looked at.", files.len());
    if breaches.is_empty() {
        return Ok(());
    }
    let what = format!("{} breaches of the project's rules.", breaches.len());
    Err(Failure::new(what).output(breaches).remedy("The rules and their reasons are in xtask/src/tidy."))
}

/// What Cargo knows of the workspace and of all that it depends on.
fn metadata(project: &Project) -> Result<serde_json::Value> {
    let mut command = project.command("cargo");
    command.args(["metadata", "--format-version", "1", "--locked", "--all-features"]);
    let output = command.output().doing(|| "run cargo metadata".into())?;
    if !output.status.success() {
        let lines = String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect::<Vec<_>>();
        return Err(Failure::new("`cargo metadata` failed.").output(lines));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.parse().map_err(|error| Failure::new(format!("What `cargo metadata` says isn't JSON: {error}.")))
}
