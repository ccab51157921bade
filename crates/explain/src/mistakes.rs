//! What is probably meant otherwise: the mistake by its name, where it is, and what to write instead. A mistake is named
//! only if the request would go through without it, which is tried out (`trial`); where there is none, the nearest
//! statement is named and what it would take. An allowed step has no advice, except where a trust policy doesn't ask for
//! whom a token is.

mod conditions;
mod neighbour;
mod provider;
mod resource;
mod route;
mod trial;
mod trust;

use domain::{Advice, Place};
use iam::{Effect, Element, Explanation, Outcome, Policy, Request, StatementRef, StatementTrace, Verdict};
use template::{Provider, Role, View};

use crate::question::Person;
pub(crate) use route::for_route;
use trial::{Draft, Trial};

/// A question to a role's policies, and what they said.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub documents: View<'a>,
    pub role: &'a Role,
    pub policies: &'a [Policy],
    pub request: &'a Request,
    pub explanation: &'a Explanation,
}

/// Why a token's issuer or audience isn't known.
pub(crate) fn for_provider(documents: View<'_>, person: &Person, provider: Option<&Provider>) -> Vec<Advice> {
    provider::advice(documents, person, provider)
}

/// What a trust policy was asked.
pub(crate) fn for_trust(asked: &Asked<'_>, provider: &Provider, person: &Person) -> Vec<Advice> {
    if asked.explanation.decision.is_allowed() {
        return trust::any_client(asked, provider, person).into_iter().collect();
    }
    let Some(trial) = Trial::of(asked) else { return vec![asked.unclear()] };
    let advice = asked.named(&trial, |trace| trust::candidates(trace, provider, person));
    if advice.is_empty() { trust::nearest(asked, &trial, provider, person) } else { advice }
}

/// What a role's permissions were asked.
pub(crate) fn for_call(asked: &Asked<'_>) -> Vec<Advice> {
    if asked.explanation.decision.is_allowed() {
        return Vec::new();
    }
    let Some(trial) = Trial::of(asked) else { return vec![asked.unclear()] };
    let advice = asked.named(&trial, |trace| resource::candidates(asked, trace));
    if advice.is_empty() { vec![resource::nearest(asked, &trial)] } else { advice }
}

/// How much advice anybody reads.
const MOST: usize = 8;

/// How many candidates are tried one by one, whatever comes of all together.
const FEW: usize = 16;

/// What may be meant otherwise in a statement.
struct Candidate {
    /// The mistake, as a sentence without its end: that the statement would match is said of all alike.
    says: String,
    /// What to write.
    remedy: Remedy,
    /// Which part of the statement, as [`Role::line_of`] takes it.
    element: String,
    /// The statement as it is meant.
    change: Box<dyn Fn(Draft) -> Draft>,
}

/// What to write.
enum Remedy {
    /// This.
    Text(String),
    /// An item of `Resource`, as it is in the statement without its mistakes.
    Resource(usize),
}

