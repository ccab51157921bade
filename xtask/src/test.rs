//! `cargo xtask test`: sets up what is missing, then runs every test as a named step, and ends with a table of them.

mod steps;

use std::{
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use lexopt::Arg;

use crate::{
    failure::{Doing as _, Failure, Result},
    logged::spoken,
    project::Project,
    setup::{self, Tool},
    usage_error,
};
use steps::STEPS;

const USAGE: &str = "\
cargo xtask test [STEP…] [--keep-going]

  --keep-going   run the steps after a failed one too

Without a STEP all run, in this order:";

/// One part of the tests.
struct Step {
    name: &'static str,
    about: &'static str,
    needs: &'static [Tool],
    /// The steps whose results it tests: they run before, even when they aren't asked for.
    after: &'static [&'static str],
    run: fn(&Project) -> Result<Outcome>,
}

enum Outcome {
    Passed,
    /// There is nothing to test; the words say what is missing.
    Nothing(&'static str),
}

/// `cargo xtask test`.
pub fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    let Some((chosen, keep_going)) = parse(arguments)? else {
        println!("{USAGE}\n");
        for step in &STEPS {
            println!("  {:<14} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let needs: Vec<Tool> = chosen.iter().flat_map(|step| step.needs).copied().collect();
    setup::ensure(project, &needs)?;
    let mut report = Vec::new();
    for step in chosen {
        println!("\n── {}: {}", step.name, step.about);
        let started = Instant::now();
        let result = (step.run)(project);
        if let Err(failure) = &result {
            println!("\n{failure}");
        }
        let failed = result.is_err();
        report.push((step, result, started.elapsed()));
        if failed && !keep_going {
            break;
        }
    }
    println!("\n{}", table(&report));
    let failed = report.iter().any(|(_, result, _)| result.is_err());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The steps that are asked for, in the order of the table, and whether to go on after a failure.
fn parse(mut arguments: lexopt::Parser) -> Result<Option<(Vec<&'static Step>, bool)>> {
    let mut names = Vec::new();
    let mut keep_going = false;
    while let Some(argument) = arguments.next().map_err(usage_error)? {
        match argument {
            Arg::Long("keep-going") => keep_going = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Value(name) => names.push(name.to_string_lossy().into_owned()),
            other => return Err(usage_error(other.unexpected())),
        }
    }
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(
            Failure::new(format!("There is no step {unknown}.")).remedy(format!("There is {}.", known.join(", ")))
        );
    }
    let is_asked_for = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let is_chosen = |step: &&Step| {
        is_asked_for(step.name)
            || STEPS.iter().any(|later| later.after.contains(&step.name) && is_asked_for(later.name))
    };
    Ok(Some((STEPS.iter().filter(is_chosen).collect(), keep_going)))
}

/// What came of each step, a line each, and of all of them.
fn table(report: &[(&Step, Result<Outcome>, Duration)]) -> String {
    let mut text = String::new();
    for (step, result, time) in report {
        let outcome = match result {
            Ok(Outcome::Passed) => "ok",
            Ok(Outcome::Nothing(what)) => what,
            Err(_) => "FAILED",
        };
        text += &format!("  {:<14} {:>12}  {outcome}\n", step.name, spoken(*time));
    }
    let failed: Vec<_> = report.iter().filter(|(_, result, _)| result.is_err()).map(|(step, ..)| step.name).collect();
    let total = spoken(report.iter().map(|(_, _, time)| *time).sum());
    text += &match failed.as_slice() {
        [] => format!("Everything is as it should be, after {total}."),
        failed => format!("Failed after {total}: {}. Again: cargo xtask test {}", failed.join(", "), failed.join(" ")),
    };
    text
}

/// Runs a command whose output a person sees as it comes.
fn visible(mut command: Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let line = format!("{program} {}", arguments.join(" "));
    let status = command.status().doing(|| format!("run {program}"))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{line}` failed ({status})."))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_in_the_order_of_the_table_however_they_are_asked_for() {
        let (steps, keep_going) = parse(lexopt::Parser::from_args(["host", "fmt", "--keep-going"])).unwrap().unwrap();
        assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), ["fmt", "host"]);
        assert!(keep_going);
        let (all, _) = parse(lexopt::Parser::from_args([""; 0])).unwrap().unwrap();
        assert_eq!(all.len(), STEPS.len());
    }

    #[test]
    fn a_step_runs_after_the_one_whose_result_it_tests() {
        let (steps, _) = parse(lexopt::Parser::from_args(["e2e"])).unwrap().unwrap();
        assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), ["page", "e2e"]);
    }

    #[test]
    fn a_step_that_does_not_exist_is_named_with_those_that_do() {
        let message = parse(lexopt::Parser::from_args(["hots"])).err().unwrap().to_string();
        assert!(message.contains("hots") && message.contains("host"), "{message}");
    }

    #[test]
    fn the_table_names_what_failed() {
        let report =
            [(&STEPS[0], Ok(Outcome::Passed), Duration::ZERO), (&STEPS[1], Err(Failure::new("x")), Duration::ZERO)];
        let text = table(&report);
        assert!(text.contains("FAILED") && text.ends_with(&format!("cargo xtask test {}", STEPS[1].name)), "{text}");
    }

    #[test]
    fn a_command_that_fails_is_repeated_in_words() {
        let mut command = Command::new("sh");
        command.args(["-c", "exit 4"]);
        let message = visible(command).unwrap_err().to_string();
        assert!(message.contains("sh -c exit 4") && message.contains('4'), "{message}");
    }
}
