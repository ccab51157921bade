//! `cargo xtask break-walls`: breaks each line that verifies something, one at a time, in a copy of the tree, and
//! demands that the test that guards it turns red. So no check of the project can be one that can't fail.
//!
//! The lines are in `tests/walls`, read by [`list`]; `cargo xtask test tidy` holds that list against the sources. The
//! working tree is never written to: the copy is [`copy`]'s, and [`trial`] judges what the tests in it say.

mod copy;
pub mod list;
mod trial;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use lexopt::Arg;

use crate::{
    failure::{Failure, Result},
    logged::spoken,
    project::Project,
    tidy::files,
    usage_error,
};
use copy::Copy;
use list::Wall;
use trial::{Outcome, Trial};

const USAGE: &str = "\
cargo xtask break-walls [TEXT…] [--list]

  TEXT     only walls whose name, file or package has this text
  --list   only name them

Each wall is a line that verifies something, with the test that must turn red without it. They are in tests/walls.";

/// `cargo xtask break-walls`.
pub fn run(project: &Project, arguments: lexopt::Parser) -> Result<ExitCode> {
    let Some((texts, only_list)) = parse(arguments)? else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let files = files::of(project)?;
    let walls = chosen(list::read(&files)?, &texts)?;
    if only_list {
        for wall in &walls {
            println!("{:<58} {}", wall.name, wall.file);
        }
        println!("{} walls.", walls.len());
        return Ok(ExitCode::SUCCESS);
    }
    let rotten: Vec<String> = walls.iter().flat_map(|wall| wall.breaches(&files)).collect();
    if !rotten.is_empty() {
        let what = format!("{} entries don't fit the sources.", rotten.len());
        return Err(Failure::new(what).output(rotten).remedy("Correct them in tests/walls."));
    }

    let copy = Copy::of(project)?;
    let started = Instant::now();
    let mut report = Vec::new();
    // Those of one test program together: then a build is of one package.
    for group in walls.chunk_by(|one, next| one.target == next.target) {
        let trial = Trial::of(project, &copy, &group[0].target);
        println!("\n── {}: {} walls", group[0].target, group.len());
        trial.all_is_green(group)?;
        for wall in group {
            let begun = Instant::now();
            let outcome = trial.without(wall)?;
            println!("  {:<7} {:>12}  {}", outcome.word(), spoken(begun.elapsed()), wall.name);
            report.push((wall, outcome));
        }
    }
    println!("\n{}", summary(&report, started.elapsed()));
    let all_red = report.iter().all(|(_, outcome)| matches!(outcome, Outcome::Red));
    Ok(if all_red { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(mut arguments: lexopt::Parser) -> Result<Option<(Vec<String>, bool)>> {
    let (mut texts, mut only_list) = (Vec::new(), false);
    while let Some(argument) = arguments.next().map_err(usage_error)? {
        match argument {
            Arg::Long("list") => only_list = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            Arg::Value(text) => texts.push(text.to_string_lossy().into_owned()),
            other => return Err(usage_error(other.unexpected())),
        }
    }
    Ok(Some((texts, only_list)))
}

/// The walls that one of the texts is meant by, in an order in which those of one test program stand together.
fn chosen(walls: Vec<Wall>, texts: &[String]) -> Result<Vec<Wall>> {
    let meant = |wall: &Wall| {
        let has = |text: &String| [&wall.name, &wall.file, &wall.target.package].iter().any(|part| part.contains(text));
        texts.is_empty() || texts.iter().any(has)
    };
    let mut walls: Vec<Wall> = walls.into_iter().filter(meant).collect();
    if walls.is_empty() {
        return Err(Failure::new("There is no such wall.").remedy("See them all: cargo xtask break-walls --list"));
    }
    walls.sort_by(|one, other| one.target.cmp(&other.target));
    Ok(walls)
}

/// How many fell, and each that didn't, with what to do about it.
fn summary(report: &[(&Wall, Outcome)], time: Duration) -> String {
    let mut text = String::new();
    for (wall, outcome) in report {
        let Some(remedy) = outcome.remedy() else { continue };
        text += &format!("{} ({}): {remedy}\n", wall.name, wall.file);
        for line in outcome.output() {
            text += &format!("    {line}\n");
        }
    }
    let red = report.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Red)).count();
    text + &format!("{red} of {} walls turn a test red when they are broken, after {}.", report.len(), spoken(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walls() -> Vec<Wall> {
        let entry = |name: &str, package: &str| {
            format!(
                "[[wall]]\nname = '{name}'\nfile = 'crates/{package}/src/lib.rs'\nfind = 'a'\nreplace = 'b'\n\
                 test = 'cargo test -p {package} --lib x'\n"
            )
        };
        let text = [entry("one", "iam"), entry("two", "service"), entry("three", "iam")].concat();
        list::parse("tests/walls/x.toml", &text).unwrap()
    }

    fn names(walls: &[Wall]) -> Vec<&str> {
        walls.iter().map(|wall| wall.name.as_str()).collect()
    }

    #[test]
    fn walls_are_chosen_by_a_part_of_their_name_or_place_and_grouped_by_program() {
        assert_eq!(names(&chosen(walls(), &[]).unwrap()), ["one", "three", "two"]);
        assert_eq!(names(&chosen(walls(), &["tw".to_owned()]).unwrap()), ["two"]);
        assert_eq!(
            names(&chosen(walls(), &["iam/src".to_owned(), "two".to_owned()]).unwrap()),
            ["one", "three", "two"]
        );
        let message = chosen(walls(), &["four".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("--list"), "{message}");
    }

    #[test]
    fn what_stayed_green_is_named_with_what_to_do() {
        let walls = walls();
        let report = [(&walls[0], Outcome::Red), (&walls[1], Outcome::Green)];
        let text = summary(&report, Duration::from_secs(90));
        assert!(text.contains("two (crates/service/src/lib.rs)") && !text.contains("one ("), "{text}");
        assert!(text.ends_with("1 of 2 walls turn a test red when they are broken, after 1 min 30 s."), "{text}");
    }
}
