//! A decision of IAM as one line of the log: the statement that decided, or what the nearest statements were missing.
//! Unlike `iam`'s own sentence it leaves the values out, for a value may say who somebody is.

use iam::{Decision, Element, Outcome, Reason};

/// The line.
pub fn why(decision: &Decision) -> String {
    match (&decision.outcome, &decision.reason) {
        (Outcome::Allowed, Reason::Statement(by)) => format!("allowed by {by}"),
        (_, Reason::Statement(by)) => format!("explicitly denied by {by}"),
        (_, Reason::NothingAllows(misses)) => {
            let misses = misses.iter().take(3).map(|miss| {
                let element = match &miss.failed.element {
                    Element::Condition { operator, key } => format!("Condition {operator} {key}"),
                    other => format!("{other:?}"),
                };
                format!("; {} did not match in {element}", miss.statement)
            });
            format!("implicitly denied: no statement allows it{}", misses.collect::<String>())
        }
    }
}

/// How AWS ends the sentence with which it refuses this action, after the resource.
pub fn because(decision: &Decision, action: &str) -> String {
    match decision.outcome {
        Outcome::ExplicitlyDenied => "with an explicit deny in an identity-based policy".to_owned(),
        _ => format!("because no identity-based policy allows the {action} action"),
    }
}
