//! What was decided here: one line of the log a decision, and the last hundred in memory for whoever wonders why
//! (`page`). STS, the gateway and the functions' own roles hand in what they decided (`Made`); nothing is decided here.
//! What is kept has no token, key, signature, query or name in it, and a subject only in part (`masks`), for the page has
//! no sign-in. It is bounded in entries and in bytes, whatever strangers send.

mod decision;
mod masks;
mod page;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use decision::{By, Decision, Made};
pub use masks::short_path;
pub use page::respond;

/// How many are kept.
const KEPT: usize = 100;

/// The last decisions, newest first.
pub struct Decisions {
    /// Tells the entries of one start from those of another.
    start: String,
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    made: u64,
    last: VecDeque<Arc<Decision>>,
}

impl Decisions {
    /// None yet.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut start = [0; 8];
        getrandom::fill(&mut start)?;
        Ok(Self { start: format!("{:016x}", u64::from_be_bytes(start)), ring: Mutex::default() })
    }

    /// Writes it into the log, and keeps it.
    pub fn record(&self, made: Made) {
        let decision = made.bounded();
        let Decision { by, request, role, asked, says, .. } = &decision;
        let (request, role) = (request.as_deref(), role.as_deref());
        match by {
            // The template lacks what the code needs: that is nobody's wish.
            By::Function => tracing::warn!(request, role, "{asked}: {says}"),
            _ => tracing::info!(request, role, "{asked}: {says}"),
        }
        let mut ring = self.ring();
        ring.made += 1;
        ring.last.push_front(Arc::new(decision));
        ring.last.truncate(KEPT);
    }

    /// The last ones, newest first.
    pub fn last(&self) -> Vec<Arc<Decision>> {
        self.numbered().1
    }

    /// How many there were since the start, and the last of them.
    fn numbered(&self) -> (u64, Vec<Arc<Decision>>) {
        let ring = self.ring();
        (ring.made, ring.last.iter().cloned().collect())
    }

    /// Both changes of `record` stand in it or neither, so a panic elsewhere leaves it as it should be.
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
