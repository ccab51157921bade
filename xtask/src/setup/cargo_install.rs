//! Programs that Cargo builds from source into `.tools/bin`: Trunk and wasm-bindgen.
//!
//! They are built for a short installation, not for speed: without link-time optimization Trunk takes a quarter of the
//! time to build, and what they do in the project takes about as long as before.

use std::process::Stdio;

use crate::{failure::Result, logged::Task, project::Project, setup::stamp};

/// Builds and serves the page. Without its default features, since set-up brings the tools that it would download.
pub const TRUNK: Program = Program {
    package: "trunk",
    version: Version::Exact("0.21.14"),
    binaries: &["trunk"],
    options: &["--no-default-features"],
    doing: "building it from source, about 4 minutes",
};

/// Makes the JavaScript that goes with a WASM file; it works only at the very version of the library.
pub const WASM_BINDGEN: Program = Program {
    package: "wasm-bindgen-cli",
    version: Version::Locked("wasm-bindgen"),
    binaries: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    options: &[],
    doing: "building it from source, about 2 minutes",
};

/// A program from the package registry.
pub struct Program {
    package: &'static str,
    version: Version,
    binaries: &'static [&'static str],
    options: &'static [&'static str],
    doing: &'static str,
}

enum Version {
    Exact(&'static str),
    /// That of a package in Cargo.lock.
    Locked(&'static str),
}

impl Program {
    /// Whether all binaries are there in the right version, in the project or on the machine.
    pub fn is_ready(&self, project: &Project) -> bool {
        let Ok(version) = self.version(project) else { return false };
        self.binaries.iter().all(|binary| {
            let Some(file) = project.which(binary) else { return false };
            let output = project.command(file).arg("--version").stderr(Stdio::null()).output();
            output.is_ok_and(|output| {
                String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1) == Some(version.as_str())
            })
        })
    }

    /// Builds it into `.tools/bin`.
    pub fn install(&self, project: &Project) -> Result<()> {
        let name = format!("{} {}", self.package, self.version(project)?);
        let build = project.tools.join("build").join(self.package);
        let run = |locked: bool, doing: &str| {
            let mut command = project.command("cargo");
            command.args(["install", "--force", "--root"]).arg(&project.tools).arg("--target-dir").arg(&build);
            command.args(self.options).args(locked.then_some("--locked"));
            command.args(self.binaries.iter().flat_map(|binary| ["--bin", binary]));
            command.arg(name.replace(' ', "@"));
            command.envs([
                ("CARGO_PROFILE_RELEASE_LTO", "off"),
                ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
                ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
                ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
                ("CARGO_TERM_PROGRESS_WHEN", "always"),
                ("CARGO_TERM_PROGRESS_WIDTH", "100"),
                ("CARGO_TERM_COLOR", "never"),
            ]);
            Task::new(project, &name, doing).run(command)
        };
        run(true, self.doing)
            .or_else(|failure| match failure.mentions("failed to select a version") {
                // A registry mirror may lack a version that the package's own lock file names.
                true => run(false, "without its own lock file, since a version in it isn't in the registry"),
                false => Err(failure),
            })
            .map_err(|failure| {
                failure.remedy(format!(
                    "Install {name} in any way that puts {} on the PATH, or try again: what was built so far is kept.",
                    self.binaries.join(" and "),
                ))
            })?;
        stamp::remove_folder(&build)
    }

    fn version(&self, project: &Project) -> Result<String> {
        match self.version {
            Version::Exact(version) => Ok(version.to_owned()),
            Version::Locked(package) => project.locked_version(package),
        }
    }
}
