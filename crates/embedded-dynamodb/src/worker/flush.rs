//! One flush for all writes that have ended. SQLite itself is set not to flush its log at each commit
//! (`PRAGMA synchronous=NORMAL`: it still does before it moves the log into the database, and afterwards); this flushes
//! the log's file, which is what SQLite would have done at each commit ("Write-Ahead Logging", "Performance
//! Considerations", and `PRAGMA synchronous`, both on sqlite.org).

use std::{
    fs::File,
    io,
    path::Path,
    sync::{
        Arc,
        atomic::Ordering::SeqCst,
        mpsc::{Receiver, TryIter},
    },
};

use super::{Answer, State, broken};

/// Brings to the disk whatever was written before.
pub(crate) type Flush = Box<dyn FnMut() -> io::Result<()> + Send>;

/// A request that the engine has answered, and whose answer nobody knows yet.
pub(super) struct Ended {
    pub(super) reply: Box<dyn FnOnce(Answer) + Send>,
    pub(super) answer: Answer,
    pub(super) is_write: bool,
}

pub(super) struct Flusher {
    flush: Flush,
    state: Arc<State>,
}

/// Flushes the log of this database, and has done so once: what a killed process left there will be read from here on.
/// The database must be open, and stay so: its last connection removes the log when it closes.
pub(crate) fn of_log(database: &Path) -> io::Result<Flush> {
    let log = log(database)?;
    log.sync_data()?;
    Ok(Box::new(move || log.sync_data()))
}

fn log(database: &Path) -> io::Result<File> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    File::options().read(true).write(true).open(name)
}

impl Flusher {
    pub(super) fn new(flush: Flush, state: Arc<State>) -> Self {
        Self { flush, state }
    }

    /// Until nobody can hand anything over any more.
    pub(super) fn run(mut self, ended: &Receiver<Ended>) {
        while let Ok(first) = ended.recv() {
            self.answer(first, ended.try_iter());
        }
    }

    fn answer(&mut self, first: Ended, others: TryIter<'_, Ended>) {
        // Whatever is in this group has been written before the flush begins.
        let group: Vec<Ended> = [first].into_iter().chain(others).collect();
        // Nothing is left to flush where an earlier flush brought what these reads saw. After one that failed the system
        // may believe that the pages are clean: another would say nothing.
        let is_pending = self.state.unflushed.load(SeqCst) > 0;
        if is_pending && !self.state.is_broken.load(SeqCst) && (self.flush)().is_err() {
            self.state.is_broken.store(true, SeqCst);
        }
        let is_broken = self.state.is_broken.load(SeqCst);
        let writes = group.iter().filter(|ended| ended.is_write).count();
        self.state.unflushed.fetch_sub(writes, SeqCst);
        for Ended { reply, answer, .. } in group {
            reply(if is_broken { broken() } else { answer });
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt};

    use dynoxide::{Database, storage::Storage};
    use serde_json::json;

    use super::*;
    use crate::dispatch;

    #[test]
    fn the_log_that_is_flushed_is_the_one_that_is_written_also_after_it_began_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let database = Database::new(file.to_str().unwrap()).unwrap();
        let log = log(&file).unwrap();
        let ask = |operation: &str, body: serde_json::Value| {
            let (status, answer) = dispatch::answer(&database, operation, body.to_string().as_bytes());
            assert_eq!(status, 200, "{answer}");
        };
        ask(
            "CreateTable",
            json!({
                "TableName": "things",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
                "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }]
            }),
        );
        // Far more than the thousand pages at which SQLite moves the log into the database.
        for id in 0..200 {
            let item = json!({ "id": { "S": id.to_string() }, "text": { "S": "x".repeat(100_000) } });
            ask("PutItem", json!({ "TableName": "things", "Item": item }));
        }
        let (held, there) = (log.metadata().unwrap(), fs::metadata(folder.path().join("x-wal")).unwrap());
        assert!(fs::metadata(&file).unwrap().len() > 1_000_000, "the log has been moved");
        assert_eq!((held.dev(), held.ino()), (there.dev(), there.ino()));
    }

    /// What the writer is set to by `folder::open`: a log, which SQLite flushes before and after moving it (1, NORMAL) and
    /// whose every commit is flushed here.
    #[test]
    fn a_commit_goes_to_a_log_whose_move_is_flushed() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::new(folder.path().join("x").to_str().unwrap()).unwrap();
        storage.disable_bulk_loading().unwrap();
        let mode: String = storage.conn().query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        let synchronous: i64 = storage.conn().query_row("PRAGMA synchronous", [], |row| row.get(0)).unwrap();
        assert_eq!((mode.as_str(), synchronous), ("wal", 1));
    }
}
