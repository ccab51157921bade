//! The stack: its state and what a deploy may do in it, the change set that is the plan, and the wait for CloudFormation.
//! Nothing here changes a stack but [`ChangeSet::execute`] and [`delete`].

mod changes;
mod state;
mod validation;
mod watch;

use std::collections::BTreeMap;

use aws_sdk_cloudformation::{error::ProvideErrorMetadata as _, types::Stack as Described};

pub use changes::{ChangeSet, MAX_INLINE_TEMPLATE, Source};
pub use state::Way;
pub use watch::{last_event, watch};

use crate::{
    cloud::{Cloud, failed},
    error::Result,
    template::Template,
};

/// A stack that is there.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// Its ARN, by which it can be asked for after it is deleted.
    pub id: String,
    /// CloudFormation's word.
    pub state: String,
    /// By name.
    pub parameters: BTreeMap<String, String>,
    /// By name.
    pub outputs: BTreeMap<String, String>,
}

/// One thing in a stack.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its name in the template.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// Its name in the account.
    pub name: String,
}

impl Stack {
    /// Asks for a stack by name or ARN. A deleted one isn't there.
    pub async fn find(cloud: &Cloud, name: &str) -> Result<Option<Self>> {
        Ok(Self::describe(cloud, name).await?.filter(|stack| stack.state != "DELETE_COMPLETE"))
    }

    /// Asks for a stack by name or ARN, by ARN for a deleted one, too.
    pub async fn describe(cloud: &Cloud, name: &str) -> Result<Option<Self>> {
        match cloud.stacks.describe_stacks().stack_name(name).send().await {
            Ok(answer) => Ok(answer.stacks().first().map(Self::from)),
            Err(error) => {
                let absent = |message: &str| message.contains("does not exist");
                match error.as_service_error().and_then(|service| service.message()) {
                    Some(message) if absent(message) => Ok(None),
                    _ => Err(failed(format!("look at the stack {name}"))(error)),
                }
            }
        }
    }

    /// What it consists of.
    pub async fn resources(&self, cloud: &Cloud) -> Result<Vec<Resource>> {
        let mut resources = Vec::new();
        let mut pages = cloud.stacks.list_stack_resources().stack_name(&self.id).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("list what the stack has"))?;
            let there = page.stack_resource_summaries().iter().filter(|resource| {
                resource.resource_status().is_none_or(|status| status.as_str() != "DELETE_COMPLETE")
            });
            resources.extend(there.filter_map(|resource| {
                Some(Resource {
                    id: resource.logical_resource_id()?.to_owned(),
                    kind: resource.resource_type()?.to_owned(),
                    name: resource.physical_resource_id().filter(|name| !name.is_empty())?.to_owned(),
                })
            }));
        }
        Ok(resources)
    }

    /// The names of the resources that stay when it is deleted; none where its template can't be had or read.
    pub async fn retained(&self, cloud: &Cloud) -> Vec<String> {
        let answer = cloud.stacks.get_template().stack_name(&self.id).send().await;
        let template = answer.ok().and_then(|answer| Template::parse(answer.template_body()?).ok());
        template.map(|template| template.retained().into_iter().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Waits where somebody, or an interrupted deploy, changes it; answers with what it is then.
    pub async fn settled(self, cloud: &Cloud) -> Result<Option<Self>> {
        if !state::is_going_on(&self.state) {
            return Ok(Some(self));
        }
        say!("The stack {} is in the state {}; waiting for what is going on.", self.name, self.state);
        watch(cloud, &self, None).await?;
        Self::find(cloud, &self.name).await
    }
}

impl From<&Described> for Stack {
    fn from(described: &Described) -> Self {
        let pairs = |name: Option<&str>, value: Option<&str>| Some((name?.to_owned(), value?.to_owned()));
        let parameters = described.parameters().iter();
        let outputs = described.outputs().iter();
        Self {
            name: described.stack_name().unwrap_or_default().to_owned(),
            id: described.stack_id().unwrap_or_default().to_owned(),
            state: described.stack_status().map_or_else(String::new, |status| status.as_str().to_owned()),
            parameters: parameters.filter_map(|it| pairs(it.parameter_key(), it.parameter_value())).collect(),
            outputs: outputs.filter_map(|it| pairs(it.output_key(), it.output_value())).collect(),
        }
    }
}

/// Deletes a stack, without a wait.
pub async fn delete(cloud: &Cloud, stack: &Stack) -> Result<()> {
    let answer = cloud.stacks.delete_stack().stack_name(&stack.id).send().await;
    answer.map(drop).map_err(failed(format!("delete the stack {}", stack.name)))
}
