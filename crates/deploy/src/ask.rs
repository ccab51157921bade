//! Asking before something is changed.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stdin, stdout};

use crate::error::{Error, Result};

/// Goes on only when the answer is `expected`, to the letter; or without a question where `yes` was said beforehand.
pub fn confirm(question: &str, expected: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !stdin().is_terminal() {
        return Err(Error::NobodyToAsk);
    }
    let mut answer = String::new();
    let _ = write!(stdout(), "\n{question} ").and_then(|()| stdout().flush());
    let read = stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim() == expected { Ok(()) } else { Err(Error::Declined) }
}
