//! What a deploy or a destroy is told on its command line. Credentials are never an option: they come from where AWS's
//! own tools take them.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::error::{Error, Result};

/// What a command line asks for.
pub enum Command {
    /// Only the checks that come before a build; its last line is what the build must know.
    Check(Options),
    /// Bring the shop into the account.
    Deploy(Options),
    /// Take it down.
    Destroy(Options),
    /// [`HELP`]
    Help,
}

/// The options; each command reads its own.
#[derive(Clone, Debug)]
pub struct Options {
    /// The stack's name.
    pub stack: String,
    /// Over `AWS_REGION` and the profile's.
    pub region: Option<String>,
    /// Over `AWS_PROFILE`.
    pub profile: Option<String>,
    /// Values for the template's parameters, as given.
    pub parameters: Vec<(String, String)>,
    /// Values for `config.json`, over the stack's outputs.
    pub config: Vec<(String, String)>,
    /// The template.
    pub template: PathBuf,
    /// The built page.
    pub dist: PathBuf,
    /// The folder with a folder of zips for each architecture.
    pub functions: PathBuf,
    /// Where zips are kept; without it, a name made of account and region.
    pub artifact_bucket: Option<String>,
    /// How long a file that the page no longer names stays.
    pub grace: Duration,
    /// Address buckets by path.
    pub path_style: bool,
    /// Take a change of the table that may replace it, after a look at what it is.
    pub accept_table_change: bool,
    /// Show the plan only.
    pub dry_run: bool,
    /// Don't ask.
    pub yes: bool,
    /// Destroy the artifacts, too.
    pub artifacts: bool,
    /// Destroy the table, too.
    pub table: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            stack: "pets".into(),
            region: None,
            profile: None,
            parameters: Vec::new(),
            config: Vec::new(),
            template: "infra/template.yaml".into(),
            dist: "dist".into(),
            functions: "target/lambda".into(),
            artifact_bucket: None,
            grace: Duration::from_secs(7 * 24 * 60 * 60),
            path_style: false,
            accept_table_change: false,
            dry_run: false,
            yes: false,
            artifacts: false,
            table: false,
        }
    }
}

/// The text of `--help`.
pub const HELP: &str = "\
Brings the shop into an AWS account: stack, functions, page. Run again, it changes what is different.

  cargo xtask deploy [OPTIONS]
  cargo xtask destroy [OPTIONS]

Credentials come from where the AWS CLI takes them: environment, profile, SSO, the machine's role.

Both
  --stack NAME             the stack's name                       [pets]
  --region REGION          over AWS_REGION and the profile's
  --profile NAME           over AWS_PROFILE
  --artifact-bucket NAME   where the zips are kept                [pets-artifacts-ACCOUNT-REGION]
  --path-style             address buckets by path; done by itself where AWS_ENDPOINT_URL is this machine
  --yes                    don't ask

deploy
  --dry-run                show the whole plan and change nothing
  --parameter NAME=VALUE   a parameter of the template, again for each; on later deploys values stay unless given
                           The first deploy needs Auth0Domain and Auth0ClientId.
  --config KEY=VALUE       a value of config.json in place of the stack's output, such as apiUrl=https://api.example.com
  --grace DAYS             how long files stay that the page no longer names  [7]
  --accept-table-change    take a change of the table that CloudFormation can't tell to be harmless, such as a new index
  --no-build               take the page and the functions as they were built before
  --template FILE          [infra/template.yaml]
  --dist FOLDER            the built page                         [dist]
  --functions FOLDER       the functions' zips, by architecture   [target/lambda]

destroy
  --artifacts              delete the bucket with the zips as well
  --table                  delete the table as well, and with it the pets
";

