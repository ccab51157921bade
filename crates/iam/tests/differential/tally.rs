//! What a run has asked, and whether that was enough: a test that compares nothing isn't green but red.

use std::{collections::BTreeMap, fmt};

use iam::{Element, Outcome, Verdict};

use crate::{
    case::Case,
    conditions::{FORMS, OPERATORS},
};

#[derive(Debug, Default)]
pub struct Tally {
    /// What `iam` said to the whole cases.
    decided: Outcomes,
    oracles: BTreeMap<&'static str, Asked>,
    /// Conditions that were the last to decide of a statement, with how often they held and failed, over all oracles
    /// that agreed.
    conditions: BTreeMap<String, [usize; 2]>,
}

#[derive(Debug, Default)]
struct Asked {
    agreed: Outcomes,
    excused: usize,
}

/// Allowed, explicitly denied, implicitly denied.
#[derive(Debug, Default, Clone, Copy)]
struct Outcomes([usize; 3]);

impl Tally {
    pub fn new(oracles: Vec<&'static str>) -> Self {
        Self { oracles: oracles.into_iter().map(|name| (name, Asked::default())).collect(), ..Self::default() }
    }

    pub fn decided(&mut self, outcome: Outcome) {
        self.decided.add(outcome);
    }

    pub fn excused(&mut self, oracle: &'static str) {
        self.oracles.entry(oracle).or_default().excused += 1;
    }

    pub fn agreed(&mut self, oracle: &'static str, asked: &Case, outcome: Outcome) {
        self.oracles.entry(oracle).or_default().agreed.add(outcome);
        if asked.conditions().next().is_none() {
            return;
        }
        let policies = asked.loaded().expect("it was just decided");
        for statement in iam::explain(&policies, &asked.request()).statements {
            let missed = statement.checks.iter().filter(|check| check.verdict != Verdict::Holds).count();
            for check in &statement.checks {
                let Element::Condition { operator, .. } = &check.element else { continue };
                match (check.verdict, missed) {
                    (Verdict::Holds, 0) => self.conditions.entry(operator.clone()).or_default()[0] += 1,
                    (Verdict::Fails, 1) => self.conditions.entry(operator.clone()).or_default()[1] += 1,
                    _ => {}
                }
            }
        }
    }

    /// At least these shares of the cases, in percent, came to each outcome.
    pub fn decided_at_least(&self, percent: [usize; 3]) -> &Self {
        self.decided.at_least(percent, "iam", self);
        self
    }

    /// An oracle was asked about this share of the cases, in percent, and said each outcome in at least the others.
    pub fn asked_at_least(&self, oracle: &str, share: usize, percent: [usize; 3]) -> &Self {
        let Asked { agreed, excused } = &self.oracles[oracle];
        assert!(agreed.sum() * 100 >= (agreed.sum() + excused) * share, "{oracle} was asked too little\n{self}");
        agreed.at_least(percent, oracle, self);
        self
    }

    /// Every operator in every form held and failed where nothing else decided, but for those that no oracle can be
    /// asked about.
    pub fn asked_every_condition_but(&self, cannot: impl Fn(&str, &str) -> bool) {
        let asked = |name: &str| self.conditions.get(name).is_some_and(|both| both.iter().all(|count| *count > 0));
        let forms =
            OPERATORS.iter().flat_map(|(operator, _)| FORMS.map(|(prefix, suffix)| (prefix, *operator, suffix)));
        for (prefix, operator, suffix) in forms.chain([("", "Null", "")]) {
            let (form, name) = (format!("{prefix}{suffix}"), format!("{prefix}{operator}{suffix}"));
            assert_ne!(asked(&name), cannot(&form, operator), "{name}\n{self}");
        }
    }
}

impl Outcomes {
    fn add(&mut self, outcome: Outcome) {
        self.0[match outcome {
            Outcome::Allowed => 0,
            Outcome::ExplicitlyDenied => 1,
            Outcome::ImplicitlyDenied => 2,
        }] += 1;
    }

    fn sum(&self) -> usize {
        self.0.iter().sum()
    }

    fn at_least(&self, percent: [usize; 3], who: &str, tally: &Tally) {
        let is_enough = |(count, percent): (&usize, &usize)| *count * 100 >= self.sum() * percent;
        assert!(self.sum() > 0 && self.0.iter().zip(&percent).all(is_enough), "{who}: not {percent:?} %\n{tally}");
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [allowed, denied, implicit] = self.0;
        write!(f, "{}: {allowed} allowed, {denied} explicitly and {implicit} implicitly denied", self.sum())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "iam {}", self.decided)?;
        for (name, Asked { agreed, excused }) in &self.oracles {
            writeln!(f, "{name} agreed on {agreed}; not asked {excused}")?;
        }
        for (name, [held, failed]) in &self.conditions {
            writeln!(f, "  {name}: held {held}, failed {failed}")?;
        }
        Ok(())
    }
}
