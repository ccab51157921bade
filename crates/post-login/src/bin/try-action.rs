//! Runs the post-login Action for a sample user and prints what came of it. Exit status 1 when the login is denied or
//! the Action fails, 2 when it was called wrongly.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use lexopt::{Arg, Parser, ValueExt};
use post_login::{Action, Event, EventError, LoadError, Run, Stopped};
use serde_json::{Map, Value};

const HELP: &str = "\
Runs the tenant's post-login Action as Auth0 would, for a sample user, and prints the claims it sets and what it logs.

Usage: try-action --user FILE [OPTIONS]

  --user FILE                 the user and the connection they use, such as infra/auth0/samples/amazon.json
  --request-role ROLE         the role that the authorization request asks for
  --social-connections LIST   the application's social_connections   [the template's default]
  --action FILE               the Action                             [infra/auth0/actions/post-login/code.js]
  --help, --version
";

/// A sample is a few hundred bytes.
const LARGEST_SAMPLE: u64 = 100_000;

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}; --help lists the options")]
    Option(#[from] lexopt::Error),
    #[error("--user is missing: the file of a sample user, such as infra/auth0/samples/amazon.json")]
    NoUser,
    #[error("the sample {} can't be read: {source}; there are some in infra/auth0/samples", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the sample {} is larger than {} kB", path.display(), LARGEST_SAMPLE / 1_000)]
    TooLarge { path: PathBuf },
    #[error("the sample {} is no JSON: {source}", path.display())]
    NoJson { path: PathBuf, source: serde_json::Error },
    #[error("the sample {} can't be used: {source}", path.display())]
    NoLogin { path: PathBuf, source: EventError },
    #[error(transparent)]
    Action(#[from] LoadError),
}

struct Options {
    user: PathBuf,
    role: Option<String>,
    social_connections: Option<String>,
    action: PathBuf,
}

enum Command {
    Try(Options),
    Say(&'static str),
}

fn main() -> ExitCode {
    let said = match Command::parse(std::env::args_os().skip(1)) {
        Ok(Command::Say(text)) => say(text).map(|()| ExitCode::SUCCESS),
        Ok(Command::Try(options)) => match attempt(&options) {
            Ok((report, code)) => say(&report).map(|()| code),
            Err(error) => return fail(&error),
        },
        Err(error) => return fail(&error),
    };
    said.unwrap_or(ExitCode::FAILURE)
}

impl Command {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let (mut user, mut role, mut social_connections) = (None, None, None);
        let mut action = PathBuf::from("infra/auth0/actions/post-login/code.js");
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Say(HELP)),
                Arg::Long("version") | Arg::Short('V') => {
                    return Ok(Self::Say(concat!("try-action ", env!("CARGO_PKG_VERSION"), "\n")));
                }
                Arg::Long("user") => user = Some(parser.value()?.into()),
                Arg::Long("request-role") => role = Some(parser.value()?.string()?),
                Arg::Long("social-connections") => social_connections = Some(parser.value()?.string()?),
                Arg::Long("action") => action = parser.value()?.into(),
                other => return Err(other.unexpected().into()),
            }
        }
        let user = user.ok_or(Error::NoUser)?;
        Ok(Self::Try(Options { user, role, social_connections, action }))
    }
}

fn attempt(options: &Options) -> Result<(String, ExitCode), Error> {
    let mut event = sample(&options.user)?;
    if let Some(role) = &options.role {
        event.ask("role", role);
    }
    if let Some(list) = &options.social_connections {
        event.set_client_metadata("social_connections", list);
    }
    let action = Action::load(&options.action)?;
    let run = action.run(&event);
    let code = if run.result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    Ok((report(options, &event, &run), code))
}

fn sample(path: &Path) -> Result<Event, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let mut text = Vec::new();
    File::open(path).map_err(unreadable)?.take(LARGEST_SAMPLE + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LARGEST_SAMPLE {
        return Err(Error::TooLarge { path: path.to_owned() });
    }
    let given = serde_json::from_slice(&text).map_err(|source| Error::NoJson { path: path.to_owned(), source })?;
    Event::complete(given).map_err(|source| Error::NoLogin { path: path.to_owned(), source })
}

/// What happened, for a person.
fn report(options: &Options, event: &Event, run: &Run) -> String {
    // Escaped: a terminal must not obey a sample.
    let of = |pointer| event.text(pointer).unwrap_or("?").escape_debug();
    let mut text = format!("{}\n", options.action.display());
    text += &format!("user          {}\n", of("/user/user_id"));
    text += &format!("signed in     through {} ({})\n", of("/connection/name"), of("/connection/strategy"));
    text +=
        &format!("asked for     {}\n", options.role.as_deref().map_or("no role".into(), |role| format!("{role:?}")));
    for line in &run.logged {
        text += &format!("logged        {line}\n");
    }
    if run.logged.is_empty() {
        text += "logged        nothing\n";
    }
    for warning in &run.warnings {
        text += &format!("warning       {warning}\n");
    }
    match &run.result {
        Ok(claims) => {
            text += &set("ID token", &claims.id_token);
            if !claims.access_token.is_empty() {
                text += &set("access token", &claims.access_token);
            }
            text + "\nThe login goes on.\n"
        }
        Err(Stopped::Denied(reason)) => text + &format!("\nThe login is denied: {reason:?}\n"),
        Err(Stopped::Failed(failure)) => text + &format!("\nThe login fails with its Action: {failure}\n"),
    }
}

fn set(token: &str, claims: &Map<String, Value>) -> String {
    if claims.is_empty() {
        return format!("{token:<13} no claims of its own\n");
    }
    claims.iter().map(|(name, value)| format!("{token:<13} {name} = {value}\n")).collect()
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn fail(error: &Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "try-action: {error}");
    let wrong_call = matches!(error, Error::Option(_) | Error::NoUser);
    if wrong_call { 2.into() } else { ExitCode::FAILURE }
}
