//! An AWS for tests: MiniStack, which others wrote, as a process of its own on a free port of this machine. It checks
//! signatures and policies (`AUTH=true`) and forgets everything with its process. Never a part of what ships, and no
//! proof that AWS does the same: where it differs, the test that meets it says so. `cargo xtask test cloud` installs it
//! and names its program in `MINISTACK`.

mod process;

use std::{
    io,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use process::Process;

/// The variable with the path of MiniStack's program.
pub const PROGRAM: &str = "MINISTACK";
/// The only region that tests use.
pub const REGION: &str = "us-east-1";

/// How long MiniStack may take to answer; it usually takes a second.
const START: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);
/// Somebody else may take the port that was free a moment ago.
const PORTS: u32 = 3;

/// A MiniStack of one's own. Dropping it ends the process, with those that it started, and removes its files.
#[derive(Debug)]
pub struct Emulator {
    process: Process,
    endpoint: String,
    folder: TempDir,
}

/// Why there is no emulator.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// The variable isn't set.
    #[error("{PROGRAM} must name MiniStack's program; run `cargo xtask test cloud`, which installs it and sets it")]
    NotNamed,
    /// It could not be started.
    #[error("{} can't be started ({source})", program.display())]
    NotStarted {
        /// What was to be started.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It ended, or said nothing for a minute.
    #[error("MiniStack {what}; it wrote:\n{output}")]
    NotReady {
        /// What it did instead.
        what: String,
        /// All that it wrote.
        output: String,
    },
}

impl Emulator {
    /// Starts MiniStack and waits until it answers.
    ///
    /// # Panics
    /// When there is none, with the reason and what it wrote: a test can't go on without.
    pub fn start() -> Self {
        Self::try_start().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The one that tests of this process share while any of them holds it: for tests that have names of their own
    /// for all they make. The next one after the last is a new one.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Emulator>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let emulator = Arc::new(Self::start());
            *shared = Arc::downgrade(&emulator);
            emulator
        })
    }

    /// As [`Self::start`], for whoever has something else to do without one.
    pub fn try_start() -> Result<Self, EmulatorError> {
        let program = PathBuf::from(std::env::var_os(PROGRAM).ok_or(EmulatorError::NotNamed)?);
        let mut tried = 1;
        loop {
            match Self::start_once(&program) {
                Err(EmulatorError::NotReady { output, .. }) if tried < PORTS && output.contains("already in use") => {}
                done => return done,
            }
            tried += 1;
        }
    }

    fn start_once(program: &Path) -> Result<Self, EmulatorError> {
        let not_started = |source| EmulatorError::NotStarted { program: program.to_owned(), source };
        let folder = TempDir::with_prefix("ministack-").map_err(not_started)?;
        let port = free_port().map_err(not_started)?;
        let process = Process::start(program, port, folder.path()).map_err(not_started)?;
        let mut emulator = Self { process, endpoint: format!("http://127.0.0.1:{port}"), folder };
        emulator.wait_until_ready()?;
        Ok(emulator)
    }

    fn wait_until_ready(&mut self) -> Result<(), EmulatorError> {
        let health = self.url("/_ministack/health");
        let agent: ureq::Agent =
            ureq::Agent::config_builder().timeout_global(Some(POLL * 20)).proxy(None).build().into();
        let deadline = Instant::now() + START;
        let what = loop {
            if self.process.has_ended() {
                break "ended before it was ready".to_owned();
            }
            if agent.get(&health).call().is_ok() {
                return Ok(());
            }
            if Instant::now() > deadline {
                break format!("isn't ready after {} s", START.as_secs());
            }
            std::thread::sleep(POLL);
        };
        Err(EmulatorError::NotReady { what, output: self.output() })
    }

    /// Where every service answers: what goes into `AWS_ENDPOINT_URL`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address of a path, which begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint)
    }

    /// Access key id and secret access key of the account's owner, who may do everything.
    pub fn credentials(&self) -> (&'static str, &'static str) {
        ("test", "test")
    }

    /// What a program that uses AWS finds this one by.
    pub fn environment(&self) -> [(&'static str, &str); 5] {
        let (id, secret) = self.credentials();
        [
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_REGION", REGION),
            ("AWS_DEFAULT_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", id),
            ("AWS_SECRET_ACCESS_KEY", secret),
        ]
    }

    /// All that MiniStack wrote until now, for the message of a test that failed.
    pub fn output(&self) -> String {
        process::output(self.folder.path())
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
