//! Every input that is kept, through its target: interesting ones that were written by hand, and finds.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use fuzz::{Outcome, TARGETS, Target};

const FUZZ: &str = env!("CARGO_MANIFEST_DIR");

fn replay(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let corpus = files(&Path::new(FUZZ).join("corpus").join(name));
    let outcomes: Vec<_> = corpus.iter().map(|file| run(target, file)).collect();
    // A corpus whose inputs all end at the first check would show nothing.
    assert!(outcomes.contains(&Outcome::Taken) && outcomes.contains(&Outcome::Refused), "{name}: {outcomes:?}");
    // What was found on this machine and is not yet kept.
    files(&Path::new(FUZZ).join("artifacts").join(name)).iter().for_each(|file| {
        run(target, file);
    });
}

fn run(target: &Target, file: &Path) -> Outcome {
    let input = fs::read(file).unwrap();
    catch_unwind(AssertUnwindSafe(|| (target.check)(&input)))
        .unwrap_or_else(|_| panic!("{}: {} breaks a promise, see above", target.name, file.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn cursors_keep_their_promises() {
    replay("cursor");
}

#[test]
fn policy_documents_keep_their_promises() {
    replay("policy");
}

#[test]
fn signed_requests_keep_their_promises() {
    replay("signature");
}

#[test]
fn templates_keep_their_promises() {
    replay("template");
    let deployed = run(&TARGETS[3], &Path::new(FUZZ).join("../infra/template.yaml"));
    assert_eq!(deployed, Outcome::Taken);
}

#[test]
fn tokens_keep_their_promises() {
    replay("token");
}

#[test]
fn every_target_has_its_own_of_everything() {
    for Target { name, .. } in TARGETS {
        for file in [format!("fuzz_targets/{name}.rs"), format!("dictionaries/{name}.txt"), format!("corpus/{name}")] {
            assert!(Path::new(FUZZ).join(&file).exists(), "{file}");
        }
    }
}
