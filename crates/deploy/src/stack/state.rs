//! What a deploy may do with a stack in each of CloudFormation's states.

use super::Stack;
use crate::error::{Error, Result};

/// How the stack becomes what the template says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There is none, or only the shell of a plan that was never carried out.
    Create,
    /// There is one.
    Update,
}

impl Way {
    /// The way for a stack that nobody changes at the moment.
    pub fn of(stack: Option<&Stack>) -> Result<Self> {
        let Some(stack) = stack else { return Ok(Self::Create) };
        let destroy = || format!("Take it down, then deploy again: cargo xtask destroy --stack {}", stack.name);
        let (meaning, remedy) = match stack.state.as_str() {
            "REVIEW_IN_PROGRESS" => return Ok(Self::Create),
            "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE" => return Ok(Self::Update),
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
                ("its creation failed, and such a stack can only be deleted", destroy())
            }
            "DELETE_FAILED" => ("its deletion began and failed", destroy()),
            "UPDATE_ROLLBACK_FAILED" => (
                "an update failed, and taking it back failed, too",
                format!(
                    "Repair what the events name, then: aws cloudformation continue-update-rollback --stack-name {}",
                    stack.name
                ),
            ),
            "UPDATE_FAILED" => (
                "an update failed and wasn't taken back",
                format!("Take it back: aws cloudformation rollback-stack --stack-name {}", stack.name),
            ),
            _ => ("no deploy can go on from there", "Look at it in the CloudFormation console.".into()),
        };
        Err(Error::StackState { stack: stack.name.clone(), state: stack.state.clone(), meaning, remedy })
    }
}

/// Whether CloudFormation is at work. A plan that waits to be carried out is no work.
pub fn is_going_on(state: &str) -> bool {
    state.ends_with("_IN_PROGRESS") && state != "REVIEW_IN_PROGRESS"
}

/// Whether a change ended well.
pub fn is_good(state: &str) -> bool {
    ["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].contains(&state)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(state: &str) -> Result<Way> {
        let stack = Stack {
            name: "shop".into(),
            id: "arn".into(),
            state: state.into(),
            parameters: [].into(),
            outputs: [].into(),
        };
        Way::of(Some(&stack))
    }

    #[test]
    fn every_state_has_a_way_or_a_remedy() {
        assert_eq!(Way::of(None).unwrap(), Way::Create);
        assert_eq!(of("REVIEW_IN_PROGRESS").unwrap(), Way::Create);
        for state in ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"] {
            assert_eq!(of(state).unwrap(), Way::Update);
        }
        for (state, remedy) in [
            ("ROLLBACK_COMPLETE", "cargo xtask destroy --stack shop"),
            ("ROLLBACK_FAILED", "cargo xtask destroy --stack shop"),
            ("CREATE_FAILED", "cargo xtask destroy --stack shop"),
            ("DELETE_FAILED", "cargo xtask destroy --stack shop"),
            ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name shop"),
            ("UPDATE_FAILED", "rollback-stack --stack-name shop"),
            ("SOMETHING_NEW", "console"),
        ] {
            let error = of(state).unwrap_err().to_string();
            assert!(error.contains(remedy) && error.contains(state), "{error}");
        }
    }

    #[test]
    fn a_plan_that_was_never_carried_out_is_no_work_going_on() {
        assert!(is_going_on("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") && is_going_on("ROLLBACK_IN_PROGRESS"));
        assert!(!is_going_on("REVIEW_IN_PROGRESS") && !is_going_on("UPDATE_COMPLETE"));
        assert!(!is_good("UPDATE_ROLLBACK_COMPLETE") && is_good("UPDATE_COMPLETE"));
    }
}
