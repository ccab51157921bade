//! `cargo xtask build-lambda`: the zips of the three functions, for the processor that the template's `Architecture`
//! names.
//!
//! For this machine's own processor plain Cargo is enough, where its C library is no newer than Lambda's: what is made is
//! looked at, and made again with zig where it is. For the other processor zig links, with a standard library
//! of rustup's or Debian's. The next step, from a program to its zip, is `crates/function-zip`.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use lexopt::{Arg, ValueExt as _};

use crate::{
    failure::{Doing as _, Failure, Result},
    logged::Task,
    project::Project,
    setup::{self, CROSS, CrossToolchain, Tool},
    usage_error,
};

const USAGE: &str = "\
cargo xtask build-lambda [--architecture arm64|x86_64]

Builds the functions list, manage and purchase for AWS Lambda into target/lambda/ARCHITECTURE: NAME/bootstrap, and
NAME.zip with that file in it.

  --architecture   the processor that they run on; arm64 without it, as in infra/template.yaml";

const FUNCTIONS: [&str; 3] = ["list", "manage", "purchase"];
/// A profile of Cargo.toml.
const PROFILE: &str = "function";
/// The C library of `provided.al2023`.
const LIBC: &str = "2.34";
/// How `function-zip` ends when a program needs a newer one.
const NEEDS_NEWER_LIBC: i32 = 3;

/// A processor as Lambda calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Arm's, of AWS's own make.
    Arm64,
    /// Intel's and AMD's.
    X86_64,
}

impl Architecture {
    /// That of this machine.
    pub fn of_machine() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86_64 }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// As Rust calls it, with the system.
    fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }

    /// Whether this machine's own linker makes programs for it.
    fn is_native(self) -> bool {
        cfg!(all(target_os = "linux", target_env = "gnu")) && self == Self::of_machine()
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Arm64, Self::X86_64].into_iter().find(|architecture| architecture.name() == name)
    }
}

/// `cargo xtask build-lambda`.
pub fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    match parse(arguments)? {
        Some(architecture) => {
            let folder = build(project, architecture)?;
            println!("The functions for {} are in {}.", architecture.name(), folder.display());
        }
        None => println!("{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(mut arguments: lexopt::Parser) -> Result<Option<Architecture>> {
    let mut architecture = Architecture::Arm64;
    while let Some(argument) = arguments.next().map_err(usage_error)? {
        match argument {
            Arg::Long("architecture") => {
                let name = arguments.value().and_then(|value| value.string()).map_err(usage_error)?;
                architecture = Architecture::named(&name).ok_or_else(|| {
                    Failure::new(format!("Lambda has no architecture {name}.")).remedy("There is arm64 and x86_64.")
                })?;
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(usage_error(other.unexpected())),
        }
    }
    Ok(Some(architecture))
}

/// Builds the functions and says in which folder they are.
pub fn build(project: &Project, architecture: Architecture) -> Result<PathBuf> {
    let folder = project.root.join("target/lambda").join(architecture.name());
    let target = architecture.target();
    if architecture.is_native() {
        let mut command = CrossToolchain::Same.command(project, "cargo", &[]);
        command.args(["build", "--target", target]);
        compile(project, architecture, command)?;
        if zip(project, architecture, &CrossToolchain::Same, &folder)? {
            return Ok(folder);
        }
        println!("This machine's C library is newer than Lambda's: once more, with zig.");
    }
    setup::ensure(project, &[Tool::CrossToolchain(target), Tool::Python(CROSS)])?;
    let toolchain = CrossToolchain::find(project, target)
        .ok_or_else(|| Failure::new(format!("The compiler for {target} is gone.")).remedy("Try again."))?;
    // zig is found by way of the first Python of the PATH.
    let path = [CROSS.program(project, "")];
    let mut command = toolchain.command(project, CROSS.program(project, "cargo-zigbuild"), &path);
    command.args(["zigbuild", "--target", &format!("{target}.{LIBC}")]);
    compile(project, architecture, command)?;
    match zip(project, architecture, &toolchain, &folder)? {
        true => Ok(folder),
        false => Err(Failure::new("Even linked by zig the functions need a newer C library than Lambda has.")
            .remedy(format!("Remove what in the build names a version above {LIBC}; the lines above say which."))),
    }
}

fn compile(project: &Project, architecture: Architecture, mut command: Command) -> Result<()> {
    command.args(["--package", "lambda", "--bins", "--locked", "--profile", PROFILE]);
    command.envs([("CARGO_TERM_PROGRESS_WHEN", "always"), ("CARGO_TERM_PROGRESS_WIDTH", "100")]);
    command.env("CARGO_TERM_COLOR", "never");
    let name = format!("functions for {}", architecture.name());
    Task::new(project, &name, "compiling, about 3 minutes the first time").run(command)
}

/// Makes the zips of what Cargo has built. Says no where the programs need a newer C library than Lambda has.
fn zip(project: &Project, architecture: Architecture, toolchain: &CrossToolchain, to: &Path) -> Result<bool> {
    let from = toolchain.target_dir(project).join(architecture.target()).join(PROFILE);
    let mut command = project.command("cargo");
    command.args(["run", "--quiet", "--locked", "--package", "function-zip", "--", architecture.name()]);
    let status = command.arg(from).arg(to).args(FUNCTIONS).stderr(Stdio::inherit()).status();
    match status.doing(|| "run cargo".into())?.code() {
        Some(0) => Ok(true),
        Some(NEEDS_NEWER_LIBC) => Ok(false),
        _ => Err(Failure::new("The functions can't be zipped.").remedy("Why is said above.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Option<Architecture>> {
        parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn the_architecture_is_the_templates_unless_another_is_asked_for() {
        assert_eq!(parsed(&[]).unwrap(), Some(Architecture::Arm64));
        assert_eq!(parsed(&["--architecture", "x86_64"]).unwrap(), Some(Architecture::X86_64));
        assert_eq!(parsed(&["--help"]).unwrap(), None);
        let template = include_str!("../../infra/template.yaml");
        let parameter = template.split("\n  Architecture:\n").nth(1).unwrap();
        assert!(parameter.split("\n  ").take(6).any(|line| line.trim() == "Default: arm64"), "the template's default");
    }

    #[test]
    fn another_architecture_is_refused_with_those_that_there_are() {
        for arguments in [&["--architecture", "aarch64"][..], &["--architecture"], &["list"]] {
            assert!(parsed(arguments).is_err(), "{arguments:?}");
        }
        let message = parsed(&["--architecture", "riscv"]).unwrap_err().to_string();
        assert!(message.contains("riscv") && message.contains("arm64 and x86_64"), "{message}");
    }
}
