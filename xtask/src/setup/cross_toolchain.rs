//! The compiler for another processor than this machine's: that of `cargo xtask` itself when it has the standard library
//! for it, else Debian's.
//!
//! rustup is asked first. Where its server can't be reached, a Debian machine has another way: the next file.

mod debian;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    failure::{Failure, Result},
    logged::Task,
    project::Project,
    setup::apt,
};

/// Which compiler builds for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CrossToolchain {
    /// The one that builds everything else.
    Same,
    /// One of its own, in this folder.
    Debian(PathBuf),
}

impl CrossToolchain {
    /// The one that is ready for use.
    pub fn find(project: &Project, target: &str) -> Option<Self> {
        if project.sysroot().is_some_and(|sysroot| has_target(&sysroot, target)) {
            return Some(Self::Same);
        }
        debian::is_ready(project, target).then(|| Self::Debian(debian::folder(project, target)))
    }

    /// A program that has something compiled; with these folders first on its PATH.
    pub fn command(&self, project: &Project, program: impl AsRef<Path>, path: &[PathBuf]) -> Command {
        let mut command = project.command(program.as_ref());
        let mut path = path.to_vec();
        if let Self::Debian(folder) = self {
            path.insert(0, folder.join("bin"));
            // The first is for rustup's cargo, the PATH for any other.
            command.env("RUSTUP_TOOLCHAIN", folder).env("CARGO_TARGET_DIR", self.target_dir(project));
        }
        command.env("PATH", project.path(&path));
        command
    }

    /// Where Cargo puts what it makes. Two compilers in one folder would make each other rebuild everything.
    pub fn target_dir(&self, project: &Project) -> PathBuf {
        let target = project.root.join(env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from));
        match self {
            Self::Same => target,
            Self::Debian(_) => target.join("cross"),
        }
    }
}

/// Asks rustup for the target; where that fails, makes a toolchain of Debian's packages.
pub fn install(project: &Project, target: &str) -> Result<()> {
    let mut command = project.command("rustup");
    command.args(["target", "add", target]);
    // Without a network it may try for minutes.
    let task = Task::new(project, target, "rustup target add").at_most_silent(Duration::from_secs(60));
    let Err(failure) = task.run(command) else { return Ok(()) };
    let remedy = format!(
        "Run `rustup target add {target}` where its server can be reached, then try again. Or deploy for this machine's \
         own processor, which needs nothing: the template's parameter Architecture, and `--architecture` of \
         `cargo xtask build-lambda`."
    );
    if !apt::is_there() {
        return Err(failure.remedy(remedy));
    }
    println!("  {target}: rustup can't get the target; Debian's packages can.");
    debian::install(project, target).map_err(|second: Failure| second.after(failure).remedy(remedy))
}

/// Whether a standard library of the target is in a toolchain's folder.
pub fn has_target(sysroot: &Path, target: &str) -> bool {
    let Ok(files) = fs::read_dir(sysroot.join("lib/rustlib").join(target).join("lib")) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}
