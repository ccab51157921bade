//! A wasm32 toolchain of Debian's packages: its rustc, and a standard library compiled from Debian's sources.
//!
//! It is a folder in `.tools` that looks like a toolchain of rustup's: rustc with another sysroot, in which Debian's
//! libraries for this machine, the new ones for wasm32 and rustup's linker are. Nothing outside of it is changed but
//! for the packages. Debian compiles its rustc without that linker, and ships no standard library for wasm32 (as of
//! Debian 12).

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use super::{TARGET, WebToolchain, probe};
use crate::{
    failure::{Doing as _, Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, stamp},
};

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];
const RUSTC: &str = "/usr/bin/rustc";
/// Where Debian has the standard libraries.
pub const LIBRARIES: &str = "/usr/lib/rustlib";

/// Finds its own folder, so that the toolchain can be made in one place and renamed to another.
const WRAPPER: &str = "#!/bin/sh\nbin=${0%/*}\nexec /usr/bin/PROGRAM --sysroot \"${bin%/bin}\" \"$@\"\n";

pub fn folder(project: &Project) -> PathBuf {
    project.tools.join("debian-web")
}

pub fn is_ready(project: &Project) -> bool {
    let folder = folder(project);
    compiler().is_some_and(|compiler| stamp::matches(&folder.join("complete"), compiler.as_bytes()))
        && folder.join("lib/rustlib").join(host()).join("bin/rust-lld").exists()
}

pub fn install(project: &Project) -> Result<()> {
    apt::install(project, "wasm32 packages", &PACKAGES)?;
    check_version(project)?;
    let made = project.tools.join("build/debian-web");
    stamp::remove_folder(&made)?;
    assemble(project, &made)?;
    let libraries = made.join("lib/rustlib").join(TARGET).join("lib");
    compile_standard_library(project, &libraries)?;
    probe(project, &WebToolchain::Debian(made.clone()))?;
    let compiler = compiler().ok_or_else(|| Failure::new(format!("{RUSTC} isn't there.")))?;
    stamp::write(&made.join("complete"), compiler.as_bytes())?;
    let folder = folder(project);
    stamp::remove_folder(&folder)?;
    fs::rename(&made, &folder).doing(|| format!("rename {} to {}", made.display(), folder.display()))
}

/// What identifies the installed compiler, without starting it: a standard library fits no other.
pub fn compiler() -> Option<String> {
    let data = fs::metadata(RUSTC).ok()?;
    Some(format!("{} {}", data.len(), data.mtime()))
}

/// Debian's web toolchain is new enough for browsers; ours has to be too.
pub fn check_version(project: &Project) -> Result<()> {
    let output = project.command(RUSTC).arg("--version").output().doing(|| format!("run {RUSTC}"))?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let is_new_enough = |version: &str| Some(minor(version)? >= minor(needed)?);
    match version.split_whitespace().nth(1).and_then(is_new_enough) {
        Some(true) => Ok(()),
        _ => Err(Failure::new(format!("Debian's rustc-web is {}, but Rust {needed} is needed.", version.trim()))),
    }
}

fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.split('.').next()?.parse().ok()
}

/// Everything but the standard library for wasm32.
fn assemble(project: &Project, made: &Path) -> Result<()> {
    let bin = made.join("bin");
    let rustlib = made.join("lib/rustlib");
    let of_host = rustlib.join(host());
    for folder in [&bin, &of_host.join("bin"), &rustlib.join(TARGET).join("lib")] {
        fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    }
    for program in ["rustc", "rustdoc"] {
        let file = bin.join(program);
        fs::write(&file, WRAPPER.replace("PROGRAM", program)).doing(|| format!("write {}", file.display()))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).doing(|| format!("write {}", file.display()))?;
    }
    for program in ["cargo", "cargo-clippy", "clippy-driver"] {
        link(&Path::new("/usr/bin").join(program), &bin.join(program))?;
    }
    link(&Path::new(LIBRARIES).join(host()).join("lib"), &of_host.join("lib"))?;
    link(&linker(project)?, &of_host.join("bin/rust-lld"))
}

fn link(original: &Path, link: &Path) -> Result<()> {
    symlink(original, link).doing(|| format!("link {} to {}", link.display(), original.display()))
}

/// rustup's linker: it comes with the compiler for this machine.
fn linker(project: &Project) -> Result<PathBuf> {
    let of_sysroot = |sysroot: PathBuf| sysroot.join("lib/rustlib").join(host()).join("bin/rust-lld");
    let debian = || Path::new(LIBRARIES).join(host()).join("bin/rust-lld");
    project
        .sysroot()
        .map(of_sysroot)
        .into_iter()
        .chain([debian()])
        .find(|file| file.exists())
        .ok_or_else(|| Failure::new("There is no rust-lld, the linker for wasm32, in this machine's Rust."))
}

/// Compiles Debian's sources of the standard library into `libraries`.
fn compile_standard_library(project: &Project, libraries: &Path) -> Result<()> {
    // One folder a compiler: what an interrupted build of an older one left must not be mixed in.
    let compiler = compiler().unwrap_or_default().replace(' ', "-");
    let scratch = project.tools.join("build").join(format!("wasm32-std-{compiler}"));
    let doing = || format!("write {}", scratch.display());
    fs::create_dir_all(scratch.join("src")).doing(doing)?;
    // A workspace of its own, inside the folder of another.
    let manifest = "[package]\nname = \"scratch\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(scratch.join("Cargo.toml"), manifest).doing(doing)?;
    fs::write(scratch.join("src/lib.rs"), "").doing(doing)?;

    let mut command = project.command("/usr/bin/cargo");
    command.current_dir(&scratch).args(["build", "--release", "--target", TARGET, "--target-dir", "target"]);
    // `test` is for the tests in the browser.
    command.arg("-Zbuild-std=std,panic_abort,proc_macro,test");
    // Without bitcode in it, a release build of the page couldn't optimize across it.
    command.env("RUSTFLAGS", "-Cembed-bitcode=yes").env("RUSTC_BOOTSTRAP", "1").env("RUSTC", RUSTC);
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command.envs([("CARGO_TERM_PROGRESS_WHEN", "always"), ("CARGO_TERM_PROGRESS_WIDTH", "100")]);
    command.env("CARGO_TERM_COLOR", "never");
    Task::new(project, "wasm32 standard library", "compiling it, about a minute").run(command)?;

    let built = scratch.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(&built).doing(|| format!("read {}", built.display()))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libscratch-") {
            fs::copy(entry.path(), libraries.join(&name)).doing(|| format!("copy {name}"))?;
        }
    }
    stamp::remove_folder(&scratch)
}

/// The triple of this machine, as Debian and rustup name their folders.
pub fn host() -> &'static str {
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-gnu" } else { "x86_64-unknown-linux-gnu" }
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(minor("1.100.0") > minor("1.96.0") && minor("1.85.0") < minor("1.95"));
        assert_eq!(minor("nightly"), None);
    }
}
