//! The standard library for another target than this machine, which rustup brings.

use std::{fs, path::Path, time::Duration};

use crate::{failure::Result, logged::Task, project::Project};

/// Whether the compiler that runs `cargo xtask` has the target.
pub fn is_ready(project: &Project, target: &str) -> bool {
    project.sysroot().is_some_and(|sysroot| has_target(&sysroot, target))
}

pub fn install(project: &Project, target: &str) -> Result<()> {
    let mut command = project.command("rustup");
    command.args(["target", "add", target]);
    // Without a network it may try for minutes.
    let task = Task::new(project, target, "rustup target add").at_most_silent(Duration::from_secs(60));
    task.run(command).map_err(|failure| {
        failure.remedy(format!(
            "Run `rustup target add {target}` where its server can be reached, then try again. Or deploy for this \
             machine's own processor, which needs nothing: the template's parameter Architecture, and `--architecture` \
             of `cargo xtask build-lambda`."
        ))
    })
}

/// Whether a standard library of the target is in a toolchain's folder.
pub fn has_target(sysroot: &Path, target: &str) -> bool {
    let Ok(files) = fs::read_dir(sysroot.join("lib/rustlib").join(target).join("lib")) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}
