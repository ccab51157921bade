//! The commands of the project: `cargo xtask serve`, `cargo xtask test` and what they need to be set up.
//!
//! Each command is a module that parses its own arguments. Nothing here may be needed by the shop itself: no other
//! package depends on this one. The next step from a command is [`setup`], which installs what the command needs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

mod bench;
mod binary;
mod break_walls;
mod build_lambda;
mod deploy;
mod explain;
mod failure;
mod fuzz;
mod logged;
mod page;
mod program;
mod project;
mod serve;
mod setup;
mod size;
mod test;
mod tidy;
mod try_action;

use std::process::ExitCode;

use failure::{Failure, Result};
use project::Project;

const USAGE: &str = "\
cargo xtask COMMAND [OPTIONS]

  serve          set up what is missing, start the local stack and the page, print the address
  test           set up what is missing, then run every test
  setup          only set up what `serve` and `test` need
  build-lambda   make the zips of the functions for AWS Lambda
  deploy         bring the shop into an AWS account: stack, functions, page
  destroy        take it down
  size           weigh the page, and hold it against its budget
  explain        say who may do what by the template's documents, and why
  try-action     run the tenant's post-login Action for a sample user
  fuzz           drive the fuzz targets for a while
  bench          measure the local stack and the page, beside what others offer for the same
  break-walls    break each line that verifies something, in a copy, and demand a red test

`cargo xtask COMMAND --help` lists the options of a command.";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next().map_err(usage_error)? {
        None => return Err(Failure::new("A command is missing.").remedy(USAGE)),
        Some(lexopt::Arg::Short('h') | lexopt::Arg::Long("help")) => {
            println!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(lexopt::Arg::Value(command)) => command,
        Some(other) => return Err(usage_error(other.unexpected())),
    };
    let project = Project::find()?;
    match command.to_str() {
        Some("bench") => bench::run(&project, arguments),
        Some("break-walls") => break_walls::run(&project, arguments),
        Some("build-lambda") => build_lambda::run(&project, arguments),
        Some("deploy") => deploy::deploy(&project, arguments),
        Some("destroy") => deploy::destroy(&project, arguments),
        Some("explain") => explain::run(&project, arguments),
        Some("fuzz") => fuzz::run(&project, arguments),
        Some("serve") => serve::run(&project, arguments),
        Some("setup") => setup::run(&project, arguments),
        Some("size") => size::run(&project, arguments),
        Some("test") => test::run(&project, arguments),
        Some("try-action") => try_action::run(&project, arguments),
        _ => Err(Failure::new(format!("There is no command {}.", command.display())).remedy(USAGE)),
    }
}

/// What is wrong with the arguments, in the words of the parser.
fn usage_error(error: lexopt::Error) -> Failure {
    Failure::new(format!("The arguments aren't understood: {error}.")).remedy("Add --help to see what there is.")
}
