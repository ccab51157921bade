//! An implementation in another language: a program that is asked line by line. Each line is a case as JSON; each
//! answer is a line with `Allowed`, `ExplicitlyDenied`, `ImplicitlyDenied`, `NotAllowed` or other words, which say why not.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use iam::Outcome;

use super::{Oracle, Said};
use crate::case::Case;

pub struct Program {
    name: &'static str,
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Program {
    pub fn start(name: &'static str, mut command: Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} can't be started: {error}"));
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        Self { name, questions: process.stdin.take(), answers, process }
    }
}

impl Oracle for Program {
    fn name(&self) -> &'static str {
        self.name
    }

    fn decide(&mut self, case: &Case) -> Result<Said, String> {
        let question = serde_json::to_string(case).expect("a case is JSON") + "\n";
        let questions = self.questions.as_mut().expect("it is open until the end");
        let mut answer = String::new();
        let asked = questions.write_all(question.as_bytes()).and_then(|()| questions.flush());
        asked
            .and_then(|()| self.answers.read_line(&mut answer))
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        match answer.trim_end() {
            "Allowed" => Ok(Said::This(Outcome::Allowed)),
            "ExplicitlyDenied" => Ok(Said::This(Outcome::ExplicitlyDenied)),
            "ImplicitlyDenied" => Ok(Said::This(Outcome::ImplicitlyDenied)),
            "NotAllowed" => Ok(Said::NotAllowed),
            "" => panic!("{} has ended", self.name),
            other => Err(other.to_owned()),
        }
    }
}

impl Drop for Program {
    /// It ends by itself when there are no more questions.
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.process.wait();
    }
}
