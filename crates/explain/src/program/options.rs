//! The command line.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use explain::{Call, NotACall};
use lexopt::{Arg, Parser, ValueExt};

/// The text of `--help`.
pub const HELP: &str = "\
Explains who may do what by a CloudFormation template: the way from a sign-in to a call in five steps, and which
statement on which line decided. It reads files and asks no server.

Usage: explain [--sub SUBJECT | --token FILE | --request FILE] [--call CALL] [OPTIONS]
       explain --matrix [OPTIONS]

Who asks; nobody signed in, without one of these:
  --sub SUBJECT           the ID token's sub, such as 'amazon|fred'
    --aud ID              its aud                         [the client of the template's OIDC provider]
    --issuer URL          its iss                         [the template's OIDC provider]
    --amr METHOD          one of its amr; may be repeated
  --token FILE            a file with an ID token, - for standard input; its signature is not checked
  --request FILE          a recorded request, as HTTP/1.1 text or as HAR, - for standard input
    --entry N             which of a HAR's requests

What for:
  --call 'METHOD PATH'    the call behind the stage, such as 'DELETE /pets/1'
  --role NAME|ARN         the role that is asked for      [the one that the app picks]
  --matrix                every call by every role

By which documents:
  --template FILE         any template, in YAML or JSON   [infra/template.yaml]
  --parameter NAME=VALUE  a parameter, or AWS::AccountId, AWS::Region, …; may be repeated
  --context KEY=VALUE     a condition key of the request, such as aws:SourceIp=192.0.2.1; may be repeated

How:
  --short                 the sentence of each step and no more
  --json                  as JSON
  --color, --no-color     with colours or without         [with them on a terminal, unless NO_COLOR is set]
  --help, --version

Exit status: 0 allowed, 1 refused, 2 can't say.
";

const OWN: &str = "infra/template.yaml";

/// What a command line asks for.
pub enum Command {
    /// An answer.
    Explain(Box<Options>),
    /// [`HELP`]
    Help,
    /// The version.
    Version,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// On a terminal.
    Terminal,
    /// Whatever reads it.
    Always,
    /// Not at all.
    Never,
}

/// The options.
pub struct Options {
    pub sub: Option<String>,
    pub aud: Option<String>,
    pub issuer: Option<String>,
    pub amr: Vec<String>,
    pub token: Option<PathBuf>,
    pub request: Option<PathBuf>,
    pub entry: Option<usize>,
    pub call: Option<Call>,
    pub role: Option<String>,
    pub matrix: bool,
    template: Option<PathBuf>,
    given: BTreeMap<String, String>,
    pub context: Vec<(String, String)>,
    pub short: bool,
    pub json: bool,
    pub paint: Paint,
}

/// What is wrong with a command line.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("{0}; --help lists the options")]
    Option(#[from] lexopt::Error),
    #[error("--call {0:?} is {1}")]
    Call(String, NotACall),
    #[error("{option} {value:?} has no value; write {option} {example}")]
    Pair { option: &'static str, value: String, example: &'static str },
    #[error("--entry {0:?} is no number; the first request of a file is 1")]
    Entry(String),
    #[error("--sub, --token and --request each say who asks; give one of them")]
    SeveralPeople,
    #[error("{0} says more about --sub; give --sub, too")]
    Alone(&'static str),
    #[error("--matrix is about every call and every role; leave {0} out")]
    Matrix(&'static str),
    #[error(
        "nothing is asked: give --call, --matrix, or who asks (--sub, --token, --request); --help lists the options"
    )]
    Nothing,
}

impl Command {
    /// Reads the arguments behind the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, UsageError> {
        let mut options = Options::default();
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("version") | Arg::Short('V') => return Ok(Self::Version),
                Arg::Long("sub") => options.sub = Some(parser.value()?.string()?),
                Arg::Long("aud") => options.aud = Some(parser.value()?.string()?),
                Arg::Long("issuer") => options.issuer = Some(parser.value()?.string()?),
                Arg::Long("amr") => options.amr.push(parser.value()?.string()?),
                Arg::Long("token") => options.token = Some(parser.value()?.into()),
                Arg::Long("request") => options.request = Some(parser.value()?.into()),
                Arg::Long("entry") => {
                    let value = parser.value()?.string()?;
                    let number = value.parse().ok().filter(|number| *number > 0);
                    options.entry = Some(number.ok_or(UsageError::Entry(value))?);
                }
                Arg::Long("call") => {
                    let value = parser.value()?.string()?;
                    options.call = Some(value.parse().map_err(|error| UsageError::Call(value, error))?);
                }
                Arg::Long("role") => options.role = Some(parser.value()?.string()?),
                Arg::Long("matrix") => options.matrix = true,
                Arg::Long("template") => options.template = Some(parser.value()?.into()),
                Arg::Long("parameter") => {
                    let (name, value) = pair("--parameter", "Name=Value", parser.value()?.string()?)?;
                    options.given.insert(name, value);
                }
                Arg::Long("context") => {
                    options.context.push(pair("--context", "aws:SourceIp=192.0.2.1", parser.value()?.string()?)?);
                }
                Arg::Long("short") => options.short = true,
                Arg::Long("json") => options.json = true,
                Arg::Long("color") => options.paint = Paint::Always,
                Arg::Long("no-color") => options.paint = Paint::Never,
                other => return Err(other.unexpected().into()),
            }
        }
        options.check()?;
        Ok(Self::Explain(Box::new(options)))
    }
}

