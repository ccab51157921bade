//! What a stack is told when it starts, and the command line that says so.

use std::{ffi::OsString, net::SocketAddr, path::PathBuf, sync::Arc};

use lexopt::{Arg, Parser, ValueExt};
use time::{Duration, OffsetDateTime};
use url::Url;

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The options of a stack.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; a loopback address.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// The template to obey.
    pub template: PathBuf,
    /// The post-login Action that the built-in issuer runs; without it, the project's own.
    pub action: Option<PathBuf>,
    /// The origin of the page.
    pub app_origin: String,
    /// The origin under which callers reach this stack; without it, `http://localhost` and the port.
    pub public_url: Option<String>,
    /// Another issuer in place of the built-in one.
    pub issuer: Option<String>,
    /// The page's client id at the issuer.
    pub client_id: String,
    /// A release build of the page to serve.
    pub dist: Option<PathBuf>,
    /// How long the built-in issuer's ID tokens last; without it, as long as the tenant's.
    pub token_life: Option<Duration>,
    /// The longest that session credentials last, whatever is asked for; without it, as the role says.
    pub credentials_life: Option<Duration>,
    /// Tells the time.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9000)),
            data: ".pets".into(),
            template: "infra/template.yaml".into(),
            action: None,
            app_origin: "http://localhost:8080".into(),
            public_url: None,
            issuer: None,
            client_id: "pets-spa".into(),
            dist: None,
            token_life: None,
            credentials_life: None,
            clock: Arc::new(OffsetDateTime::now_utc),
        }
    }
}

/// What a command line asks for.
pub enum Command {
    /// A stack.
    Serve(Box<Options>),
    /// [`HELP`]
    Help,
    /// The version.
    Version,
}

/// The text of `--help`.
pub const HELP: &str = "\
The issuer, STS and the API gateway of the shop in one process, obeying the template.

Usage: local-stack [OPTIONS]

  --listen ADDRESS      where to listen, on loopback      [127.0.0.1:9000; port 0 takes a free one]
  --data FOLDER         where pets and keys are kept      [.pets]
  --template FILE       the template to obey              [infra/template.yaml]
  --action FILE         the tenant's post-login Action    [infra/auth0/actions/post-login/code.js, or as it was built]
  --app-origin ORIGIN   where the page is served          [http://localhost:8080]
  --public-url ORIGIN   where callers reach this stack    [http://localhost and the port]
  --issuer URL          another OpenID Connect issuer in place of the built-in one
  --client-id ID        the page's client id              [pets-spa]
  --dist FOLDER         serve a release build of the page as well
  --help, --version

To try out what happens when something ends:
  --token-life SECONDS        how long an ID token lasts       [36000]
  --credentials-life SECONDS  how long credentials may last    [as the role says]
";

/// Why a command line can't be followed.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// Not an option, or one without its value.
    #[error("{0}; --help lists the options")]
    Option(#[from] lexopt::Error),
    /// Not an address.
    #[error("--listen {0:?} is no address; write an IP address and a port, such as 127.0.0.1:9000")]
    Address(String),
    /// Not loopback.
    #[error("--listen {0} is not a loopback address: the sample sign-ins are public, so nobody else may reach them")]
    NotLoopback(SocketAddr),
    /// Not an origin.
    #[error("{option} {value} is no origin; write scheme, host and port only, such as http://localhost:8080")]
    Origin {
        /// The option.
        option: &'static str,
        /// What was given.
        value: String,
    },
    /// Not an issuer.
    #[error(
        "--issuer {0} is no issuer; write its exact URL, https, or http on this machine, without query or fragment"
    )]
    Issuer(String),
    /// An issuer that isn't ours knows no client of ours.
    #[error("--issuer needs --client-id, the page's client id there")]
    ClientId,
    /// Not a number of seconds that it could be.
    #[error("{option} {value:?} is no lifetime; write whole seconds, 1 to {most}")]
    Life {
        /// The option.
        option: &'static str,
        /// What was given.
        value: String,
        /// The most.
        most: i64,
    },
    /// Another issuer's tokens last as long as it says.
    #[error("--token-life is for the built-in issuer; how long the tokens of --issuer last is set there")]
    LifeElsewhere,
}

