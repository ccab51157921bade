//! The command line. `cargo xtask bench` fills in where things are.

use std::{ffi::OsString, path::PathBuf};

use lexopt::{Arg, Parser, ValueExt};

use crate::{browser, builds, server, steps};

/// For people.
pub const HELP: &str = "\
cargo xtask bench [OPTIONS]

Measures the local stack, the page in Chromium, and with --builds the builds, beside what others offer for the same, and
prints tables: medians, and in brackets the quartiles.

  --only PART,…     only these: purchases, reads, store, start (together: server), steps,
                    first-load, list, signature (together: browser), builds
  --builds          the build times too; they take many minutes
  --quick           fewer rounds: about a quarter of an hour on two cores
  --markdown FILE   the tables into this file too
  --json FILE       the numbers into this file, for programs

It builds what it measures, optimised: the local stack, and the page unless only the server is measured. PETS_LOCAL_STACK
and PETS_DIST name builds to measure instead. Data goes below target/bench and is removed at the end; a shop of a million
pets takes about 2 GB there. A part that fails is told of at the end, and the other parts' tables are there all the same.";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// To be told what there is.
    Help,
    /// To name the parts that would be measured, for whoever has to build what they need.
    Parts(Vec<String>),
    /// To measure.
    Measure(Options),
}

/// What is to be measured, and with what.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The parts, in the order of the report.
    pub parts: Vec<String>,
    /// Fewer rounds.
    pub quick: bool,
    /// Where the numbers go for programs.
    pub json: Option<PathBuf>,
    /// Where the tables go for people.
    pub markdown: Option<PathBuf>,
    /// The project's folder.
    pub root: PathBuf,
    /// The local stack's program.
    pub program: PathBuf,
    /// Below which folder data is made.
    pub data: PathBuf,
}

/// Why a command line can't be followed.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// Not an option, or one without its value.
    #[error("{0}; start this with `cargo xtask bench`, and see --help")]
    Option(#[from] lexopt::Error),
    /// Nothing has this name.
    #[error("there is no part {0}; there are server ({server}), browser ({browser}), {all}",
        server = server::PARTS.join(", "), browser = browser::PARTS.join(", "), all = OTHERS.join(", "))]
    Part(String),
}

/// Parts beside those of the server.
const OTHERS: [&str; 2] = [steps::PART, builds::PART];

impl Options {
    /// Reads the arguments behind the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, UsageError> {
        let mut options = Self::default();
        let mut parser = Parser::from_args(arguments);
        let (mut with_builds, mut only_parts) = (false, false);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
                Arg::Long("only") => options.choose(&parser.value()?.string()?)?,
                Arg::Long("parts") => only_parts = true,
                Arg::Long("builds") => with_builds = true,
                Arg::Long("quick") => options.quick = true,
                Arg::Long("json") => options.json = Some(parser.value()?.into()),
                Arg::Long("markdown") => options.markdown = Some(parser.value()?.into()),
                Arg::Long("root") => options.root = parser.value()?.into(),
                Arg::Long("program") => options.program = parser.value()?.into(),
                Arg::Long("data") => options.data = parser.value()?.into(),
                other => return Err(other.unexpected().into()),
            }
        }
        if options.parts.is_empty() {
            options.parts =
                server::PARTS.into_iter().chain([steps::PART]).chain(browser::PARTS).map(str::to_owned).collect();
        }
        if with_builds && !options.parts.iter().any(|part| part == builds::PART) {
            options.parts.push(builds::PART.to_owned());
        }
        Ok(if only_parts { Command::Parts(options.parts) } else { Command::Measure(options) })
    }

    fn choose(&mut self, names: &str) -> Result<(), UsageError> {
        for name in names.split(',') {
            match name {
                "server" => self.parts.extend(server::PARTS.map(str::to_owned)),
                "browser" => self.parts.extend(browser::PARTS.map(str::to_owned)),
                name if is_part(name) => self.parts.push(name.to_owned()),
                name => return Err(UsageError::Part(name.to_owned())),
            }
        }
        Ok(())
    }
}

fn is_part(name: &str) -> bool {
    server::PARTS.contains(&name) || browser::PARTS.contains(&name) || OTHERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(arguments: &[&str]) -> Vec<String> {
        match Options::parse(arguments.iter().map(OsString::from)).unwrap() {
            Command::Measure(options) => options.parts,
            Command::Parts(parts) => parts,
            Command::Help => Vec::new(),
        }
    }

    #[test]
    fn without_a_choice_everything_is_measured_but_builds() {
        assert_eq!(parts(&[]), ["purchases", "reads", "store", "start", "steps", "first-load", "list", "signature"]);
        assert_eq!(parts(&["--builds"]).last().unwrap(), "builds");
    }

    #[test]
    fn parts_are_chosen_by_name_and_the_servers_together() {
        assert_eq!(parts(&["--only", "start,reads", "--only", "steps"]), ["start", "reads", "steps"]);
        assert_eq!(parts(&["--only", "server"]), server::PARTS);
        assert_eq!(parts(&["--only", "browser", "--parts"]), browser::PARTS);
    }

    #[test]
    fn a_part_that_is_not_there_is_named_with_those_that_are() {
        let words = Options::parse(["--only", "luck"].map(OsString::from)).unwrap_err().to_string();
        assert!(words.contains("luck") && words.contains("purchases") && words.contains("browser"), "{words}");
    }
}
