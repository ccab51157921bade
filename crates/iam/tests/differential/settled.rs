//! Every disagreement that there was, with the document that settles it. Those who were wrong must be wrong still, or
//! the fault is struck from the list, and what it hid is compared again.
//!
//! `iam-simulate`, of npm, was asked 20,000 generated cases too, by hand: its licence (AGPL) is none to bring along. What
//! it says otherwise is in the list, and not asked again.

use std::collections::BTreeSet;

use iam::Outcome;
use serde::Deserialize;

use crate::{case::Case, faults, oracle::Oracle};

const ASKED: [&str; 4] = ["iam-rs", "aspen", "ministack", "iam-simulate"];

#[derive(Deserialize)]
struct Settled {
    rule: String,
    /// AWS's page.
    source: String,
    right: String,
    /// The oracles that say something else, or can't say.
    wrong: Vec<String>,
    case: Case,
}

fn all() -> Vec<Settled> {
    serde_json::from_str(include_str!("settled.json")).expect("a list of settled cases")
}

fn outcome(name: &str) -> Outcome {
    match name {
        "Allowed" => Outcome::Allowed,
        "ExplicitlyDenied" => Outcome::ExplicitlyDenied,
        "ImplicitlyDenied" => Outcome::ImplicitlyDenied,
        other => panic!("{other} is no outcome"),
    }
}

/// Holds `iam` and these oracles to the list, and the list to the faults that are known of them.
pub fn hold(oracles: &mut [Box<dyn Oracle>]) {
    let all = all();
    for Settled { rule, source, right, wrong, case } in &all {
        assert!(source.starts_with("https://docs.aws.amazon.com/"), "{rule}: {source} is not AWS's");
        let stranger = wrong.iter().find(|name| !ASKED.contains(&name.as_str()));
        assert_eq!(stranger, None, "{rule}: nobody has this name");
        let right = outcome(right);
        assert_eq!(case.ours(), Ok(right), "{rule}: iam is wrong by {source}");
        for oracle in oracles.iter_mut() {
            let (name, said) = (oracle.name(), oracle.decide(case));
            let is_right = said.as_ref().is_ok_and(|said| said.is(right));
            let excused: Vec<_> = faults::of(name, case).iter().map(|fault| fault.rule).collect();
            if wrong.iter().any(|wrong| wrong == name) {
                assert!(!is_right, "{rule}: {name} is right now; strike it here and in faults.rs");
                assert!(
                    excused.contains(&rule.as_str()),
                    "{rule}: faults.rs doesn't know it of {name}, but {excused:?}"
                );
            } else {
                assert!(is_right || !excused.is_empty(), "{rule}: {name} says {said:?}");
            }
        }
    }
    let rules: BTreeSet<_> = all.iter().map(|settled| settled.rule.as_str()).collect();
    assert_eq!(rules.len(), all.len(), "every rule once");
    for fault in faults::FAULTS {
        let settled = all.iter().find(|settled| settled.rule == fault.rule);
        let wrong = settled.map_or(&[][..], |settled| settled.wrong.as_slice());
        assert!(wrong.iter().any(|wrong| wrong == fault.oracle), "{}: {} isn't settled", fault.oracle, fault.rule);
    }
}
