//! `page-size`: weighs a build of the page and holds it against the budget.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

use std::{path::PathBuf, process::ExitCode};

use lexopt::{Arg, ValueExt as _};

const USAGE: &str = "\
cargo xtask size [--dist DIR]
cargo xtask size --inside

Weighs the release build of the page and fails when it breaks the budget in docs/size-budget.toml.

  --dist DIR      a build that is there; without it the page is built into dist
  --budget FILE   another budget
  --inside        instead: what the module is made of, before it is split and optimised, by part of the page and by crate
  --module FILE   the same of a module that is there, with its names";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(said) => {
            eprintln!("{said}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (mut dist, mut budget, mut module) = (None, None, None);
    let mut arguments = lexopt::Parser::from_env();
    let misread = |error: lexopt::Error| format!("The arguments aren't understood: {error}.\n{USAGE}");
    while let Some(argument) = arguments.next().map_err(misread)? {
        match argument {
            Arg::Long("dist") => dist = Some(PathBuf::from(arguments.value().map_err(misread)?)),
            Arg::Long("budget") => budget = Some(arguments.value().and_then(|value| value.parse()).map_err(misread)?),
            Arg::Long("module") => module = Some(PathBuf::from(arguments.value().map_err(misread)?)),
            Arg::Short('h') | Arg::Long("help") => {
                println!("{USAGE}");
                return Ok(());
            }
            other => return Err(misread(other.unexpected())),
        }
    }
    if let Some(module) = module {
        print!("{}", page_size::inside(&module).map_err(|error| error.to_string())?);
        return Ok(());
    }
    let dist = dist.ok_or_else(|| format!("Which build?\n{USAGE}"))?;
    let budget: PathBuf = budget.ok_or_else(|| format!("Which budget?\n{USAGE}"))?;
    answer(&dist, &budget).map_err(|error| error.to_string())
}

fn answer(dist: &std::path::Path, budget: &std::path::Path) -> Result<(), page_size::Error> {
    let budget = page_size::budget(budget)?;
    let files = page_size::weigh(dist)?;
    let weights = page_size::ways(&budget, &files)?;
    print!("{}", page_size::tables(&budget, &files, &weights));
    page_size::check(&budget, &weights)
}
