//! Why something could not be measured, in a sentence for whoever asked.

use std::{fmt, io};

/// What went wrong, and while doing what.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system said no.
    #[error("{doing}: {source}")]
    System {
        /// What was being done.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// What is measured did not do what it must. A wrong answer has no speed.
    #[error("{0}")]
    Wrong(String),
}

/// What is measured, or why not.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure of what is measured.
    pub fn wrong(problem: impl fmt::Display) -> Self {
        Self::Wrong(problem.to_string())
    }
}

/// Says what was being done when something failed.
pub trait Doing<T> {
    /// Adds what was being done.
    fn doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|source| Failure::System { doing: what.to_string(), source })
    }
}
