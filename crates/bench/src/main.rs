//! What the project measures of itself, as tables: `cargo xtask bench` builds this and what it measures, and runs it.
//! Nothing here is asserted about time; only that what is measured does what it must. Next: `server` for the local stack
//! and the engine under it, `steps` for what one request is made of, `browser` for the page, `builds` for the compiler.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

mod browser;
mod builds;
mod failure;
mod machine;
mod options;
mod report;
mod server;
mod steps;
mod summary;
mod table;

use std::{process::ExitCode, thread, time::Instant};

use failure::{Failure, Result};
use options::{Command, Options};
use report::Report;
use server::Setting;
use table::Table;

/// As the local stack has it: the engine alone is measured in this process, and must not be slower for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Options::parse(std::env::args_os().skip(1)) {
        Ok(Command::Help) => {
            println!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Parts(parts)) => {
            println!("{}", parts.join("\n"));
            ExitCode::SUCCESS
        }
        Ok(Command::Measure(options)) => match run(&options) {
            Ok(code) => code,
            Err(failure) => {
                eprintln!("bench: {failure}");
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures part after part. One that fails is told of at the end, and takes nothing of the others with it.
fn run(options: &Options) -> Result<ExitCode> {
    let setting = Setting::new(options)?;
    let mut report = Report::begin(options)?;
    println!("{}\n", report.head());
    for part in &options.parts {
        eprintln!("bench: {part}");
        let begin = Instant::now();
        // What panics is one part that failed, too.
        let found = thread::scope(|scope| scope.spawn(|| measure(part, &setting)).join());
        let found = found.unwrap_or_else(|_| Err(Failure::wrong("it panicked; what it says is above")));
        report.add(part, found)?;
        eprintln!("bench: {part} took {:.0} s", begin.elapsed().as_secs_f64());
    }
    Ok(report.end())
}

fn measure(part: &str, setting: &Setting) -> Result<Vec<Table>> {
    match part {
        steps::PART => steps::tables(setting),
        builds::PART => builds::tables(setting),
        part if browser::PARTS.contains(&part) => browser::measure(part, setting),
        part => server::measure(part, setting),
    }
}
