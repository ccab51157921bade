//! Builds one test program in the copy, runs the tests of a wall, and judges: only a test that ran and failed is a
//! proof. A program that doesn't compile proves nothing, nor does one that hangs, nor a test that isn't there.

use std::{
    fs::File,
    io::{Read as _, Seek as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    copy::Copy,
    list::{Target, Wall},
};
use crate::{
    failure::{Doing as _, Failure, Result},
    project::Project,
};

/// No test of ours takes as long, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(300);
const POLL: Duration = Duration::from_millis(20);
const LINES: usize = 12;

/// What came of a broken wall.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its tests failed, as they should.
    Red,
    /// Its tests passed all the same.
    Green,
    /// It can't be broken like this; with the compiler's last words.
    DoesNotCompile(Vec<String>),
    /// Its tests didn't come to an end.
    Hangs,
}

impl Outcome {
    /// One word for the table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Green => "GREEN",
            Self::DoesNotCompile(_) => "NO CODE",
            Self::Hangs => "HANGS",
        }
    }

    /// What is to be done about it, if anything.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Red => None,
            Self::Green => Some("its tests pass without it: write one that doesn't"),
            Self::DoesNotCompile(_) => Some("what stands in its place doesn't compile, so this proves nothing"),
            Self::Hangs => Some("its tests don't end without it, so this proves nothing"),
        }
    }

    /// The tool's words.
    pub fn output(&self) -> &[String] {
        if let Self::DoesNotCompile(lines) = self { lines } else { &[] }
    }
}

/// One test program.
pub struct Trial<'a> {
    project: &'a Project,
    copy: &'a Copy,
    target: &'a Target,
}

/// What a run of tests said.
struct Said {
    ended: bool,
    passed: bool,
    text: String,
}

impl<'a> Trial<'a> {
    /// Nothing is built yet.
    pub fn of(project: &'a Project, copy: &'a Copy, target: &'a Target) -> Self {
        Self { project, copy, target }
    }

    /// Without this a red test would say nothing about a wall.
    pub fn all_is_green(&self, walls: &[Wall]) -> Result<()> {
        let program = self.build()?.map_err(|lines| {
            Failure::new(format!("{} doesn't compile, with every wall in place.", self.target)).output(lines)
        })?;
        let mut tests: Vec<&str> = walls.iter().flat_map(|wall| &wall.tests).map(String::as_str).collect();
        tests.sort_unstable();
        tests.dedup();
        let said = self.run(&program, &tests)?;
        let others: Vec<String> = tests.iter().filter(|test| !said.has(test, "ok")).map(|&test| test.into()).collect();
        if others.is_empty() && said.ended {
            return Ok(());
        }
        let what = format!("{}: these don't pass, or aren't there, with every wall in place:", self.target);
        Err(Failure::new(what).output(others).remedy("Mend them first: a red test must mean a broken wall."))
    }

    /// Breaks the wall, and says what its tests say to that.
    pub fn without(&self, wall: &Wall) -> Result<Outcome> {
        let _broken = self.copy.without(wall)?;
        let program = match self.build()? {
            Ok(program) => program,
            Err(lines) => return Ok(Outcome::DoesNotCompile(lines)),
        };
        let tests: Vec<&str> = wall.tests.iter().map(String::as_str).collect();
        let said = self.run(&program, &tests)?;
        Ok(match said.ended {
            false => Outcome::Hangs,
            // Each test that is named, or one that guards nothing would go unnoticed. One that crashes says nothing.
            true if tests.iter().all(|test| !said.has(test, "ok")) && !said.passed => Outcome::Red,
            true => Outcome::Green,
        })
    }

    /// The program, or the compiler's last words.
    fn build(&self) -> Result<Result<PathBuf, Vec<String>>> {
        let mut command = self.project.command("cargo");
        command.current_dir(&self.copy.root).env("CARGO_TARGET_DIR", &self.copy.target);
        command.args(["test", "--quiet", "--no-run", "--message-format", "json-render-diagnostics"]);
        command.args(["--package", &self.target.package]).args(&self.target.which);
        let output = command.output().doing(|| "run cargo".into())?;
        let text = String::from_utf8_lossy(&output.stdout);
        match text.lines().filter_map(test_program).next_back() {
            Some(program) if output.status.success() => Ok(Ok(program)),
            _ => {
                let errors = String::from_utf8_lossy(&output.stderr);
                Ok(Err(last_lines(&errors)))
            }
        }
    }

