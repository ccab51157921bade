//! `split-page FOLDER MODULE`: what `seal-page` runs on an optimised build before it seals it. The folder is Trunk's, the
//! module cargo's.

use std::{env, path::Path, process::ExitCode};

#[expect(clippy::print_stderr, reason = "this is what the person who builds the page reads")]
fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [folder, built] = arguments.as_slice() else {
        eprintln!("Which page? split-page FOLDER MODULE.");
        return ExitCode::FAILURE;
    };
    match split_page::split(Path::new(folder), Path::new(built)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The page can't be split. {error}");
            ExitCode::FAILURE
        }
    }
}
