//! `explain`: who may do what by a template's documents, and why. It reads files and nothing else.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::run(std::env::args_os().skip(1))
}
