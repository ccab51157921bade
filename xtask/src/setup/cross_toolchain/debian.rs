//! A toolchain of Debian's packages that compiles for another processor: Debian's rustc, and the standard library out of
//! the package that Debian has for that processor.
//!
//! It is a folder in `.tools` that looks like a toolchain of rustup's: rustc with another sysroot, in which this
//! machine's libraries and the other's are. The other package is unpacked there and not installed: the machine isn't
//! told of another architecture.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use super::has_target;
use crate::{
    failure::{Doing as _, Failure, Result},
    logged::Task,
    project::Project,
    setup::{apt, stamp, web_toolchain::debian},
};

const PACKAGES: [&str; 2] = ["rustc-web", "cargo-web"];
const LIBRARY: &str = "libstd-rust-web-dev";

/// Finds its own folder, so that the toolchain can be made in one place and renamed to another.
const WRAPPER: &str = "#!/bin/sh\nbin=${0%/*}\nexec /usr/bin/rustc --sysroot \"${bin%/bin}\" \"$@\"\n";

pub fn folder(project: &Project, target: &str) -> PathBuf {
    project.tools.join(format!("debian-{target}"))
}

pub fn is_ready(project: &Project, target: &str) -> bool {
    let folder = folder(project, target);
    debian::compiler().is_some_and(|compiler| stamp::matches(&folder.join("complete"), compiler.as_bytes()))
        && has_target(&folder, target)
}

pub fn install(project: &Project, target: &str) -> Result<()> {
    let name = format!("packages for {target}");
    apt::install(project, &name, &PACKAGES)?;
    debian::check_version(project)?;
    let made = project.tools.join("build").join(format!("debian-{target}"));
    stamp::remove_folder(&made)?;
    let package = download(project, &name, architecture(target)?, &made.join("apt"))?;
    let unpacked = made.join("unpacked");
    let mut command = project.command("dpkg-deb");
    command.arg("--extract").arg(package).arg(&unpacked);
    Task::new(project, &name, "unpacking").run(command)?;

    let (bin, rustlib) = (made.join("bin"), made.join("lib/rustlib"));
    for folder in [&bin, &rustlib] {
        fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    }
    let doing = || format!("assemble {}", made.display());
    fs::write(bin.join("rustc"), WRAPPER).doing(doing)?;
    fs::set_permissions(bin.join("rustc"), fs::Permissions::from_mode(0o755)).doing(doing)?;
    symlink("/usr/bin/cargo", bin.join("cargo")).doing(doing)?;
    let host = debian::host();
    symlink(Path::new(debian::LIBRARIES).join(host), rustlib.join(host)).doing(doing)?;
    fs::rename(unpacked.join("usr/lib/rustlib").join(target), rustlib.join(target)).doing(doing)?;
    for folder in ["apt", "unpacked"] {
        stamp::remove_folder(&made.join(folder))?;
    }

    let compiler = debian::compiler().ok_or_else(|| Failure::new("Debian's rustc isn't there."))?;
    stamp::write(&made.join("complete"), compiler.as_bytes())?;
    let folder = folder(project, target);
    stamp::remove_folder(&folder)?;
    fs::rename(&made, &folder).doing(|| format!("rename {} to {}", made.display(), folder.display()))
}

/// The package with the other processor's library, in the version of this machine's compiler: it fits no other. With
/// package lists of its own.
fn download(project: &Project, name: &str, architecture: &str, folder: &Path) -> Result<PathBuf> {
    for part in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(folder.join(part)).doing(|| format!("make {}", folder.display()))?;
    }
    let apt_get = |arguments: &[&str], doing: &str| {
        let mut command = project.command("apt-get");
        command.current_dir(folder).args(["-o", &format!("APT::Architecture={architecture}")]);
        command.arg("-o").arg(format!("Dir::State::Lists={}", folder.join("lists").display()));
        command.arg("-o").arg(format!("Dir::Cache={}", folder.join("cache").display()));
        Task::new(project, name, doing).run({
            command.args(arguments);
            command
        })
    };
    let output = project.command("dpkg-query").args(["--show", "--showformat=${Version}", LIBRARY]).output();
    let output = output.doing(|| "run dpkg-query".into())?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let package = format!("{LIBRARY}:{architecture}={version}");
    apt_get(&["update"], "apt-get update")?;
    apt_get(&["download", &package], &format!("apt-get download {package}"))?;
    let files = fs::read_dir(folder).doing(|| format!("read {}", folder.display()))?;
    let mut packages = files.flatten().map(|file| file.path()).filter(|file| file.extension() == Some("deb".as_ref()));
    packages.next().ok_or_else(|| Failure::new(format!("apt-get downloaded {package}, but it isn't there.")))
}

/// A processor as Debian calls it.
fn architecture(target: &str) -> Result<&'static str> {
    match target {
        "aarch64-unknown-linux-gnu" => Ok("arm64"),
        "x86_64-unknown-linux-gnu" => Ok("amd64"),
        _ => Err(Failure::new(format!("Debian has no packages for {target}."))),
    }
}
