//! The program of `cargo xtask explain`: reads the command line, the documents and who asks, and prints the journey or the
//! table. Exit status 0 for allowed, 1 for refused, 2 where it can't say. It never prints a token or a signature, and
//! escapes what a terminal would take for orders.

mod asked;
mod options;
mod print;
mod recorded;
mod token;

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    net::Ipv4Addr,
    process::ExitCode,
};

use domain::{Journey, Verdict};
use explain::{circumstances, journey, table, unsigned};
use template::Documents;
use time::OffsetDateTime;

use asked::{Asked, Who};
use options::{Command, HELP, Options, Paint};
use print::Printer;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Usage(#[from] options::UsageError),
    #[error(transparent)]
    Template(#[from] template::Error),
    #[error(transparent)]
    Asked(#[from] asked::AskedError),
    #[error("the answer can't be written: {0}")]
    Output(#[from] io::Error),
}

/// Can't say.
const UNKNOWN: u8 = 2;

/// Runs it.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let answered = match Command::parse(arguments) {
        Ok(Command::Explain(options)) => answer(&options),
        Ok(Command::Help) => say(HELP).map(|()| 0),
        Ok(Command::Version) => say(concat!("explain ", env!("CARGO_PKG_VERSION"), "\n")).map(|()| 0),
        Err(error) => Err(error.into()),
    };
    match answered {
        Ok(status) => status.into(),
        // Whoever reads it has read enough.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => UNKNOWN.into(),
        Err(error) => {
            let error = error.to_string();
            let lines: Vec<_> = error.lines().map(print::visible).collect();
            let _ = writeln!(io::stderr(), "explain: {}", lines.join("\n"));
            UNKNOWN.into()
        }
    }
}

fn answer(options: &Options) -> Result<u8, Error> {
    let documents = Documents::load(&options.template(), &options.parameters())?;
    let view = documents.view();
    // First, for it may be why what follows can't be said, and the last line is the verdict's.
    for unread in view.passed_over {
        let text = format!("{}:{}: {}", view.file, unread.line, unread.message);
        writeln!(io::stderr(), "explain: not understood: {}", print::visible(&text))?;
    }
    let now = OffsetDateTime::now_utc();
    let mut context = circumstances(now, Ipv4Addr::LOCALHOST.into(), None);
    for (key, value) in &options.context {
        context.insert(key, value.clone());
    }
    let mut printer = Printer::new(io::stdout().lock(), colours(options.paint), options.short);
    let status = if options.matrix {
        let person = asked::subject(options, view)?;
        let table = table(view, person.as_ref(), &context);
        if options.json {
            json(&table)?
        } else {
            printer.table(&table)?
        }
        let unsure = table.calls.iter().flat_map(|row| &row.cells).any(|cell| cell.verdict == Verdict::Unknown);
        if unsure || !view.passed_over.is_empty() { UNKNOWN } else { 0 }
    } else {
        let Asked { who, role, call } = Asked::read(options, view)?;
        let journey = match &who {
            Who::Visitor => unsigned(view, call.as_ref()),
            Who::Person(person) => journey(view, person, role.as_deref(), call.as_ref(), &context),
            Who::Token(token) => {
                token.judge(journey(view, &token.person, role.as_deref(), call.as_ref(), &context), now)
            }
        };
        if options.json {
            json(&journey)?
        } else {
            printer.journey(&journey)?
        }
        status(&journey)
    };
    Ok(status)
}

fn status(journey: &Journey) -> u8 {
    match journey.verdict {
        Verdict::Allowed => 0,
        Verdict::Refused => 1,
        Verdict::Unknown => UNKNOWN,
    }
}

fn colours(paint: Paint) -> bool {
    match paint {
        Paint::Always => true,
        Paint::Never => false,
        // https://no-color.org
        Paint::Terminal => {
            io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

fn json(value: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    say(&print::without_tokens(&format!("{text}\n")))
}

fn say(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
