//! The compiler for wasm32: that of `cargo xtask` itself when it has the target, else Debian's.
//!
//! rustup is asked first. Where its server can't be reached, a Debian machine has another way: the next file.

pub(super) mod debian;

use std::{ffi::OsStr, fs, path::PathBuf, process::Command, time::Duration};

use crate::{
    failure::{Doing as _, Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, cross_toolchain::has_target, stamp},
};

/// The target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which compiler builds the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebToolchain {
    /// The one that builds everything else.
    Same,
    /// One of its own, in this folder.
    Debian(PathBuf),
}

impl WebToolchain {
    /// The one that is ready for use.
    pub fn find(project: &Project) -> Option<Self> {
        if project.sysroot().is_some_and(|sysroot| has_target(&sysroot, TARGET)) {
            return Some(Self::Same);
        }
        debian::is_ready(project).then(|| Self::Debian(debian::folder(project)))
    }

    /// A program that compiles for wasm32, or has something compiled.
    pub fn command(&self, project: &Project, program: impl AsRef<OsStr>) -> Command {
        let mut command = project.command(program);
        if let Self::Debian(folder) = self {
            // Two compilers in one target folder would make each other rebuild everything.
            let target =
                std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project.root.join("target"), PathBuf::from);
            command.env("CARGO_TARGET_DIR", target.join("web"));
            // The first is for rustup's cargo, the second for any other, the third for clippy.
            command.env("RUSTUP_TOOLCHAIN", folder).env("PATH", project.path(&[folder.join("bin")]));
            command.env("SYSROOT", folder);
        }
        command
    }
}

/// Asks rustup for the target; where that fails, makes a toolchain of Debian's packages.
pub fn install(project: &Project) -> Result<()> {
    let from_rustup = from_rustup(project);
    let Err(failure) = from_rustup else { return Ok(()) };
    let remedy = format!("Run `rustup target add {TARGET}` where its server can be reached, then try again.");
    if !apt::is_there() {
        return Err(failure.remedy(remedy));
    }
    println!("  wasm32: rustup can't get the target; Debian's packages can.");
    debian::install(project).map_err(|second| second.after(failure).remedy(remedy))
}

fn from_rustup(project: &Project) -> Result<()> {
    let mut command = project.command("rustup");
    command.args(["target", "add", TARGET]);
    // Without a network it may try for minutes.
    Task::new(project, "wasm32", "rustup target add").at_most_silent(Duration::from_secs(60)).run(command)?;
    probe(project, &WebToolchain::Same)
}

/// Compiles and links a small program, to see that the toolchain works and not only exists.
fn probe(project: &Project, toolchain: &WebToolchain) -> Result<()> {
    let folder = project.tools.join("build/wasm32-probe");
    stamp::remove_folder(&folder)?;
    fs::create_dir_all(&folder).doing(|| format!("make {}", folder.display()))?;
    let source = folder.join("probe.rs");
    fs::write(&source, "fn main() { println!(\"{:?}\", std::env::args().collect::<Vec<_>>()); }\n")
        .doing(|| format!("write {}", source.display()))?;
    let program = folder.join("probe.wasm");
    let mut command = toolchain.command(project, "rustc");
    command.args(["--target", TARGET, "--edition", "2024", "-Copt-level=z", "-Clto=fat", "-o"]).arg(&program);
    command.arg(&source);
    Task::new(project, "wasm32 probe", "compiling a small program").run(command)?;
    let is_wasm = fs::read(&program).is_ok_and(|bytes| bytes.starts_with(b"\0asm"));
    stamp::remove_folder(&folder)?;
    if is_wasm { Ok(()) } else { Err(Failure::new("The compiler for wasm32 works, but what it makes isn't WASM.")) }
}
