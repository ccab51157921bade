//! The plan for the stack: a change set of CloudFormation's own, so it's not a guess. One that would replace or remove the
//! table is never offered.

use std::{fmt, time::Duration};

use aws_sdk_cloudformation::{
    error::ProvideErrorMetadata as _,
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{Capability, Change as Described, ChangeSetType, Parameter, ResourceChange},
};

use super::{Stack, Way, validation, watch::Pace};
use crate::{
    cloud::{Cloud, failed},
    error::{Error, Result},
};

/// A larger template must come from a bucket.
pub const MAX_INLINE_TEMPLATE: usize = 51_200;

/// One name for all, so that a deploy that was interrupted while planning leaves nothing that adds up.
const NAME: &str = "cargo-xtask-deploy";

/// Where CloudFormation finds the template.
#[derive(Clone, Debug)]
pub enum Source {
    /// In the call.
    Body(String),
    /// In a bucket.
    Url(String),
}

/// What a change set would do with one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `Add`, `Modify`, `Remove`, …
    pub action: String,
    /// Its name in the template.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// `True`, `False`, `Conditional`, or empty.
    pub replacement: String,
    /// What of it changes.
    pub causes: Vec<String>,
}

/// A change set that can be carried out, or taken back.
pub struct ChangeSet {
    /// What it would do.
    pub changes: Vec<Change>,
    /// Its ARN; none where there is nothing to change.
    id: Option<String>,
    /// The stack that it changes.
    stack: Stack,
    /// Whether the stack is only there because of it.
    made_stack: bool,
}

impl ChangeSet {
    /// Has CloudFormation plan. `there` is the stack, where there is one.
    pub async fn plan(
        cloud: &Cloud,
        name: &str,
        there: Option<&Stack>,
        way: Way,
        source: &Source,
        parameters: Vec<Parameter>,
        accepts_table_change: bool,
    ) -> Result<Self> {
        if there.is_some() {
            discard(cloud, name, NAME).await?;
        }
        let create = cloud.stacks.create_change_set().stack_name(name).change_set_name(NAME);
        let create = match source {
            Source::Body(body) => create.template_body(body),
            Source::Url(url) => create.template_url(url),
        };
        let kind = if way == Way::Create { ChangeSetType::Create } else { ChangeSetType::Update };
        let create = create.change_set_type(kind).capabilities(Capability::CapabilityNamedIam);
        let made = create.set_parameters(Some(parameters)).send().await.map_err(|error| {
            match error.as_service_error().and_then(|service| service.message()) {
                Some(message) => Error::ChangeSet(message.to_owned()),
                None => failed("plan the change of the stack")(error),
            }
        })?;
        let id = made.id().unwrap_or(NAME).to_owned();
        let stack = Stack {
            name: name.to_owned(),
            id: made.stack_id().unwrap_or(name).to_owned(),
            state: String::new(),
            parameters: [].into(),
            outputs: [].into(),
        };
        let mut set = Self { changes: Vec::new(), id: Some(id.clone()), stack, made_stack: there.is_none() };
        match described(cloud, name, &id).await {
            Ok(changes) => set.changes = changes,
            Err(Unplanned::NoChanges) => {
                discard(cloud, name, &id).await?;
                set.id = None;
            }
            Err(Unplanned::Failed(Error::ChangeSet(reason))) => {
                let fault = validation::first_fault(cloud, &set.stack, Some(&id)).await;
                set.take_back(cloud).await?;
                let named = fault.map(|(resource, reason)| format!(" {resource}: {reason}")).unwrap_or_default();
                return Err(Error::ChangeSet(reason + &named));
            }
            Err(Unplanned::Failed(error)) => {
                set.take_back(cloud).await?;
                return Err(error);
            }
        }
        if let Some(error) = set.changes.iter().find_map(|change| change.risk(accepts_table_change)) {
            set.take_back(cloud).await?;
            return Err(error);
        }
        Ok(set)
    }

    /// Whether there is something to carry out.
    pub fn is_needed(&self) -> bool {
        self.id.is_some()
    }

    /// Has it carried out and waits, with what happens shown.
    pub async fn execute(self, cloud: &Cloud) -> Result<()> {
        let Some(id) = &self.id else { return Ok(()) };
        let seen = super::last_event(cloud, &self.stack).await?;
        let execute = cloud.stacks.execute_change_set().change_set_name(id).send().await;
        execute.map_err(failed(format!("change the stack {}", self.stack.name)))?;
        super::watch(cloud, &self.stack, Some(seen)).await
    }

    /// Leaves no trace of the plan.
    pub async fn take_back(self, cloud: &Cloud) -> Result<()> {
        if let Some(id) = &self.id {
            discard(cloud, &self.stack.name, id).await?;
        }
        if self.made_stack {
            super::delete(cloud, &self.stack).await?;
        }
        Ok(())
    }
}

async fn discard(cloud: &Cloud, stack: &str, id: &str) -> Result<()> {
    let delete = cloud.stacks.delete_change_set().stack_name(stack).change_set_name(id).send().await;
    match delete {
        Ok(_) => Ok(()),
        Err(error) if error.code().is_some_and(|code| code.starts_with("ChangeSetNotFound")) => Ok(()),
        Err(error) => Err(failed("take an earlier plan back")(error)),
    }
}

enum Unplanned {
    NoChanges,
    Failed(Error),
}

