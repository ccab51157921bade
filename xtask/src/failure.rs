//! Why a command stopped: what went wrong, the last lines of the tool that failed, and what to do about it.

use std::fmt;

/// The result of everything that a command does.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// One failure, as it is shown to a person.
#[derive(Debug)]
pub struct Failure {
    what: String,
    output: Vec<String>,
    remedy: Option<String>,
}

impl Failure {
    /// `what` is a sentence that names the thing that failed.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), output: Vec::new(), remedy: None }
    }

    /// The last lines that the failed tool wrote.
    pub fn output(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.output.extend(lines);
        self
    }

    /// What a person can do about it.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same failure, after another way was tried and failed too.
    pub fn after(mut self, earlier: Self) -> Self {
        self.what = format!("{}\n{}", earlier.what, self.what);
        self.output.splice(0..0, earlier.output);
        self
    }

    /// Whether the failed tool said this among its last lines.
    pub fn mentions(&self, text: &str) -> bool {
        self.output.iter().any(|line| line.contains(text))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        for line in &self.output {
            write!(f, "\n    {line}")?;
        }
        match &self.remedy {
            Some(remedy) => write!(f, "\n{remedy}"),
            None => Ok(()),
        }
    }
}

/// Names what was being done when an I/O error came.
pub trait Doing<T> {
    /// `doing` continues the sentence "Failed to …".
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Failure::new(format!("Failed to {}: {error}.", doing())))
    }
}
