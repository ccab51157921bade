//! `cargo xtask fuzz`: drives the fuzz targets of the package `fuzz` for a while, one after another. The next step after
//! a find is the package itself: it says what must hold, and a normal test run replays what was found.
//!
//! The compiler that is there instruments the code; the engine is libFuzzer, compiled from its package. No nightly
//! compiler, no sanitizer (the code has no `unsafe`), no program to install but a compiler for C++.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
    time::Duration,
};

use lexopt::Arg;

use crate::{
    binary,
    failure::{Doing as _, Failure, Result},
    logged::spoken,
    project::Project,
    usage_error,
};

const USAGE: &str = "\
cargo xtask fuzz [TARGET…] [--seconds N]

  TARGET       cursor, policy, signature, template, token; without one, each
  --seconds N  how long each is driven, 60 if nothing is said

A find is kept in fuzz/artifacts and replayed by `cargo test -p fuzz`, and so are the inputs of fuzz/corpus.
Inputs that only reached something new are kept in fuzz/found, where the next run begins with them.";

/// What libFuzzer counts and compares by; the flags are those of cargo-fuzz.
const INSTRUMENTED: [&str; 7] = [
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// An input that takes longer, or more memory, is a find.
const LIMITS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=16384"];

/// `cargo xtask fuzz`.
pub fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    let Some((targets, seconds)) = parse(arguments)? else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let folder = project.root.join("fuzz");
    let targets = chosen(&all(&folder)?, targets)?;
    let programs = build(project, &targets)?;
    let mut finds = Vec::new();
    for (target, program) in targets.iter().zip(programs) {
        println!("\n── {target}: for {}", spoken(Duration::from_secs(seconds)));
        if !drive(project, &folder, target, &program, seconds)? {
            finds.push(target.clone());
        }
    }
    if finds.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let remedy = "The inputs are in fuzz/artifacts. `cargo test -p fuzz` shows the broken promises again; mend them, and \
                  move the inputs into fuzz/corpus under a name that tells.";
    Err(Failure::new(format!("Something was found: {}.", finds.join(", "))).remedy(remedy))
}

fn parse(mut arguments: lexopt::Parser) -> Result<Option<(Vec<String>, u64)>> {
    let (mut targets, mut seconds) = (Vec::new(), 60);
    while let Some(argument) = arguments.next().map_err(usage_error)? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Long("seconds") => {
                let given = arguments.value().map_err(usage_error)?;
                // Libfuzzer takes 0 for ever.
                seconds = given.to_str().and_then(|text| text.parse().ok()).filter(|n| *n > 0).ok_or_else(|| {
                    Failure::new("--seconds takes a whole number from 1.").remedy("For instance --seconds 600.")
                })?;
            }
            Arg::Value(target) => targets.push(target.to_string_lossy().into_owned()),
            other => return Err(usage_error(other.unexpected())),
        }
    }
    Ok(Some((targets, seconds)))
}

fn all(folder: &Path) -> Result<Vec<String>> {
    let sources = folder.join("fuzz_targets");
    let entries = fs::read_dir(&sources).doing(|| format!("read {}", sources.display()))?;
    let files = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut names: Vec<_> = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

fn chosen(all: &[String], asked: Vec<String>) -> Result<Vec<String>> {
    if let Some(unknown) = asked.iter().find(|name| !all.contains(name)) {
        let failure = Failure::new(format!("There is no fuzz target {unknown}."));
        return Err(failure.remedy(format!("There is {}.", all.join(", "))));
    }
    Ok(if asked.is_empty() { all.to_vec() } else { asked })
}

/// The programs of the targets, instrumented; build scripts and macros stay as they are, since a target is named.
fn build(project: &Project, targets: &[String]) -> Result<Vec<PathBuf>> {
    println!(
        "Building the fuzzers. The first time takes some minutes: everything is compiled anew, with counters in it."
    );
    let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| project.root.join("target"), PathBuf::from);
    let mut command = project.command("cargo");
    command.args(["build", "--package", "fuzz", "--features", "engine", "--profile", "fuzz", "--target"]);
    command.arg(host(project)?).arg("--target-dir").arg(folder.join("fuzz"));
    command.args(targets.iter().flat_map(|target| ["--bin", target])).arg("--message-format=json-render-diagnostics");
    command.env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTED.join("\u{1f}"));
    let output = command.stderr(Stdio::inherit()).output().doing(|| "run cargo".into())?;
    if !output.status.success() {
        let remedy =
            "What the compiler says is above. libFuzzer needs a compiler for C++ (on Debian: apt install g++).";
        return Err(Failure::new("The fuzzers don't compile.").remedy(remedy));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = |target: &String| {
        binary::executable(&messages, target)
            .ok_or_else(|| Failure::new(format!("Cargo doesn't say where {target} is.")))
    };
    targets.iter().map(program).collect()
}

fn host(project: &Project) -> Result<String> {
    let output = project.command("rustc").arg("-vV").output().doing(|| "run rustc".into())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc doesn't say for which machine it compiles."))
}

/// Whether nothing was found.
fn drive(project: &Project, folder: &Path, target: &str, program: &Path, seconds: u64) -> Result<bool> {
    let (found, finds) = (folder.join("found").join(target), folder.join("artifacts").join(target));
    for folder in [&found, &finds] {
        fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
    }
    let mut command = project.command(program);
    command.args(LIMITS).arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
    command.arg(format!("-artifact_prefix={}/", finds.display()));
    command.arg(format!("-dict={}", folder.join("dictionaries").join(target).with_extension("txt").display()));
    // What is new goes into the first folder.
    command.arg(found).arg(folder.join("corpus").join(target));
    Ok(command.status().doing(|| format!("run {}", program.display()))?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_seconds_are_read() {
        let read = |arguments: &[&str]| parse(lexopt::Parser::from_args(arguments));
        assert_eq!(read(&[]).unwrap(), Some((vec![], 60)));
        assert_eq!(read(&["token", "--seconds", "5"]).unwrap(), Some((vec!["token".to_owned()], 5)));
        assert_eq!(read(&["--help"]).unwrap(), None);
        for wrong in [&["--seconds", "0"][..], &["--seconds", "-1"], &["--seconds"], &["--minutes", "1"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_target_that_is_not_there_is_named_with_those_that_are() {
        let all = ["policy".to_owned(), "token".to_owned()];
        assert_eq!(chosen(&all, vec![]).unwrap(), all);
        let message = chosen(&all, vec!["tokens".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("tokens") && message.contains("policy, token"), "{message}");
    }
}
