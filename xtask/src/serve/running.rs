//! A server that runs beside this command, with everything it starts, and doesn't outlive it.

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::{CommandExt as _, ExitStatusExt as _},
    process::{Child, Command},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::failure::{Doing as _, Failure, Result};

/// How long a server may take to stop by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// A started server; dropping it stops it.
pub struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts a server in a process group of its own, so that Ctrl-C reaches only this command, which then stops the
    /// group in order.
    pub fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let program = command.get_program().display().to_string();
        let child = command.process_group(0).spawn().doing(|| format!("start {program}"))?;
        Ok(Self { name, child })
    }

    /// The lines of a standard output that is piped, as they come.
    pub fn words(&mut self) -> Receiver<String> {
        let (sender, receiver) = mpsc::channel();
        if let Some(output) = self.child.stdout.take() {
            // It ends with the output, or with the one who listens.
            thread::spawn(move || {
                BufReader::new(output).lines().map_while(std::io::Result::ok).try_for_each(|l| sender.send(l))
            });
        }
        receiver
    }

    /// # Errors
    /// When the server has ended, which it never should by itself.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait().doing(|| format!("look after {}", self.name))? {
            None => Ok(()),
            Some(status) => {
                let how = match (status.code(), status.signal()) {
                    (Some(code), _) => format!("with exit status {code}"),
                    (None, Some(signal)) => format!("by signal {signal}"),
                    (None, None) => "somehow".into(),
                };
                Err(Failure::new(format!("{} ended {how}.", self.name)).remedy("What it said is above."))
            }
        }
    }

    /// Sends the request to stop without waiting for it.
    pub fn ask_to_stop(&self) {
        self.signal(Signal::TERM);
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // It fails when the whole group has ended, which is what is wanted.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ask_to_stop();
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        // What the server started may have outlived it.
        self.signal(Signal::KILL);
        // The child is dead or was killed: this takes it off the process table.
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(Stdio::piped());
        command
    }

    #[test]
    fn a_server_that_ends_is_named_with_its_status() {
        let mut running = Running::start("The shop", shell("exit 7")).unwrap();
        let failure = (0..500).find_map(|_| {
            thread::sleep(Duration::from_millis(10));
            running.check().err()
        });
        assert_eq!(failure.unwrap().to_string().lines().next(), Some("The shop ended with exit status 7."));
    }

    #[test]
    fn what_a_server_started_is_stopped_with_it() {
        let mut running = Running::start("The shop", shell("sleep 600 & echo $!; wait")).unwrap();
        let line = running.words().recv().unwrap();
        let grandchild = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(grandchild).is_ok());
        drop(running);
        let gone = (0..500).any(|_| {
            thread::sleep(Duration::from_millis(10));
            // A killed orphan is there until its new parent notices: a zombie counts as gone.
            let state = std::fs::read_to_string(format!("/proc/{}/stat", grandchild.as_raw_nonzero()));
            rustix::process::test_kill_process(grandchild).is_err() || state.is_ok_and(|stat| stat.contains(") Z "))
        });
        assert!(gone);
    }
}
