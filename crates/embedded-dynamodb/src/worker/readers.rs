//! Connections that only read, each on a thread of its own, beside the one that writes: SQLite's log lets them.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::Ordering::SeqCst,
    mpsc::{Receiver, Sender},
};

use dynoxide::Database;

use super::{Answer, Job, State, flush::Ended, run};
use crate::{dispatch, pages::Pages};

/// More threads than this would only wait for each other.
pub(super) const MOST_READERS: usize = 4;

/// Opens other connections to the same data.
pub(crate) type OpenReader = Box<dyn Fn() -> dynoxide::Result<Reader> + Send + Sync>;

/// What reads: the engine for everything, and beside it what is quicker with plain pages.
pub(crate) struct Reader {
    pub(crate) database: Database,
    pub(crate) pages: Pages,
}

impl Reader {
    pub(crate) fn open(path: &str) -> dynoxide::Result<Self> {
        Ok(Self { database: Database::new(path)?, pages: Pages::open(path)? })
    }

    fn answer(&mut self, operation: &str, body: &[u8]) -> Answer {
        match self.pages.answer(operation, body) {
            Some(page) => (200, page),
            None => dispatch::answer(&self.database, operation, body),
        }
    }
}

pub(super) struct Readers {
    open: OpenReader,
    jobs: Mutex<Receiver<Job>>,
    state: Arc<State>,
}

impl Readers {
    pub(super) fn new(open: OpenReader, jobs: Receiver<Job>, state: Arc<State>) -> Self {
        Self { open, jobs: Mutex::new(jobs), state }
    }

    /// Reads until nobody can hand anything over any more.
    pub(super) fn run(&self, ended: &Sender<Ended>) {
        let mut connection = None;
        while let Some(Job { operation, body, reply }) = self.next() {
            let before = self.state.settled();
            let answer = self.read(&mut connection, &operation, &body);
            // It may have seen a write that isn't flushed: then it is told after the next flush, and never if that fails.
            if let Some(after) = self.state.settled() {
                if before == Some(after) {
                    self.state.known.keep(after, operation, body, &answer);
                }
                reply(answer);
            } else if ended.send(Ended { reply, answer, is_write: false }).is_err() {
                return;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    fn read(&self, connection: &mut Option<(usize, Reader)>, operation: &str, body: &[u8]) -> Answer {
        let generation = self.state.generation.load(SeqCst);
        if connection.as_ref().is_none_or(|(opened, _)| *opened != generation) {
            // Closed before another is opened.
            *connection = None;
            match (self.open)() {
                Ok(reader) => *connection = Some((generation, reader)),
                Err(error) => return dispatch::failed(&error),
            }
        }
        match connection {
            Some((_, reader)) => run(&self.state, || reader.answer(operation, body)),
            None => dispatch::internal_error("The data can't be opened for reading."),
        }
    }
}
