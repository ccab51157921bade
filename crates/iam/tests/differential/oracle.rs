//! Implementations by others. Each is asked in its own words, and says what it decides or why it can't; where it is
//! known to be wrong is said in `faults`, and nowhere else.

mod aspen;
mod iam_rs;
mod program;

use std::{path::PathBuf, process::Command};

use iam::Outcome;

use crate::case::Case;

pub trait Oracle {
    /// The name that `faults` knows it by.
    fn name(&self) -> &'static str;
    /// What it says, or the words with which it refuses to say something.
    fn decide(&mut self, case: &Case) -> Result<Said, String>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    This(Outcome),
    /// It doesn't tell an explicit deny from an implicit one here.
    NotAllowed,
}

impl Said {
    pub fn is(self, outcome: Outcome) -> bool {
        match self {
            Self::This(said) => said == outcome,
            Self::NotAllowed => outcome != Outcome::Allowed,
        }
    }
}

/// Those that are linked into this test.
pub fn linked() -> Vec<Box<dyn Oracle>> {
    vec![Box::new(iam_rs::IamRs), Box::new(aspen::Aspen)]
}

/// The evaluator of MiniStack, whose program `MINISTACK` names. The Python that has it is beside it.
pub fn ministack() -> impl Oracle {
    let named = std::env::var_os("MINISTACK").expect("`cargo xtask test cloud` installs MiniStack and sets MINISTACK");
    let mut command = Command::new(PathBuf::from(named).with_file_name("python"));
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/oracle/ask_ministack.py"));
    program::Program::start("ministack", command)
}
