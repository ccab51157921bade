//! Waiting for CloudFormation, with what happens shown as it happens. It ends with the stack's own last event; where that
//! one is bad, with the first resource that failed and its reason.

use std::{collections::HashSet, time::Duration};

use aws_sdk_cloudformation::types::StackEvent;
use tokio::time::sleep;

use super::{Stack, state, validation};
use crate::{
    cloud::{Cloud, failed},
    error::{Error, Result},
};

/// A CloudFront distribution alone takes up to half an hour.
const LONGEST: Duration = Duration::from_secs(3 * 60 * 60);

/// Asks often at first, then every five seconds, and not for ever.
pub struct Pace {
    next: Duration,
    waited: Duration,
    longest: Duration,
}

impl Pace {
    /// Waits no longer than this in all.
    pub fn new(longest: Duration) -> Self {
        Self { next: Duration::from_millis(300), waited: Duration::ZERO, longest }
    }

    /// Waits once; `false` when the time is over.
    pub async fn wait(&mut self) -> bool {
        if self.waited >= self.longest {
            return false;
        }
        sleep(self.next).await;
        self.waited += self.next;
        self.next = (self.next * 3 / 2).min(Duration::from_secs(5));
        true
    }
}

/// The newest event's id.
pub async fn last_event(cloud: &Cloud, stack: &Stack) -> Result<String> {
    let events = cloud.stacks.describe_stack_events().stack_name(&stack.id).send().await;
    let events = events.map_err(failed("read the stack's events"))?;
    Ok(events.stack_events().first().and_then(StackEvent::event_id).unwrap_or_default().to_owned())
}

/// Shows what happens to a stack until it's over. `after` is the last event before it began; without one, something is
/// going on already, and only its end is waited for.
pub async fn watch(cloud: &Cloud, stack: &Stack, after: Option<String>) -> Result<()> {
    let resumed = after.is_none();
    let mut seen: HashSet<String> = HashSet::new();
    seen.insert(match after {
        Some(after) => after,
        None => last_event(cloud, stack).await?,
    });
    let mut pace = Pace::new(LONGEST);
    let (mut of_a_resource, mut of_the_stack) = (None, None);
    let mut has_ended = false;
    loop {
        for event in new_events(cloud, stack, &mut seen).await? {
            let status = event.resource_status().map_or("", |status| status.as_str());
            let id = event.logical_resource_id().unwrap_or_default();
            let reason = event.resource_status_reason().unwrap_or_default();
            say!("  {status:<28} {id}  {}", event.resource_type().unwrap_or_default());
            let is_the_stack = event.physical_resource_id() == Some(&*stack.id);
            let is_failure = status.ends_with("_FAILED") || is_the_stack && status.contains("ROLLBACK");
            if is_failure && !reason.is_empty() && !reason.contains("cancelled") {
                let kind = event.resource_type().unwrap_or_default();
                let first = if is_the_stack { &mut of_the_stack } else { &mut of_a_resource };
                first.get_or_insert_with(|| (format!("{id} ({kind})"), reason.to_owned()));
            }
            has_ended |= is_the_stack && !status.ends_with("_IN_PROGRESS");
        }
        let now = Stack::describe(cloud, &stack.id).await?;
        let now = now.map_or_else(|| "DELETE_COMPLETE".to_owned(), |stack| stack.state);
        if !state::is_going_on(&now)
            && now != "REVIEW_IN_PROGRESS"
            && (has_ended || resumed || now == "DELETE_COMPLETE")
        {
            if resumed || state::is_good(&now) {
                return Ok(());
            }
            if of_a_resource.is_none() {
                of_a_resource = validation::first_fault(cloud, stack, None).await;
            }
            return Err(failure(stack, now, of_a_resource.or(of_the_stack)));
        }
        if !pace.wait().await {
            return Err(Error::StillGoing(stack.name.clone()));
        }
    }
}

/// Those that weren't seen yet, the oldest first.
async fn new_events(cloud: &Cloud, stack: &Stack, seen: &mut HashSet<String>) -> Result<Vec<StackEvent>> {
    let mut events = Vec::new();
    let mut pages = cloud.stacks.describe_stack_events().stack_name(&stack.id).into_paginator().send();
    'pages: while let Some(page) = pages.next().await {
        let page = page.map_err(failed("read the stack's events"))?;
        for event in page.stack_events() {
            if !seen.insert(event.event_id().unwrap_or_default().to_owned()) {
                break 'pages;
            }
            events.push(event.clone());
        }
    }
    events.reverse();
    Ok(events)
}

fn failure(stack: &Stack, state: String, first: Option<(String, String)>) -> Error {
    let (resource, reason) = first.unwrap_or_else(|| ("the stack itself".into(), "its events say more.".into()));
    let remedy = remedy(&reason, &state, &stack.name);
    Error::StackFailed { stack: stack.name.clone(), state, resource, reason, remedy: format!("\n{remedy}") }
}

fn remedy(reason: &str, state: &str, stack: &str) -> String {
    let small = reason.to_ascii_lowercase();
    let cause = if small.contains("blockpublicpolicy") || small.contains("public access") {
        "The account lets no bucket be public: deploy with --parameter Hosting=cloudfront, or lift that block in S3."
    } else if small.contains("already exists") || small.contains("alreadyexists") {
        "It's in the account already, made by hand or by another stack: take that away, or deploy where it isn't."
    } else if small.contains("not authorized") || small.contains("accessdenied") || small.contains("access denied") {
        "Give whoever deploys the permission that the reason names."
    } else if small.contains("not empty") {
        "Somebody wrote into the bucket meanwhile: run it again."
    } else if small.contains("cloudwatch logs role") {
        "Deploy with --parameter ApiGatewayLogRole=create."
    } else {
        "Correct what the reason names."
    };
    match state {
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
            format!("{cause} Then take the rest down and deploy again: cargo xtask destroy --stack {stack}")
        }
        "UPDATE_ROLLBACK_COMPLETE" => format!("{cause} The stack is as it was before; deploy again."),
        "UPDATE_ROLLBACK_FAILED" => {
            format!("{cause} Then: aws cloudformation continue-update-rollback --stack-name {stack}")
        }
        _ => format!("{cause} Then run it again."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_follows_from_reason_and_state() {
        for (reason, state, named) in [
            ("EntityAlreadyExists: Provider with url", "ROLLBACK_COMPLETE", "by another stack"),
            ("x", "ROLLBACK_COMPLETE", "cargo xtask destroy --stack shop"),
            ("User is not authorized to perform", "UPDATE_ROLLBACK_COMPLETE", "permission"),
            (
                "not authorized to perform: s3:PutBucketPolicy because public policies are blocked by the BlockPublicPolicy \
              block public access setting",
                "ROLLBACK_COMPLETE",
                "Hosting=cloudfront",
            ),
            ("x", "UPDATE_ROLLBACK_COMPLETE", "as it was before"),
            ("x", "UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
            ("CloudWatch Logs role ARN must be set", "ROLLBACK_COMPLETE", "ApiGatewayLogRole=create"),
            ("The bucket you tried to delete is not empty", "DELETE_FAILED", "run it again"),
        ] {
            let text = remedy(reason, state, "shop");
            assert!(text.contains(named), "{reason}, {state}: {text}");
        }
    }
}
