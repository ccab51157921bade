//! Explicit deny over allow over implicit deny, over any number of policies. Deciding and explaining share every
//! comparison and the conclusion, so they can't disagree.

use crate::{
    decision::{Decision, Miss, Outcome, Reason, StatementRef},
    policy::{Policy, Statement},
    request::Request,
    trace::{Effect, Explanation, StatementTrace, Verdict},
};

/// Decides a request. Without policies everything is implicitly denied.
///
/// An allow and an explicit deny copy no more than the name of the statement that decided.
#[must_use]
pub fn decide(policies: &[Policy], request: &Request) -> Decision {
    conclude(policies, request, |_, statement| statement.applies(request))
}

/// Decides a request and says what was compared on the way.
#[must_use]
pub fn explain(policies: &[Policy], request: &Request) -> Explanation {
    let trace = |place: Place<'_>| {
        let checks: Vec<_> = place.statement.clauses.iter().map(|clause| clause.check(request)).collect();
        StatementTrace {
            statement: place.reference(),
            effect: place.statement.effect,
            applies: place.statement.applies_after(checks.iter().map(|check| check.verdict)),
            checks,
        }
    };
    let statements: Vec<_> = places(policies).map(trace).collect();
    Explanation { decision: conclude(policies, request, |position, _| statements[position].applies), statements }
}

/// A statement where it stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    policy: &'p Policy,
    index: usize,
    statement: &'p Statement,
}

impl Place<'_> {
    fn reference(self) -> StatementRef {
        StatementRef { policy: self.policy.name().to_owned(), index: self.index, sid: self.statement.sid.clone() }
    }
}

fn places(policies: &[Policy]) -> impl Iterator<Item = Place<'_>> {
    policies.iter().flat_map(|policy| {
        let place = move |(index, statement)| Place { policy, index, statement };
        policy.statements().iter().enumerate().map(place)
    })
}

fn conclude(policies: &[Policy], request: &Request, applies: impl Fn(usize, &Statement) -> bool) -> Decision {
    let first = |effect| {
        places(policies)
            .enumerate()
            .filter(|(_, place)| place.statement.effect == effect)
            .find(|(position, place)| applies(*position, place.statement))
            .map(|(_, place)| Reason::Statement(place.reference()))
    };
    if let Some(reason) = first(Effect::Deny) {
        return Decision { outcome: Outcome::ExplicitlyDenied, reason };
    }
    if let Some(reason) = first(Effect::Allow) {
        return Decision { outcome: Outcome::Allowed, reason };
    }
    Decision { outcome: Outcome::ImplicitlyDenied, reason: Reason::NothingAllows(misses(policies, request)) }
}

fn misses(policies: &[Policy], request: &Request) -> Vec<Miss> {
    let mut misses: Vec<_> = places(policies)
        .filter(|place| place.statement.effect == Effect::Allow)
        .filter_map(|place| {
            let clauses = &place.statement.clauses;
            let failed = clauses.iter().position(|clause| clause.find(request).0 != Verdict::Holds)?;
            let miss = Miss { statement: place.reference(), failed: clauses[failed].check(request) };
            Some((failed, miss))
        })
        .collect();
    misses.sort_by_key(|(failed, _)| std::cmp::Reverse(*failed));
    misses.into_iter().map(|(_, miss)| miss).collect()
}