impl Command {
    /// Reads the arguments behind the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let mut parser = Parser::from_args(arguments);
        let name = match next(&mut parser)? {
            Some(Arg::Value(name)) => name.to_string_lossy().into_owned(),
            Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Self::Help),
            _ => return Err(Error::Usage("A command is missing: deploy or destroy.".into())),
        };
        let make = match name.as_str() {
            "check" => Self::Check,
            "deploy" => Self::Deploy,
            "destroy" => Self::Destroy,
            _ => return Err(Error::Usage(format!("There is no command {name}."))),
        };
        let destroys = name == "destroy";
        let mut options = Options::default();
        while let Some(argument) = next(&mut parser)? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("stack") => options.stack = stack_name(value(&mut parser)?)?,
                Arg::Long("region") => options.region = Some(value(&mut parser)?),
                Arg::Long("profile") => options.profile = Some(value(&mut parser)?),
                Arg::Long("artifact-bucket") => options.artifact_bucket = Some(value(&mut parser)?),
                Arg::Long("path-style") => options.path_style = true,
                Arg::Long("yes") => options.yes = true,
                Arg::Long("artifacts") if destroys => options.artifacts = true,
                Arg::Long("table") if destroys => options.table = true,
                Arg::Long("accept-table-change") if !destroys => options.accept_table_change = true,
                Arg::Long("dry-run") if !destroys => options.dry_run = true,
                Arg::Long("parameter") if !destroys => options.parameters.push(pair("--parameter", &mut parser)?),
                Arg::Long("config") if !destroys => options.config.push(pair("--config", &mut parser)?),
                Arg::Long("grace") if !destroys => options.grace = days(&value(&mut parser)?)?,
                Arg::Long("template") if !destroys => options.template = value(&mut parser)?.into(),
                Arg::Long("dist") if !destroys => options.dist = value(&mut parser)?.into(),
                Arg::Long("functions") if !destroys => options.functions = value(&mut parser)?.into(),
                other => return Err(usage(&other.unexpected())),
            }
        }
        Ok(make(options))
    }
}

fn usage(error: &lexopt::Error) -> Error {
    Error::Usage(format!("The arguments aren't understood: {error}."))
}

fn next(parser: &mut Parser) -> Result<Option<Arg<'_>>> {
    parser.next().map_err(|error| usage(&error))
}

fn value(parser: &mut Parser) -> Result<String> {
    parser.value().and_then(|value| value.string()).map_err(|error| usage(&error))
}

fn pair(option: &str, parser: &mut Parser) -> Result<(String, String)> {
    let text = value(parser)?;
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Error::Usage(format!("{option} {text} has no value: write {option} NAME=VALUE."))),
    }
}

/// As CloudFormation takes it.
fn stack_name(name: String) -> Result<String> {
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 128
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_name {
        return Ok(name);
    }
    Err(Error::Usage(format!("--stack {name} is no stack's name: letters, digits and hyphens, a letter first.")))
}

fn days(text: &str) -> Result<Duration> {
    let days = text.parse::<u32>().ok().filter(|days| *days <= 3650);
    let days = days.ok_or_else(|| Error::Usage(format!("--grace {text} is no number of days, such as 7.")))?;
    Ok(Duration::from_secs(u64::from(days) * 24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Command> {
        Command::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn options_go_over_the_defaults() {
        let arguments = ["deploy", "--stack", "shop", "--parameter", "A=b=c", "--parameter=D=", "--grace", "0"];
        let Command::Deploy(options) = parse(&arguments).unwrap() else { panic!("another command") };
        assert_eq!((options.stack.as_str(), options.grace), ("shop", Duration::ZERO));
        assert_eq!(options.parameters, [("A".into(), "b=c".into()), ("D".into(), String::new())]);
        assert!(matches!(parse(&["destroy", "--table"]), Ok(Command::Destroy(options)) if options.table));
        assert!(matches!(parse(&["deploy", "--help"]), Ok(Command::Help)));
    }

    #[test]
    fn bad_usage_names_what_is_wrong() {
        for (arguments, named) in [
            (&[][..], "deploy or destroy"),
            (&["undeploy"], "undeploy"),
            (&["deploy", "--table"], "--table"),
            (&["destroy", "--dry-run"], "--dry-run"),
            (&["deploy", "--parameter", "Auth0Domain"], "NAME=VALUE"),
            (&["deploy", "--parameter", "=x"], "NAME=VALUE"),
            (&["deploy", "--stack", "my_shop"], "my_shop"),
            (&["deploy", "--grace", "-1"], "days"),
            (&["deploy", "extra"], "extra"),
        ] {
            let error = parse(arguments).err().unwrap().to_string();
            assert!(error.contains(named) && error.contains("--help"), "{arguments:?}: {error}");
        }
    }
}
