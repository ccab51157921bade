//! Runs a tool that takes long: its whole output goes to `.tools/log/NAME.log`, and a person sees one line that lives.
//!
//! On a terminal the line is repainted; elsewhere a line comes at the start, every half minute, and at the end.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, IsTerminal as _, Read, Write as _},
    process::Command,
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
};

const REPAINT: Duration = Duration::from_millis(150);
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How long a background process of a tool that has ended may keep its output open.
const GRACE: Duration = Duration::from_secs(2);
const LINES_OF_A_FAILURE: usize = 12;

/// A tool to run, with the words that say so.
pub struct Task<'a> {
    project: &'a Project,
    name: &'a str,
    doing: &'a str,
    silence: Option<Duration>,
}

impl<'a> Task<'a> {
    /// `name` names the log file too; `doing` says what happens, and how long it usually takes where that is long.
    pub fn new(project: &'a Project, name: &'a str, doing: &'a str) -> Self {
        Self { project, name, doing, silence: None }
    }

    /// Ends the tool when it says nothing for so long.
    pub fn at_most_silent(mut self, silence: Duration) -> Self {
        self.silence = Some(silence);
        self
    }

    /// Runs the tool to its end.
    ///
    /// # Errors
    /// When it can't be started, fails, or says nothing for too long; the failure has its last lines.
    pub fn run(self, mut command: Command) -> Result<()> {
        let program = command.get_program().display().to_string();
        if let Some(folder) = command.get_current_dir().filter(|folder| !folder.is_dir()) {
            // The system's own message would blame the program.
            return Err(Failure::new(format!("{}: the folder {} isn't there.", self.name, folder.display())));
        }
        let folder = self.project.tools.join("log");
        let log_path = folder.join(format!("{}.log", self.name.replace([' ', '/'], "-")));
        fs::create_dir_all(&folder).doing(|| format!("make {}", folder.display()))?;
        let mut log = File::create(&log_path).doing(|| format!("write {}", log_path.display()))?;

        let (reader, writer) = io::pipe().doing(|| format!("start {program}"))?;
        // A trace of the tool's own code would push its words out of the last lines.
        command.env("RUST_BACKTRACE", "0");
        command.stdout(writer.try_clone().doing(|| format!("start {program}"))?).stderr(writer);
        let mut child = command.spawn().doing(|| format!("start {program}"))?;
        drop(command); // It holds our copies of the pipe, which would keep it open for ever.

        let lines = lines_of(reader);
        let mut last_lines = VecDeque::new();
        let mut line = LiveLine::start(self.name, self.doing);
        let mut heard = Instant::now();
        let mut ended: Option<Instant> = None;
        let mut stalled = false;
        loop {
            match lines.recv_timeout(REPAINT) {
                Ok(text) => {
                    heard = Instant::now();
                    if let Some(count) = cargo_progress(&text) {
                        line.count = Some(count);
                    } else if !text.trim().is_empty() {
                        // A log that can't be written must not stop what it logs.
                        let _ = writeln!(log, "{text}");
                        line.latest = text.trim().to_owned();
                        last_lines.push_back(text);
                        if last_lines.len() > LINES_OF_A_FAILURE {
                            last_lines.pop_front();
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            line.repaint();
            if ended.is_none() && child.try_wait().doing(|| format!("wait for {program}"))?.is_some() {
                ended = Some(Instant::now());
            }
            if ended.is_some_and(|at| at.elapsed() > GRACE) {
                break;
            }
            if self.silence.is_some_and(|limit| heard.elapsed() > limit) {
                stalled = true;
                child.kill().doing(|| format!("stop {program}"))?;
                break;
            }
        }
        let status = child.wait().doing(|| format!("wait for {program}"))?;
        line.finish(status.success() && !stalled);
        if status.success() && !stalled {
            return Ok(());
        }
        let what = match self.silence {
            Some(limit) if stalled => format!("`{program}` said nothing for {} and was stopped", spoken(limit)),
            _ => format!("`{program}` failed ({status})"),
        };
        Err(Failure::new(format!("{}: {what}. Its whole output: {}", self.name, log_path.display())).output(last_lines))
    }
}

/// A duration as a person says it.
pub fn spoken(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// The one line that a person sees of a tool.
struct LiveLine<'a> {
    name: &'a str,
    doing: &'a str,
    started: Instant,
    shown: Instant,
    terminal: bool,
    /// How many of how many crates are compiled.
    count: Option<String>,
    latest: String,
}

impl<'a> LiveLine<'a> {
    fn start(name: &'a str, doing: &'a str) -> Self {
        let terminal = io::stdout().is_terminal();
        if !terminal {
            println!("  {name}: {doing}");
        }
        let now = Instant::now();
        Self { name, doing, started: now, shown: now, terminal, count: None, latest: String::new() }
    }

    fn repaint(&mut self) {
        if self.shown.elapsed() < if self.terminal { REPAINT } else { HEARTBEAT } {
            return;
        }
        self.shown = Instant::now();
        let elapsed = spoken(self.started.elapsed());
        let count = self.count.as_ref().map(|count| format!(", {count} crates")).unwrap_or_default();
        if self.terminal {
            let text = format!("  {}: {}, {elapsed}{count}  {}", self.name, self.doing, self.latest);
            let shown: String = text.chars().take(terminal_width().saturating_sub(1)).collect();
            print!("\r\x1b[2K{shown}");
            // Only cosmetic: a closed terminal shows itself at the next println.
            let _ = io::stdout().flush();
        } else {
            println!("  {}: {elapsed}{count}: {}", self.name, self.latest);
        }
    }

    fn finish(&self, success: bool) {
        let start = if self.terminal { "\r\x1b[2K" } else { "" };
        let end = if success { "done in" } else { "failed after" };
        println!("{start}  {}: {}: {end} {}", self.name, self.doing, spoken(self.started.elapsed()));
    }
}

fn terminal_width() -> usize {
    rustix::termios::tcgetwinsize(io::stdout()).map_or(80, |size| usize::from(size.ws_col).max(20))
}

/// The lines of a tool as they come; a carriage return ends a line too.
fn lines_of(mut source: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut rest = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = source.read(&mut buffer) {
            rest.extend_from_slice(&buffer[..count]);
            while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
                let line = String::from_utf8_lossy(&rest[..end]).into_owned();
                rest.drain(..=end);
                if sender.send(line).is_err() {
                    return;
                }
            }
        }
        if !rest.is_empty() {
            // Nobody listens any more: then nobody misses it.
            let _ = sender.send(String::from_utf8_lossy(&rest).into_owned());
        }
    });
    receiver
}

/// `143/412` out of Cargo's progress bar, `Building [====>    ] 143/412: name, name`.
fn cargo_progress(line: &str) -> Option<String> {
    let (_, after_bar) = line.trim_start().strip_prefix("Building [")?.split_once("] ")?;
    let count = after_bar.split(':').next()?.trim();
    let (done, all) = count.split_once('/')?;
    (done.parse::<u32>().is_ok() && all.parse::<u32>().is_ok()).then(|| count.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(folder: &tempfile::TempDir) -> Project {
        Project { root: folder.path().into(), tools: folder.path().join(".tools") }
    }

    fn shell(project: &Project, script: &str) -> Command {
        let mut command = project.command("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_progress_of_cargo_is_read_from_its_bar() {
        assert_eq!(cargo_progress("    Building [=======>   ] 143/412: tokio, syn(build)"), Some("143/412".into()));
        assert_eq!(cargo_progress("   Compiling tokio v1.2.3"), None);
        assert_eq!(cargo_progress("    Building [=======>   ] soon"), None);
    }

    #[test]
    fn a_failure_carries_the_last_lines_of_both_outputs_and_all_are_logged() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(&folder);
        let script = "for n in $(seq 30); do echo line $n; done; echo wrong >&2; exit 3";
        let failure = Task::new(&project, "a tool", "failing").run(shell(&project, script)).unwrap_err();
        assert!(failure.mentions("wrong") && failure.mentions("line 30") && !failure.mentions("line 5"), "{failure}");
        let log = fs::read_to_string(project.tools.join("log/a-tool.log")).unwrap();
        assert!(log.contains("line 1\n") && log.contains("wrong"), "{log}");
    }

    #[test]
    fn a_tool_that_hangs_in_silence_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(&folder);
        let task = Task::new(&project, "silent", "hanging").at_most_silent(Duration::from_millis(300));
        let failure = task.run(shell(&project, "exec sleep 600")).unwrap_err();
        assert!(failure.to_string().contains("said nothing"), "{failure}");
    }

    #[test]
    fn a_background_process_that_keeps_the_output_open_does_not_hold_up_the_tool() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(&folder);
        Task::new(&project, "background", "leaving").run(shell(&project, "sleep 20 & echo started")).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_named_and_not_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(&folder);
        let mut command = shell(&project, "true");
        command.current_dir(project.root.join("no-such-folder"));
        let failure = Task::new(&project, "nowhere", "starting").run(command).unwrap_err();
        assert!(failure.to_string().contains("no-such-folder isn't there"), "{failure}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let project = project(&folder);
        let failure = Task::new(&project, "absent", "starting").run(project.command("no-such-program")).unwrap_err();
        assert!(failure.to_string().contains("no-such-program"), "{failure}");
    }
}