/// Waits for the plan and reads it, all pages.
async fn described(cloud: &Cloud, stack: &str, id: &str) -> Result<Vec<Change>, Unplanned> {
    let mut pace = Pace::new(Duration::from_secs(15 * 60));
    loop {
        let first = page(cloud, stack, id, None).await?;
        let status = first.status().map_or("", |status| status.as_str());
        match status {
            "CREATE_COMPLETE" => return all(cloud, stack, id, first).await,
            "FAILED" => {
                let reason = first.status_reason().unwrap_or("it doesn't say why.").to_owned();
                let nothing =
                    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed");
                return Err(if nothing { Unplanned::NoChanges } else { Unplanned::Failed(Error::ChangeSet(reason)) });
            }
            _ if pace.wait().await => {}
            _ => return Err(Unplanned::Failed(Error::ChangeSet("it took longer than a quarter of an hour.".into()))),
        }
    }
}

async fn all(cloud: &Cloud, stack: &str, id: &str, first: DescribeChangeSetOutput) -> Result<Vec<Change>, Unplanned> {
    let mut described = first;
    let mut changes = Vec::new();
    loop {
        changes.extend(described.changes().iter().filter_map(Described::resource_change).map(Change::from));
        let Some(next) = described.next_token().map(str::to_owned) else { return Ok(changes) };
        described = page(cloud, stack, id, Some(next)).await?;
    }
}

async fn page(
    cloud: &Cloud,
    stack: &str,
    id: &str,
    next: Option<String>,
) -> Result<DescribeChangeSetOutput, Unplanned> {
    let describe = cloud.stacks.describe_change_set().stack_name(stack).change_set_name(id).set_next_token(next);
    describe.send().await.map_err(|error| Unplanned::Failed(failed("read the plan")(error)))
}

impl Change {
    /// What a change would do to a table that may not happen to it. `accepts` one that isn't sure to.
    fn risk(&self, accepts: bool) -> Option<Error> {
        const BACK: &str = "Take the change of the table back. Where it must be, copy the pets to a new table first, under \
                            another name in the template.";
        const LOOK: &str = "A new index with its attributes does no harm, another type of an attribute that is there does: \
                            look at the change, and say --accept-table-change where it only adds.";
        if self.kind != "AWS::DynamoDB::Table" {
            return None;
        }
        let (what, remedy) = match (self.action.as_str(), self.replacement.as_str()) {
            ("Remove", _) => ("would remove", BACK),
            (_, "True") => ("would replace", BACK),
            (_, "Conditional") if !accepts => ("may replace", LOOK),
            _ => return None,
        };
        let causes = self.causes.join(", ");
        let because = if causes.is_empty() { String::new() } else { format!(" because of {causes}") };
        Some(Error::TableAtRisk { what, id: self.id.clone(), because, remedy })
    }
}

impl From<&ResourceChange> for Change {
    fn from(change: &ResourceChange) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let mut causes: Vec<String> = Vec::new();
        for target in change.details().iter().filter_map(|detail| detail.target()) {
            let attribute = target.attribute().map(|attribute| attribute.as_str());
            let cause = target.name().or(attribute).unwrap_or_default().to_owned();
            if !cause.is_empty() && !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        Self {
            action: text(change.action().map(|action| action.as_str())),
            id: text(change.logical_resource_id()),
            kind: text(change.resource_type()),
            replacement: text(change.replacement().map(|replacement| replacement.as_str())),
            causes,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {}  {}", self.action, self.id, self.kind)?;
        match self.replacement.as_str() {
            "True" => write!(f, "  REPLACED")?,
            "Conditional" => write!(f, "  perhaps REPLACED")?,
            _ => {}
        }
        if self.causes.is_empty() { Ok(()) } else { write!(f, "  ({})", self.causes.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{
        ChangeAction, Replacement, ResourceAttribute, ResourceChangeDetail, ResourceTargetDefinition,
    };

    use super::*;

    fn change(action: ChangeAction, kind: &str, replacement: Option<Replacement>) -> Change {
        let target =
            ResourceTargetDefinition::builder().attribute(ResourceAttribute::Properties).name("KeySchema").build();
        let detail = ResourceChangeDetail::builder().target(target).build();
        let change = ResourceChange::builder().action(action).logical_resource_id("PetsTable").resource_type(kind);
        Change::from(&change.set_replacement(replacement).details(detail.clone()).details(detail).build())
    }

    #[test]
    fn a_change_that_would_lose_sight_of_the_pets_is_refused_with_the_property() {
        const TABLE: &str = "AWS::DynamoDB::Table";
        for (action, replacement, word) in [
            (ChangeAction::Modify, Some(Replacement::True), "would replace"),
            (ChangeAction::Modify, Some(Replacement::Conditional), "may replace"),
            (ChangeAction::Remove, None, "would remove"),
        ] {
            let change = change(action, TABLE, replacement);
            let error = change.risk(false).unwrap().to_string();
            assert!(error.contains(word) && error.contains("PetsTable because of KeySchema:"), "{error}");
            assert_eq!(change.risk(true).is_some(), word != "may replace");
        }
        let is_safe = |change: Change| change.risk(false).is_none();
        assert!(is_safe(change(ChangeAction::Modify, TABLE, Some(Replacement::False))));
        assert!(is_safe(change(ChangeAction::Add, TABLE, None)));
        assert!(is_safe(change(ChangeAction::Remove, "AWS::S3::Bucket", None)));
    }

    #[test]
    fn a_replacement_can_be_seen() {
        let text = change(ChangeAction::Modify, "AWS::S3::Bucket", Some(Replacement::True)).to_string();
        assert_eq!(text, "Modify   PetsTable  AWS::S3::Bucket  REPLACED  (KeySchema)");
    }
}
