//! Taking the shop down: says what is lost, asks, then empties the site's bucket and has CloudFormation delete the stack.
//! The table stays where the template says so, unless it is asked for by name.

use std::time::Duration;

use crate::{
    artifacts,
    ask::confirm,
    bucket::Bucket,
    cloud::{Cloud, failed},
    error::{Error, Result},
    options::Options,
    stack::{self, Resource, Stack},
};

const BUCKET: &str = "AWS::S3::Bucket";
const TABLE: &str = "AWS::DynamoDB::Table";

/// Takes the shop down.
pub async fn destroy(options: &Options) -> Result<()> {
    let cloud = Cloud::connect(options).await?;
    say!("Account {}, region {}, stack {}.", cloud.account, cloud.region, options.stack);
    let found = Stack::find(&cloud, &options.stack).await?;
    let artifacts = options.artifact_bucket.clone().unwrap_or_else(|| artifacts::default_name(&cloud));
    let artifacts = Bucket::new(&cloud, artifacts);
    let has_artifacts = options.artifacts && artifacts.exists().await?;
    if found.is_none() && !has_artifacts {
        return Err(Error::NoStack { stack: options.stack.clone(), region: cloud.region.clone() });
    }
    let (resources, retained) = match &found {
        Some(stack) => (stack.resources(&cloud).await?, stack.retained(&cloud).await),
        None => (Vec::new(), Vec::new()),
    };
    let of = |kind: &'static str| resources.iter().filter(move |resource| resource.kind == kind);
    let (stays, goes): (Vec<_>, Vec<_>) = resources
        .iter()
        .partition(|resource| retained.contains(&resource.id) && !(options.table && resource.kind == TABLE));
    say!("\nWhat is lost");
    for resource in goes {
        say!("  {}  {}  {}{}", resource.id, resource.kind, resource.name, pets(&cloud, resource).await?);
    }
    if has_artifacts {
        say!("  all that is in the bucket {}, for every stack in this region, and the bucket", artifacts.name);
    }
    if !stays.is_empty() {
        say!("\nWhat stays, and costs what it costs");
    }
    for resource in stays {
        say!("  {}  {}  {}{}", resource.id, resource.kind, resource.name, pets(&cloud, resource).await?);
        if resource.kind == TABLE {
            say!("    To delete it later:");
            say!("    aws dynamodb update-table --table-name {} --no-deletion-protection-enabled", resource.name);
            say!("    aws dynamodb delete-table --table-name {}", resource.name);
        }
    }
    let question = format!("This can't be taken back. Type the stack's name, {}:", options.stack);
    confirm(&question, &options.stack, options.yes)?;
    if options.table {
        for table in of(TABLE) {
            confirm(&format!("And all pets. Type the table's name, {}:", table.name), &table.name, options.yes)?;
        }
    }
    if let Some(stack) = found {
        take_down(&cloud, stack, &of(BUCKET).cloned().collect::<Vec<_>>()).await?;
    }
    if options.table {
        for table in of(TABLE) {
            delete_table(&cloud, &table.name).await?;
        }
    }
    if has_artifacts {
        say!("Deleted {} objects of {}.", artifacts.empty().await?, artifacts.name);
        artifacts.remove().await?;
    }
    say!("\nThe stack {} is gone.", options.stack);
    Ok(())
}

async fn take_down(cloud: &Cloud, stack: Stack, buckets: &[Resource]) -> Result<()> {
    // A stack that is being deleted already is only waited for.
    let seen = if stack.state == "DELETE_IN_PROGRESS" {
        None
    } else {
        for bucket in buckets {
            let bucket = Bucket::new(cloud, &bucket.name);
            if bucket.exists().await? {
                say!("Deleted {} objects of {}.", bucket.empty().await?, bucket.name);
            }
        }
        let Some(stack) = stack.clone().settled(cloud).await? else { return Ok(()) };
        let seen = stack::last_event(cloud, &stack).await?;
        stack::delete(cloud, &stack).await?;
        Some(seen)
    };
    stack::watch(cloud, &stack, seen).await
}

/// Of a table, how many pets are in it, as DynamoDB counted some hours ago.
async fn pets(cloud: &Cloud, resource: &Resource) -> Result<String> {
    if resource.kind != TABLE {
        return Ok(String::new());
    }
    match cloud.tables.describe_table().table_name(&resource.name).send().await {
        Ok(described) => {
            let count = described.table().and_then(|table| table.item_count()).unwrap_or_default();
            Ok(format!(", with about {count} pets, sold ones included"))
        }
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
            Ok(" (gone already)".into())
        }
        Err(error) => Err(failed(format!("look at the table {}", resource.name))(error)),
    }
}

async fn delete_table(cloud: &Cloud, name: &str) -> Result<()> {
    let unprotect = cloud.tables.update_table().table_name(name).deletion_protection_enabled(false).send().await;
    match unprotect {
        Ok(_) => {}
        // The stack took it along.
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => {
            return Ok(());
        }
        Err(error) => return Err(failed(format!("take the protection from the table {name}"))(error)),
    }
    for _ in 0..60 {
        match cloud.tables.delete_table().table_name(name).send().await {
            Ok(_) => {
                say!("Deleted the table {name}.");
                return Ok(());
            }
            // The change before is still being made.
            Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => {
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            Err(error) => return Err(failed(format!("delete the table {name}"))(error)),
        }
    }
    Err(Error::Build(format!(
        "The table {name} is in use for minutes.\nDelete it later: aws dynamodb delete-table --table-name {name}"
    )))
}