fn pair(option: &'static str, example: &'static str, value: String) -> Result<(String, String), UsageError> {
    match value.split_once('=') {
        Some((name, rest)) if !name.is_empty() => Ok((name.to_owned(), rest.to_owned())),
        _ => Err(UsageError::Pair { option, value, example }),
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sub: None,
            aud: None,
            issuer: None,
            amr: Vec::new(),
            token: None,
            request: None,
            entry: None,
            call: None,
            role: None,
            matrix: false,
            template: None,
            given: BTreeMap::new(),
            context: Vec::new(),
            short: false,
            json: false,
            paint: Paint::Terminal,
        }
    }
}

impl Options {
    fn check(&self) -> Result<(), UsageError> {
        let people = [self.sub.is_some(), self.token.is_some(), self.request.is_some()];
        // A recorded call doesn't say who signed it: --sub may.
        if people == [true, true, false] || people.iter().all(|given| *given) || people == [false, true, true] {
            return Err(UsageError::SeveralPeople);
        }
        if self.sub.is_none() {
            let details =
                [("--aud", self.aud.is_some()), ("--issuer", self.issuer.is_some()), ("--amr", !self.amr.is_empty())];
            if let Some((option, _)) = details.iter().find(|(_, given)| *given) {
                return Err(UsageError::Alone(option));
            }
        }
        if self.matrix {
            let others = [
                ("--call", self.call.is_some()),
                ("--role", self.role.is_some()),
                ("--token", self.token.is_some()),
                ("--request", self.request.is_some()),
            ];
            if let Some((option, _)) = others.iter().find(|(_, given)| *given) {
                return Err(UsageError::Matrix(option));
            }
        } else if self.call.is_none() && people == [false; 3] {
            return Err(UsageError::Nothing);
        }
        Ok(())
    }

    /// The template: the one that is named, or the project's own, from wherever in the project this is called.
    pub fn template(&self) -> PathBuf {
        if let Some(file) = &self.template {
            return file.clone();
        }
        let depth = std::env::current_dir().map_or(0, |here| here.ancestors().count());
        let mut above = (0..depth).map(|levels| PathBuf::from("../".repeat(levels) + OWN));
        above.find(|file| file.exists()).unwrap_or_else(|| OWN.into())
    }

    /// The template's parameters. What the project's own has no default for is as the local stack sets it.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let local = [("Auth0Domain", "localhost:9000"), ("IssuerPath", "/idp/"), ("Auth0ClientId", "pets-spa")];
        let local = local.into_iter().filter(|_| self.template.is_none() && !self.given.contains_key("Auth0Domain"));
        let mut parameters: BTreeMap<_, _> = local.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        if self.template.is_none() {
            parameters.entry("Auth0ClientId".to_owned()).or_insert_with(|| "pets-spa".to_owned());
        }
        parameters.extend(self.given.clone());
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, UsageError> {
        match Command::parse(arguments.iter().map(OsString::from))? {
            Command::Explain(options) => Ok(*options),
            _ => panic!("{arguments:?} asks for something else"),
        }
    }

    #[test]
    fn the_own_template_needs_no_parameters_and_takes_a_tenant() {
        let local = parse(&["--matrix"]).unwrap().parameters();
        assert_eq!((local["Auth0Domain"].as_str(), local["IssuerPath"].as_str()), ("localhost:9000", "/idp/"));
        let tenant = parse(&["--matrix", "--parameter", "Auth0Domain=t.auth0.com"]).unwrap().parameters();
        assert_eq!(tenant["Auth0Domain"], "t.auth0.com");
        assert!(!tenant.contains_key("IssuerPath"));
        assert!(parse(&["--matrix", "--template", "x"]).unwrap().parameters().is_empty());
    }

    #[test]
    fn bad_usage_says_what_to_write() {
        for (arguments, remedy) in [
            (&[][..], "--call"),
            (&["--call", "pets"], "DELETE /pets/1"),
            (&["--sub", "a|b", "--token", "x"], "one of them"),
            (&["--token", "x", "--request", "y"], "one of them"),
            (&["--aud", "x", "--call", "GET /"], "--sub"),
            (&["--matrix", "--call", "GET /pets"], "leave --call out"),
            (&["--parameter", "x"], "Name=Value"),
            (&["--context", "=x"], "aws:SourceIp"),
            (&["--entry", "0"], "first"),
            (&["--nonsense"], "--help"),
            (&["extra"], "--help"),
        ] {
            let error = parse(arguments).err().unwrap().to_string();
            assert!(error.contains(remedy), "{arguments:?}: {error}");
        }
    }
}
