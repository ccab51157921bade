//! The data folder: made, locked, opened. Every failure names the folder and what to do about it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use dynoxide::{Database, DynoxideError};

use crate::worker::{Flush, OpenReader, Reader, flush_of_log};

/// Why the engine could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder open.
    #[error("the data folder {} is in use by another process; stop that one, or choose another folder", .0.display())]
    InUse(PathBuf),
    /// The folder can't be made or written.
    #[error(
        "the data folder {} can't be written ({source}); give the right to write it, or choose another folder",
        folder.display()
    )]
    NotWritable {
        /// The folder as it was asked for.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder's path is no Unicode text, which the engine asks for.
    #[error("the data folder's path {} is not valid Unicode; choose another folder", .0.display())]
    NotUnicode(PathBuf),
    /// The file in it can't be read as a database of this engine.
    #[error("the database in {} can't be opened ({reason}); move that folder away, or choose another one", folder.display())]
    Unreadable {
        /// The folder as it was asked for.
        folder: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// Not even a database in memory could be made.
    #[error("the database can't be made in memory ({0})")]
    Memory(String),
    /// The system gives no threads.
    #[error("the database can't get its threads ({0}); end other programs, or raise the limit of processes")]
    Threads(io::Error),
}

/// What is open: a connection that writes and how its log is flushed, how to open others that read, and the lock that
/// lives as long as it should all be ours alone. The lock is the operating system's, so a process that is killed leaves
/// none behind.
pub(crate) struct Opened {
    pub(crate) writer: Database,
    pub(crate) flush: Flush,
    pub(crate) reader: OpenReader,
    pub(crate) lock: File,
}

/// Makes the folder where it is missing, locks it, and opens what is in it.
pub(crate) fn open(folder: &Path) -> Result<Opened, OpenError> {
    let not_writable = |source| OpenError::NotWritable { folder: folder.to_owned(), source };
    let missing = folder.ancestors().take_while(|folder| !folder.exists()).count();
    fs::create_dir_all(folder).map_err(not_writable)?;
    let lock = File::create(folder.join("lock")).map_err(not_writable)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::InUse(folder.to_owned()),
        TryLockError::Error(source) => not_writable(source),
    })?;

    let file = folder.join("dynamodb.sqlite3");
    // The engine opens a file that it may only read, and fails at the first write; better to hear of it now.
    File::options().append(true).create(true).open(&file).map_err(not_writable)?;
    let path = file.to_str().ok_or_else(|| OpenError::NotUnicode(folder.to_owned()))?;
    let unreadable =
        |error: DynoxideError| OpenError::Unreadable { folder: folder.to_owned(), reason: error.to_string() };
    let writer = Database::new(path).map_err(unreadable)?;
    // The engine's only way to `PRAGMA synchronous=NORMAL`: commits aren't flushed one by one. `flush` does that for many.
    writer.disable_bulk_loading().map_err(unreadable)?;
    let flush = flush_of_log(&file).map_err(not_writable)?;
    flush_names(folder, missing).map_err(not_writable)?;
    let path = path.to_owned();
    let reader = Box::new(move || Reader::open(&path));
    Ok(Opened { writer, flush, reader, lock })
}

/// Database and log may be new, and as many folders as were missing: their names must outlive a power cut as well.
fn flush_names(folder: &Path, missing: usize) -> io::Result<()> {
    if cfg!(unix) {
        for folder in folder.ancestors().take(missing + 1) {
            let here = Path::new(".");
            File::open(if folder.as_os_str().is_empty() { here } else { folder })?.sync_all()?;
        }
    }
    Ok(())
}