    /// Runs tests by the program itself, so that it can be stopped.
    fn run(&self, program: &Path, tests: &[&str]) -> Result<Said> {
        let folder = match self.target.package.as_str() {
            "pets" => self.copy.root.clone(),
            "xtask" => self.copy.root.join("xtask"),
            package => self.copy.root.join("crates").join(package),
        };
        let mut command = self.project.command(program);
        command.args(tests).current_dir(&folder).env("CARGO_MANIFEST_DIR", &folder).env("RUST_BACKTRACE", "0");
        let log = self.copy.target.join("said.txt");
        run_within(PATIENCE, command, &log)
    }
}

fn run_within(patience: Duration, mut command: Command, log: &Path) -> Result<Said> {
    let mut options = File::options();
    let log = options.create(true).truncate(true).read(true).write(true).open(log);
    let mut log = log.doing(|| "write what the tests say".into())?;
    let output = log.try_clone().doing(|| "write what the tests say".into())?;
    let program = command.get_program().display().to_string();
    let mut child = command.stdout(output).stderr(Stdio::null()).spawn().doing(|| format!("start {program}"))?;
    let started = Instant::now();
    let status = loop {
        let status = child.try_wait().doing(|| format!("wait for {program}"))?;
        if status.is_some() {
            break status;
        }
        if started.elapsed() > patience {
            child.kill().and_then(|()| child.wait()).doing(|| format!("stop {program}"))?;
            break None;
        }
        thread::sleep(POLL);
    };
    let mut bytes = Vec::new();
    log.rewind().and_then(|()| log.read_to_end(&mut bytes)).doing(|| "read what the tests said".into())?;
    let passed = status.is_some_and(|status| status.success());
    Ok(Said { ended: status.is_some(), passed, text: String::from_utf8_lossy(&bytes).into_owned() })
}

impl Said {
    /// Whether a test whose path ends so came out so. As libtest writes it: `test token::bad::x ... ok`.
    fn has(&self, test: &str, outcome: &str) -> bool {
        self.text.lines().any(|line| {
            let Some((path, rest)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) else {
                return false;
            };
            let path = path.strip_suffix(" - should panic").unwrap_or(path);
            let before = path.strip_suffix(test);
            before.is_some_and(|before| before.is_empty() || before.ends_with("::"))
                && rest.trim_end().ends_with(outcome)
        })
    }
}

/// The program that Cargo says it has made, of one line of its JSON.
fn test_program(line: &str) -> Option<PathBuf> {
    let message: serde_json::Value = line.parse().ok()?;
    let is_test = message["profile"]["test"].as_bool() == Some(true);
    message["executable"].as_str().filter(|_| is_test).map(PathBuf::from)
}

fn last_lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].iter().map(|&line| line.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Said {
        Said { ended: true, passed: true, text: text.to_owned() }
    }

    #[test]
    fn a_test_is_known_by_the_end_of_its_path() {
        let said =
            said("\nrunning 3 tests\ntest a::one ... ok\ntest a::two ... FAILED\ntest none - should panic ... ok\n");
        assert!(said.has("one", "ok") && said.has("a::one", "ok") && said.has("none", "ok"));
        assert!(said.has("two", "FAILED") && !said.has("two", "ok"));
        assert!(!said.has("ne", "ok") && !said.has("b::one", "ok") && !said.has("three", "FAILED"));
    }

    #[test]
    fn a_test_program_is_told_from_other_programs() {
        let line = |test: bool| format!(r#"{{"executable":"/x/y","profile":{{"test":{test}}}}}"#);
        assert_eq!(test_program(&line(true)), Some("/x/y".into()));
        assert_eq!(test_program(&line(false)), None);
        assert_eq!(test_program(r#"{"executable":null,"profile":{"test":true}}"#), None);
        assert_eq!(test_program("Compiling"), None);
    }

    #[test]
    fn a_program_that_hangs_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'test x ... ok'; exec sleep 600"]);
        let said = run_within(Duration::from_millis(500), command, &folder.path().join("log")).unwrap();
        assert!(!said.ended && said.has("x", "ok"), "{}", said.text);
    }

    #[test]
    fn only_a_red_test_is_as_it_should_be() {
        assert_eq!(Outcome::Red.remedy(), None);
        for outcome in [Outcome::Green, Outcome::DoesNotCompile(vec![]), Outcome::Hangs] {
            assert!(outcome.remedy().is_some() && outcome.word() == outcome.word().to_uppercase(), "{outcome:?}");
        }
    }
}