impl Asked<'_> {
    /// The mistakes without which the request would go through.
    fn named(&self, trial: &Trial<'_>, candidates: impl Fn(&StatementTrace) -> Vec<Candidate>) -> Vec<Advice> {
        let denied = self.explanation.decision.outcome == Outcome::ExplicitlyDenied;
        let mut advice = Vec::new();
        for (index, trace) in self.explanation.statements.iter().enumerate() {
            let candidates = match trace.effect {
                Effect::Deny if denied && trace.applies => conditions::of_a_deny(trace),
                Effect::Allow if !denied => candidates(trace),
                _ => continue,
            };
            let needed = needed(trial, index, &candidates);
            let meant = changed(trial.draft(index), &needed);
            let then = if denied { "the Deny wouldn't apply" } else { "the statement would match" };
            let then = match needed.len() {
                0 | 1 => format!("{then} otherwise"),
                several => format!("{then} without this and {} more", several - 1),
            };
            advice.extend(needed.into_iter().map(|candidate| Advice {
                says: format!("{}; {then}.", candidate.says),
                remedy: match &candidate.remedy {
                    Remedy::Text(text) => text.clone(),
                    Remedy::Resource(item) => {
                        resource::instead(self, trace, *item, meant.resource(*item).unwrap_or_default())
                    }
                },
                at: self.place(&trace.statement, &candidate.element),
            }));
        }
        if denied && advice.is_empty() {
            advice = self.denies(trial);
        }
        advice.truncate(MOST);
        advice
    }

    /// Each deny that applies, and whether the request would go through without them.
    fn denies(&self, trial: &Trial<'_>) -> Vec<Advice> {
        let applies = |effect| self.explanation.statements.iter().filter(move |t| t.applies && t.effect == effect);
        let then = match (applies(Effect::Allow).next(), trial.would_pass_undenied(), applies(Effect::Deny).count()) {
            (Some(allow), true, 1) => format!("shadows {}, which would allow it", name(&allow.statement)),
            (Some(allow), true, many) => {
                format!("is one of {many} that shadow {}, which would allow it", name(&allow.statement))
            }
            _ => "denies it, and no statement would allow it either".to_owned(),
        };
        let advice = |deny: &StatementTrace| Advice {
            says: format!("The Deny {} {then}: a Deny goes over every Allow.", name(&deny.statement)),
            remedy: "If that isn't meant, narrow its Action, Resource or Condition, or take it out.".to_owned(),
            at: self.place(&deny.statement, "Effect"),
        };
        applies(Effect::Deny).map(advice).collect()
    }

    /// A statement that can't be tried out says why itself.
    fn unclear(&self) -> Advice {
        Advice {
            says: "What these statements would say otherwise can't be tried out.".to_owned(),
            remedy: "Compare the values of the statements.".to_owned(),
            at: self.explanation.statements.first().and_then(|trace| self.place(&trace.statement, "Effect")),
        }
    }

    fn place(&self, statement: &StatementRef, element: &str) -> Option<Place> {
        let line = self.role.line_of(&statement.policy, statement.index, Some(element))?;
        Some(Place { file: self.documents.file.to_owned(), line })
    }
}

/// As few of the candidates as let the request through, if any do: one, or else all without those that aren't needed.
fn needed<'c>(trial: &Trial<'_>, index: usize, candidates: &'c [Candidate]) -> Vec<&'c Candidate> {
    let passes = |chosen: &[&Candidate]| trial.would_pass(index, &changed(trial.draft(index), chosen));
    let mut chosen: Vec<&Candidate> = candidates.iter().collect();
    // Of many none can do what all of them can't.
    if chosen.len() > FEW && !passes(&chosen) {
        return Vec::new();
    }
    if let Some(one) = candidates.iter().find(|candidate| passes(&[candidate])) {
        return vec![one];
    }
    if !passes(&chosen) {
        return Vec::new();
    }
    for position in (0..chosen.len()).rev() {
        let mut fewer = chosen.clone();
        fewer.remove(position);
        if passes(&fewer) {
            chosen = fewer;
        }
    }
    chosen
}

fn changed(draft: Draft, candidates: &[&Candidate]) -> Draft {
    candidates.iter().fold(draft, |draft, candidate| (candidate.change)(draft))
}

fn name(statement: &StatementRef) -> String {
    statement.sid.clone().unwrap_or_else(|| format!("statement {}", statement.index))
}

/// What a statement wants of an element, as written.
fn written(trace: &StatementTrace, element: &Element) -> Vec<String> {
    let checks = trace.checks.iter().filter(|check| check.element == *element);
    checks.flat_map(|check| &check.wanted).map(|wanted| wanted.written.clone()).collect()
}

fn fails(trace: &StatementTrace, element: &Element) -> bool {
    trace.checks.iter().any(|check| check.element == *element && check.verdict != Verdict::Holds)
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
