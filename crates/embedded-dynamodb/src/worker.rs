//! Who runs a request: one thread writes, a few read, and one flushes. Writes are run one after another, in the order in
//! which they came; each is a transaction of the engine, in SQLite's write-ahead log when it ends. The flusher takes all
//! that have ended, flushes the log once, and only then answers them. So writes that come together share a flush, and
//! none is answered before it is on the disk.
//!
//! An answer never tells of what could still be lost: a refusal that another's write is the reason of waits for the
//! flush of that write, and so does a read that may have seen it.

mod flush;
mod known;
mod readers;

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

use dynoxide::Database;

use crate::dispatch;
use flush::{Ended, Flusher};
use known::Known;
use readers::{MOST_READERS, Readers};

pub(crate) use flush::{Flush, of_log as flush_of_log};
pub(crate) use readers::{OpenReader, Reader};

/// The status and the JSON body of an answer.
pub(crate) type Answer = (u16, String);

/// A request on its way, and what to do with its answer.
pub(crate) struct Job {
    pub(crate) operation: String,
    pub(crate) body: Vec<u8>,
    pub(crate) reply: Box<dyn FnOnce(Answer) + Send>,
}

/// The threads of one database. Dropping them waits for what is under way.
pub(crate) struct Workers {
    writes: Option<Sender<Job>>,
    reads: Option<Sender<Job>>,
    state: Arc<State>,
    threads: Vec<JoinHandle<()>>,
}

/// What the threads know of each other.
#[derive(Default)]
struct State {
    /// Writes that have begun and aren't flushed.
    unflushed: AtomicUsize,
    /// Counts the writes that have begun, each after it counts as unflushed and before it is run.
    begun: AtomicUsize,
    /// Answers of the data as they are.
    known: Known,
    /// Counts what changes a table itself: readers keep tables' definitions in memory.
    generation: AtomicUsize,
    /// A flush has failed: nobody knows what is on the disk.
    is_broken: AtomicBool,
}

impl Workers {
    /// Starts the threads. Without a `reader` everything is run by the writer.
    pub(crate) fn start(database: Database, flush: Flush, reader: Option<OpenReader>) -> io::Result<Self> {
        // Dropped last: should the system give too few threads, those that run hear that nobody hands over any more.
        let state = Arc::new(State::default());
        let mut workers = Self { writes: None, reads: None, state: Arc::clone(&state), threads: Vec::new() };
        let (ended, all_ended) = channel();
        let (writes, all_writes) = channel();
        let flusher = Flusher::new(flush, Arc::clone(&state));
        workers.spawn("dynamodb-flush", move || flusher.run(&all_ended))?;
        if let Some(open) = reader {
            let (reads, all_reads) = channel();
            let readers = Arc::new(Readers::new(open, all_reads, Arc::clone(&state)));
            for _ in 0..thread::available_parallelism().map_or(1, usize::from).min(MOST_READERS) {
                let (readers, ended) = (Arc::clone(&readers), ended.clone());
                workers.spawn("dynamodb-read", move || readers.run(&ended))?;
            }
            workers.reads = Some(reads);
        }
        workers.spawn("dynamodb-write", move || write(&database, &all_writes, &ended, &state))?;
        workers.writes = Some(writes);
        Ok(workers)
    }

    /// Hands a request over. It runs to its end, whether anybody waits for the answer or not.
    pub(crate) fn hand_over(&self, mut job: Job) {
        let reads = self.reads.as_ref().filter(|_| is_read(&job.operation));
        if reads.is_some() {
            job.body = known::in_order(job.body);
            if let Some(answer) = self.state.known(&job.operation, &job.body) {
                return (job.reply)(answer);
            }
        }
        let to = reads.or(self.writes.as_ref());
        // The threads only end when nobody can hand over any more; if one has died, the answer never comes, and whoever
        // waits for it hears so, because the reply is dropped.
        let _ = to.map(|to| to.send(job));
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.threads.push(thread::Builder::new().name(name.into()).spawn(run)?);
        Ok(())
    }
}

impl State {
    /// The number of writes that have begun, if all of them are done and on the disk.
    fn settled(&self) -> Option<usize> {
        // In this order: a write that begins in between is seen by the second.
        let begun = self.begun.load(SeqCst);
        (self.unflushed.load(SeqCst) == 0 && !self.is_broken.load(SeqCst)).then_some(begun)
    }

    /// The answer to a read, if nothing was written since somebody asked the same.
    fn known(&self, operation: &str, body: &[u8]) -> Option<Answer> {
        self.known.answer(self.settled()?, operation, body)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Whether a connection that only reads can answer. TransactGetItems needs all of its items from one moment, which the
/// engine gives by keeping writers out; what tells of tables is the writer's, who knows them as they are.
fn is_read(operation: &str) -> bool {
    matches!(operation, "BatchGetItem" | "GetItem" | "Query" | "Scan")
}

/// Whether tables stay as they are.
fn is_of_items(operation: &str) -> bool {
    matches!(operation, "BatchWriteItem" | "DeleteItem" | "PutItem" | "TransactWriteItems" | "UpdateItem")
        || is_read(operation)
}

fn write(database: &Database, jobs: &Receiver<Job>, ended: &Sender<Ended>, state: &State) {
    for Job { operation, body, reply } in jobs {
        state.unflushed.fetch_add(1, SeqCst);
        state.begun.fetch_add(1, SeqCst);
        let answer = run(state, || dispatch::answer(database, &operation, &body));
        if !is_of_items(&operation) {
            state.generation.fetch_add(1, SeqCst);
        }
        if ended.send(Ended { reply, answer, is_write: true }).is_err() {
            return;
        }
    }
}

/// Runs a request. A panic of the engine is that request's error, and no end of the thread.
fn run(state: &State, answer: impl FnOnce() -> Answer) -> Answer {
    if state.is_broken.load(SeqCst) {
        return broken();
    }
    catch_unwind(AssertUnwindSafe(answer))
        .unwrap_or_else(|_| dispatch::internal_error("The engine stopped in the middle of this request."))
}

/// The answer to everything, once a flush has failed.
fn broken() -> Answer {
    dispatch::internal_error("The disk has failed to keep a write; look after the disk, and start again.")
}

#[cfg(test)]
mod tests;
