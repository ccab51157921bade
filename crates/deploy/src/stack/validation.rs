//! CloudFormation looks at some things before it changes anything (names that are taken, properties that can't be), and
//! then says only that something is wrong. What it is, is in the events of the operation.

use super::Stack;
use crate::cloud::Cloud;

/// The first resource that failed the look, and why; nothing where CloudFormation doesn't tell.
pub async fn first_fault(cloud: &Cloud, stack: &Stack, change_set: Option<&str>) -> Option<(String, String)> {
    let describe = cloud.stacks.describe_events().set_change_set_name(change_set.map(str::to_owned));
    // A change set's ARN says which stack it is of.
    let describe = if change_set.is_some() { describe } else { describe.stack_name(&stack.id) };
    let answer = describe.send().await.ok()?;
    answer.operation_events().iter().find_map(|event| {
        let reason = event.validation_status_reason().or(event.resource_status_reason())?;
        let id = event.logical_resource_id()?;
        Some((format!("{id} ({})", event.resource_type().unwrap_or_default()), reason.to_owned()))
    })
}
