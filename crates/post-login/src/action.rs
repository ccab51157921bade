//! An Action, and what comes of running it.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use crate::{Event, Failure, Limits, engine};

/// No Action may be larger at Auth0 (<https://auth0.com/docs/customize/actions/limitations>).
const LARGEST: u64 = 100_000;

/// A post-login Action: a script that exports `onExecutePostLogin`.
#[derive(Clone, Debug)]
pub struct Action {
    name: String,
    source: String,
    limits: Limits,
}

/// What an Action did.
#[derive(Debug)]
pub struct Run {
    /// What it wrote to `console`, a line each.
    pub logged: Vec<String>,
    /// What it asked for and wouldn't get at Auth0.
    pub warnings: Vec<String>,
    /// What it set; or why the login ends here.
    pub result: Result<Claims, Stopped>,
}

/// The claims that an Action set, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Those of the ID token.
    pub id_token: Map<String, Value>,
    /// Those of the access token.
    pub access_token: Map<String, Value>,
}

/// Why a login doesn't go on.
#[derive(Debug, PartialEq, Eq)]
pub enum Stopped {
    /// `api.access.deny` with this reason, which the person is told.
    Denied(String),
    /// The Action failed, which ends a login too.
    Failed(Failure),
}

/// Why a file can't be used as an Action.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It isn't there, or isn't text.
    #[error("the post-login Action {} can't be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Auth0 wouldn't take it.
    #[error("the post-login Action {} is larger than {} kB, the most that Auth0 takes", path.display(), LARGEST / 1_000)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It doesn't parse, fails before it is called, or exports nothing to call.
    #[error("the post-login Action can't be used: {0}")]
    Unusable(#[from] Failure),
}

impl Action {
    /// Reads a file and makes sure that there is something to call in it.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let unreadable = |source| LoadError::Read { path: path.to_owned(), source };
        let mut source = String::new();
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(LARGEST + 1).read_to_string(&mut source).map_err(unreadable)?;
        if source.len() as u64 > LARGEST {
            return Err(LoadError::TooLarge { path: path.to_owned() });
        }
        Ok(Self::new(path.display().to_string(), source, Limits::default())?)
    }

    /// An Action from its text. `name` is what an error calls it.
    pub fn new(name: impl Into<String>, source: impl Into<String>, limits: Limits) -> Result<Self, Failure> {
        let action = Self { name: name.into(), source: source.into(), limits };
        engine::check(&action.name, &action.source, action.limits)?;
        Ok(action)
    }

    /// Runs it for one login, in a realm of its own. It takes a few milliseconds, and at most the time limit: in an
    /// asynchronous program, on a thread that may wait.
    pub fn run(&self, event: &Event) -> Run {
        engine::run(&self.name, &self.source, self.limits, event)
    }
}
