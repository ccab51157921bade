//! `cargo fmt` and `cargo clippy`, which a minimal rustup lacks.

use crate::{failure::Result, logged::Task, project::Project};

const PROGRAMS: [&str; 2] = ["cargo-fmt", "cargo-clippy"];

pub fn are_ready(project: &Project) -> bool {
    match project.sysroot().map(|sysroot| sysroot.join("bin")) {
        // The proxies of rustup are on the PATH whether the component is there or not.
        Some(bin) if bin.join("cargo").exists() => PROGRAMS.iter().all(|program| bin.join(program).exists()),
        _ => PROGRAMS.iter().all(|program| project.which(program).is_some()),
    }
}

pub fn install(project: &Project) -> Result<()> {
    let mut command = project.command("rustup");
    command.args(["component", "add", "clippy", "rustfmt"]);
    Task::new(project, "clippy and rustfmt", "rustup component add").run(command).map_err(|failure| {
        failure.remedy("Install clippy and rustfmt the way this machine's Rust was installed, then try again.")
    })
}
