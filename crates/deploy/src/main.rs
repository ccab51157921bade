//! `deploy deploy` and `deploy destroy`; `cargo xtask` builds first and then runs them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its terminal")]

use std::{
    env,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use deploy::{
    deploy::{check, deploy},
    destroy::destroy,
    error::Result,
    options::{Command, HELP},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match Command::parse(env::args_os().skip(1))? {
        Command::Help => println!("{HELP}"),
        Command::Check(options) => check(&options).await?,
        Command::Deploy(options) => deploy(&options, now).await?,
        Command::Destroy(options) => destroy(&options).await?,
    }
    Ok(())
}
