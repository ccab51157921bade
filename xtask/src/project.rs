//! Where the project is, and commands that run in it with the environment they would have outside of `cargo xtask`.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::failure::{Doing as _, Failure, Result};

/// The folder of the project, and the folder in it where set-up puts its tools.
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// `.tools`: everything that set-up installs in the project.
    pub tools: PathBuf,
}

impl Project {
    /// The project that this program belongs to.
    pub fn find() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
            Failure::new("The project's folder isn't known.").remedy("Start this with `cargo xtask`.")
        })?;
        let root = Path::new(&package).parent().map(Path::to_path_buf).unwrap_or_default();
        let tools = root.join(".tools");
        Ok(Self { root, tools })
    }

    /// Where set-up puts programs.
    pub fn bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// A program in the project's folder: without a standard input, with the project's tools first on the PATH, and
    /// without what `cargo xtask` itself added to the environment.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null()).env("PATH", self.path(&[]));
        for (name, value) in env::vars_os() {
            let name = name.to_string_lossy();
            if is_set_by_cargo_run(&name) {
                command.env_remove(&*name);
            } else if LIBRARY_PATHS.contains(&&*name) {
                match without_toolchain(&value) {
                    Some(rest) => command.env(&*name, rest),
                    None => command.env_remove(&*name),
                };
            }
        }
        command
    }

    /// The PATH of the project's commands: `first`, the project's tools, then the machine's.
    pub fn path(&self, first: &[PathBuf]) -> OsString {
        let machine = env::var_os("PATH").unwrap_or_default();
        let folders = first.iter().cloned().chain([self.bin()]).chain(env::split_paths(&machine));
        env::join_paths(folders).unwrap_or(machine)
    }

    /// The file that a program's name stands for on the project's PATH.
    pub fn which(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path(&[])).map(|folder| folder.join(program)).find(|file| is_executable(file))
    }

    /// The version of a package in `Cargo.lock`.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let file = self.root.join("Cargo.lock");
        let lock = fs::read_to_string(&file).doing(|| format!("read {}", file.display()))?;
        version_in_lock(&lock, package)
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("Cargo.lock has no package {package}.")))
    }

    /// The folder of the compiler that runs `cargo xtask`, where its standard libraries are.
    pub fn sysroot(&self) -> Option<PathBuf> {
        // Cargo names itself; asking rustc costs more time than all other checks of set-up.
        let beside_cargo =
            env::var_os("CARGO").and_then(|cargo| Some(Path::new(&cargo).parent()?.parent()?.to_owned()));
        if let Some(sysroot) = beside_cargo.filter(|folder| folder.join("lib/rustlib").is_dir()) {
            return Some(sysroot);
        }
        let output = self.command("rustc").args(["--print", "sysroot"]).output().ok()?;
        let sysroot = String::from_utf8(output.stdout).ok()?;
        (output.status.success()).then(|| PathBuf::from(sysroot.trim()))
    }
}

const LIBRARY_PATHS: [&str; 2] = ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// What `cargo run` sets for the program it starts, as opposed to what a person sets for Cargo.
fn is_set_by_cargo_run(name: &str) -> bool {
    ["CARGO", "CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
        || ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_EXE_"].iter().any(|prefix| name.starts_with(prefix))
}

/// A library search path without what `cargo run` put in front: the build's own folders and the compiler's.
fn without_toolchain(value: &OsStr) -> Option<OsString> {
    let target = env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_path_buf));
    let is_foreign = |folder: &PathBuf| {
        !target.as_ref().is_some_and(|target| folder.starts_with(target))
            && !folder.join("rustlib").is_dir()
            && !folder.ancestors().any(|ancestor| ancestor.ends_with("rustlib"))
    };
    let rest: Vec<_> = env::split_paths(value).filter(is_foreign).collect();
    (!rest.is_empty()).then(|| env::join_paths(rest).ok()).flatten()
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| line.strip_prefix("name = ") == Some(&format!("\"{package}\"")))?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_the_lock_file_by_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn settings_of_a_person_survive_and_those_of_cargo_run_do_not() {
        for kept in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "RUSTFLAGS", "RUSTUP_TOOLCHAIN"] {
            assert!(!is_set_by_cargo_run(kept), "{kept}");
        }
        for removed in ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_PKG_VERSION"] {
            assert!(is_set_by_cargo_run(removed), "{removed}");
        }
    }
}