impl Command {
    /// Reads the arguments behind the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, UsageError> {
        let mut options = Options::default();
        let mut client_id = None;
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("version") | Arg::Short('V') => return Ok(Self::Version),
                Arg::Long("listen") => {
                    let value = parser.value()?.string()?;
                    options.listen = value.parse().map_err(|_| UsageError::Address(value))?;
                }
                Arg::Long("data") => options.data = parser.value()?.into(),
                Arg::Long("template") => options.template = parser.value()?.into(),
                Arg::Long("action") => options.action = Some(parser.value()?.into()),
                Arg::Long("app-origin") => options.app_origin = origin("--app-origin", parser.value()?.string()?)?,
                Arg::Long("public-url") => {
                    options.public_url = Some(origin("--public-url", parser.value()?.string()?)?);
                }
                Arg::Long("issuer") => options.issuer = Some(issuer(parser.value()?.string()?)?),
                Arg::Long("client-id") => client_id = Some(parser.value()?.string()?),
                Arg::Long("token-life") => {
                    options.token_life = Some(life("--token-life", parser.value()?.string()?, LONGEST_TOKEN)?);
                }
                Arg::Long("credentials-life") => {
                    let value = parser.value()?.string()?;
                    options.credentials_life = Some(life("--credentials-life", value, LONGEST_SESSION)?);
                }
                Arg::Long("dist") => options.dist = Some(parser.value()?.into()),
                other => return Err(other.unexpected().into()),
            }
        }
        if !options.listen.ip().is_loopback() {
            return Err(UsageError::NotLoopback(options.listen));
        }
        if options.issuer.is_some() && options.token_life.is_some() {
            return Err(UsageError::LifeElsewhere);
        }
        match client_id {
            Some(id) => options.client_id = id,
            None if options.issuer.is_some() => return Err(UsageError::ClientId),
            None => {}
        }
        Ok(Self::Serve(Box::new(options)))
    }
}

fn origin(option: &'static str, value: String) -> Result<String, UsageError> {
    let parsed = Url::parse(&value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    match parsed {
        Some(url) if url.origin().ascii_serialization() == value => Ok(value),
        _ => Err(UsageError::Origin { option, value }),
    }
}

/// Auth0's and STS's own upper ends.
const LONGEST_TOKEN: i64 = 2_592_000;
const LONGEST_SESSION: i64 = 43_200;

fn life(option: &'static str, value: String, most: i64) -> Result<Duration, UsageError> {
    match value.parse() {
        Ok(seconds) if (1..=most).contains(&seconds) => Ok(Duration::seconds(seconds)),
        _ => Err(UsageError::Life { option, value, most }),
    }
}

fn issuer(value: String) -> Result<String, UsageError> {
    let good = Url::parse(&value).is_ok_and(|url| {
        let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        (url.scheme() == "https" || url.scheme() == "http" && local)
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if good { Ok(value) } else { Err(UsageError::Issuer(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, UsageError> {
        match Command::parse(arguments.iter().map(OsString::from))? {
            Command::Serve(options) => Ok(*options),
            _ => panic!("{arguments:?} asks for something else"),
        }
    }

    #[test]
    fn options_go_over_the_defaults() {
        let options = parse(&["--listen", "127.0.0.1:0", "--data=x", "--dist", "dist", "--client-id", "a"]).unwrap();
        assert_eq!((options.listen.port(), options.client_id.as_str()), (0, "a"));
        assert_eq!(parse(&[]).unwrap().listen.to_string(), "127.0.0.1:9000");
        assert!(parse(&["--issuer", "https://tenant.auth0.com/", "--client-id", "a"]).is_ok());
        let short = parse(&["--token-life", "5", "--credentials-life=7"]).unwrap();
        assert_eq!(short.token_life.zip(short.credentials_life), Some((Duration::seconds(5), Duration::seconds(7))));
    }

    #[test]
    fn bad_usage_says_what_to_write() {
        for (arguments, remedy) in [
            (&["--listen", "0.0.0.0:9000"][..], "loopback"),
            (&["--listen", "9000"], "127.0.0.1:9000"),
            (&["--port", "1"], "--help"),
            (&["extra"], "--help"),
            (&["--data"], "--help"),
            (&["--app-origin", "http://localhost:8080/"], "scheme, host and port"),
            (&["--public-url", "localhost:9000"], "scheme, host and port"),
            (&["--issuer", "https://tenant.auth0.com/"], "--client-id"),
            (&["--issuer", "http://tenant.auth0.com/", "--client-id", "a"], "https"),
            (&["--issuer", "https://x/?a", "--client-id", "a"], "query"),
            (&["--token-life", "0"], "1 to 2592000"),
            (&["--token-life", "1.5"], "whole seconds"),
            (&["--token-life", "-1"], "whole seconds"),
            (&["--credentials-life", "43201"], "1 to 43200"),
            (&["--token-life", "5", "--issuer", "https://x/", "--client-id", "a"], "is set there"),
        ] {
            let error = parse(arguments).err().unwrap().to_string();
            assert!(error.contains(remedy), "{arguments:?}: {error}");
        }
    }
}
