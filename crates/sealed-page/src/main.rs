//! `seal-page`: what Trunk runs when it has built the page, on the folder that it names.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use sealed_page::Error;

fn main() -> ExitCode {
    let folder = env::args_os().nth(1).or_else(|| env::var_os("TRUNK_STAGING_DIR")).map(PathBuf::from);
    let is_optimised = env::var_os("TRUNK_PROFILE").is_none_or(|profile| profile != "debug");
    let outcome = match folder {
        Some(folder) => finish(&folder, is_optimised).map_err(|error| error.to_string()),
        None => Err("Which build? Trunk says so in TRUNK_STAGING_DIR; by hand: seal-page FOLDER.".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}

fn finish(folder: &Path, is_optimised: bool) -> Result<(), Error> {
    // Cargo builds the page and this program into one folder.
    let here = env::current_exe().ok().and_then(|program| Some(program.parent()?.parent()?.to_owned()));
    let built = here.map(|target| target.join("wasm32-unknown-unknown/release/pets.wasm"));
    if let Some(built) = built.filter(|_| is_optimised) {
        split(folder, &built)?;
    }
    sealed_page::seal(folder, is_optimised)
}

/// By a program of its own, so that nobody waits for its tools to be built who only builds to try something.
fn split(folder: &Path, built: &Path) -> Result<(), Error> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--package", "split-page", "--"]).args([folder, built]);
    if cargo.status().map_err(Error::NoCargo)?.success() { Ok(()) } else { Err(Error::NotSplit) }
}

#[expect(clippy::print_stderr, reason = "this is what the person who builds the page reads")]
fn say(error: &str) {
    eprintln!("The page can't be sealed. {error}");
}
