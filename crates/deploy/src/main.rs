//! `deploy deploy` and `deploy destroy`; `cargo xtask` builds first and then runs them.

use std::{
    env,
    io::{Write as _, stderr, stdout},
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
            let _ = writeln!(stderr(), "\n{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match Command::parse(env::args_os().skip(1))? {
        Command::Help => drop(writeln!(stdout(), "{HELP}")),
        Command::Check(options) => check(&options).await?,
        Command::Deploy(options) => deploy(&options, now).await?,
        Command::Destroy(options) => destroy(&options).await?,
    }
    Ok(())
}
