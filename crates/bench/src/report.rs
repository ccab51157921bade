//! What was measured, as it is shown, and written after each part for whoever asked for files: when a later part fails or
//! somebody stops it, nothing is lost. The head says when, of what and on what; a number without these says nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    failure::{Doing, Result},
    machine::{Machine, load},
    options::Options,
    table::Table,
};

/// The tables so far, and what went wrong.
pub struct Report<'a> {
    options: &'a Options,
    machine: Machine,
    began: String,
    commit: String,
    tables: Vec<Table>,
    failures: Vec<String>,
}

impl<'a> Report<'a> {
    /// With nothing in it yet. Files that can't be written are told of now and not after an hour.
    pub fn begin(options: &'a Options) -> Result<Self> {
        let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let report = Self {
            options,
            machine: Machine::here(),
            began: now.format(&Rfc3339).unwrap_or_default(),
            commit: commit(&options.root),
            tables: Vec::new(),
            failures: Vec::new(),
        };
        report.write()?;
        Ok(report)
    }

    /// Adds and shows what came of a part.
    pub fn add(&mut self, part: &str, found: Result<Vec<Table>>) -> Result<()> {
        match found {
            Ok(tables) => {
                for table in tables {
                    println!("{table}");
                    self.failures.extend(table.failures.iter().map(|why| format!("{part}, {}: {why}", table.title)));
                    self.tables.push(table);
                }
            }
            Err(failure) => {
                eprintln!("bench: {part} failed: {failure}");
                self.failures.push(format!("{part}: {failure}"));
            }
        }
        self.write()
    }

    /// Says what failed, and whether anything did.
    pub fn end(&self) -> ExitCode {
        println!("Load at the end: {}", load());
        for failure in &self.failures {
            eprintln!("bench: not measured: {failure}");
        }
        if self.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// When, of what, on what, how.
    pub fn head(&self) -> String {
        let Self { machine, began, commit, options, .. } = self;
        let quick = if options.quick { " --quick" } else { "" };
        let busy =
            if machine.is_busy() { ": it had other work, so that numbers compare within a table only" } else { "" };
        format!(
            "`cargo xtask bench{quick}` on {began}, of commit {commit}, on {machine}; load {} at the start, {} at the \
             end{busy}. Where nothing else is said, a number is a median, and in brackets are the quartiles: half of the \
             measurements lie between them.",
            machine.load,
            load(),
        )
    }

    fn write(&self) -> Result<()> {
        let write = |file: &PathBuf, text: String| fs::write(file, text).doing(format!("write {}", file.display()));
        if let Some(file) = &self.options.markdown {
            let tables: String = self.tables.iter().map(|table| format!("\n{table}")).collect();
            let failures: String = self.failures.iter().map(|why| format!("\nNot measured: {why}\n")).collect();
            write(file, format!("{}\n{tables}{failures}", self.head()))?;
        }
        if let Some(file) = &self.options.json {
            let tables: Vec<Value> = self.tables.iter().map(Table::to_json).collect();
            let all = json!({
                "began": self.began, "commit": self.commit, "machine": self.machine.to_json(), "loadAfter": load(),
                "quick": self.options.quick, "tables": tables, "failures": self.failures,
            });
            write(file, format!("{all:#}\n"))?;
        }
        Ok(())
    }
}

/// The sources' commit, as far as git knows it.
fn commit(root: &Path) -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(root).args(arguments).stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".into() };
    let is_changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_none_or(|changes| !changes.is_empty());
    format!("{commit}{}", if is_changed { " with changes that aren't in it" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    fn options(folder: &Path) -> Options {
        Options {
            markdown: Some(folder.join("tables.md")),
            json: Some(folder.join("tables.json")),
            root: folder.to_owned(),
            ..Options::default()
        }
    }

    #[test]
    fn a_part_that_fails_takes_no_other_with_it_and_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path());
        let mut report = Report::begin(&options).unwrap();
        report.add("first", Err(Failure::wrong("no luck"))).unwrap();
        let mut table = Table::new("Second", &["ms"]);
        table.failed("other", "it fell");
        report.add("second", Ok(vec![table])).unwrap();
        assert_eq!(format!("{:?}", report.end()), format!("{:?}", ExitCode::FAILURE));
        let text = fs::read_to_string(folder.path().join("tables.md")).unwrap();
        for words in ["### Second", "failed: it fell", "Not measured: first: no luck", "at the start"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let json: Value = fs::read_to_string(folder.path().join("tables.json")).unwrap().parse().unwrap();
        assert_eq!((json["failures"].as_array().unwrap().len(), &json["tables"][0]["title"]), (2, &json!("Second")));
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told_of_before_anything_is_measured() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Report::begin(&options(&folder.path().join("nowhere"))).is_err());
    }
}
