//! What the project measures of itself, as tables: `cargo xtask bench` builds this and what it measures, and runs it.
//! Nothing here is asserted about time; only that what is measured does what it must. Next: `server` for the local stack
//! and the engine under it, `steps` for what one request is made of, `browser` for the page, `builds` for the compiler.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

mod browser;
mod builds;
mod failure;
mod machine;
mod options;
mod server;
mod steps;
mod summary;
mod table;

use std::{fs, process::ExitCode};

use failure::{Doing, Result};
use machine::Machine;
use options::{Command, Options};
use serde_json::{Value, json};
use server::Setting;

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
            Ok(()) => ExitCode::SUCCESS,
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

fn run(options: &Options) -> Result<()> {
    let machine = Machine::here();
    println!("{machine}\n");
    let setting = Setting::new(options)?;
    let mut tables: Vec<Value> = Vec::new();
    let mut text = format!(
        "Measured on {machine}. Each number is a median, and in brackets are the quartiles: half of the measurements lie \
         between them.\n"
    );
    for part in &options.parts {
        eprintln!("bench: {part}");
        let found = match part.as_str() {
            steps::PART => steps::tables(&setting)?,
            builds::PART => builds::tables(&setting)?,
            part if browser::PARTS.contains(&part) => browser::measure(part, &setting)?,
            part => server::measure(part, &setting)?,
        };
        for table in found {
            println!("{table}");
            text.push_str(&format!("\n{table}"));
            tables.push(table.to_json());
        }
        // After each part: what was measured isn't lost when a later part fails.
        if let Some(file) = &options.json {
            let all = json!({ "machine": machine.to_json(), "quick": options.quick, "tables": tables });
            fs::write(file, format!("{all:#}\n")).doing(format!("write {}", file.display()))?;
        }
        if let Some(file) = &options.markdown {
            fs::write(file, &text).doing(format!("write {}", file.display()))?;
        }
    }
    println!("Load at the end: {}", Machine::here().load);
    Ok(())
}
