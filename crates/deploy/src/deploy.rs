//! A deploy: checks, plan, question, then changes in an order in which the shop works after each of them. First what
//! nobody asks for yet (zips, the stack, files with new names), then what names it (`config.json`, `index.html`), last
//! what nobody asks for any more. So one that was interrupted anywhere is ended by running it again.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    artifacts::{Staged, Zips, size},
    ask::confirm,
    bucket::{Bucket, Difference, identifier},
    config_file,
    error::{Error, Result},
    history::History,
    invalidation,
    options::Options,
    plan,
    preflight::Preflight,
    site::{Build, Phase},
    stack::{ChangeSet, Stack},
};

/// Only the checks. The last line is for whoever builds next.
pub async fn check(options: &Options) -> Result<()> {
    let preflight = Preflight::run(options).await?;
    say!("architecture={}", preflight.architecture());
    Ok(())
}

/// Brings the shop into the account. `now` is in seconds since 1970.
pub async fn deploy(options: &Options, now: u64) -> Result<()> {
    let preflight = Preflight::run(options).await?;
    let zips = Zips::read(&preflight.template, &options.functions, preflight.architecture())?;
    let build = Build::read(&options.dist, preflight.compresses())?;
    let artifacts = Bucket::new(&preflight.cloud, &preflight.artifacts);
    let code = zips.code(&artifacts.name);
    let body = preflight.template.packaged(&code, &preflight.parameters.values());
    let staged = Staged::put(&preflight.cloud, &artifacts, preflight.has_artifacts, body).await?;
    let changes = ChangeSet::plan(
        &preflight.cloud,
        &options.stack,
        preflight.stack.as_ref(),
        preflight.way,
        &staged.source,
        preflight.parameters.sent(),
        options.accept_table_change,
    )
    .await;
    let changes = match changes {
        Ok(changes) => changes,
        Err(error) => {
            staged.take_back(&artifacts).await?;
            return Err(error);
        }
    };
    let agreed = match show(options, &preflight, &zips, build.clone(), &changes, now).await {
        Ok(_) if options.dry_run => Ok(false),
        Ok(false) => Ok(true),
        Ok(true) => confirm("Do all this? Type yes:", "yes", options.yes).map(|()| true),
        Err(error) => Err(error),
    };
    if !matches!(agreed, Ok(true)) {
        changes.take_back(&preflight.cloud).await?;
        staged.take_back(&artifacts).await?;
        agreed?;
        say!("\nThis was a dry run: nothing was changed.");
        return Ok(());
    }
    apply(options, &preflight, &zips, build, changes, now).await
}

/// Shows the plan; answers whether it changes anything.
async fn show(
    options: &Options,
    preflight: &Preflight,
    zips: &Zips,
    build: Build,
    changes: &ChangeSet,
    now: u64,
) -> Result<bool> {
    plan::stack(preflight, changes);
    let artifacts = Bucket::new(&preflight.cloud, &preflight.artifacts);
    let files = zips.files();
    let differences = match preflight.has_artifacts {
        true => artifacts.compare(&files).await?,
        false => vec![Difference::New; files.len()],
    };
    plan::zips(&artifacts.name, preflight.has_artifacts, &files, &differences);
    let outputs = preflight.stack.as_ref().map(|stack| &stack.outputs).filter(|outputs| !outputs.is_empty());
    let config = outputs.map(|outputs| config_file::config(outputs, &preflight.overrides)).transpose();
    // An output may be missing that this very deploy brings.
    let config = if changes.is_needed() { config.unwrap_or_default() } else { config? };
    let build = match &config {
        Some(config) => build.with_config(config, preflight.compresses()),
        None => build,
    };
    let days = options.grace.as_secs() / 86_400;
    let mut site_changes = true;
    match outputs.and_then(|outputs| outputs.get("SiteBucket")) {
        Some(name) => {
            let bucket = Bucket::new(&preflight.cloud, name);
            let differences = bucket.compare(&build.files).await?;
            let history = match preflight.has_artifacts {
                true => History::read(&artifacts, name).await?,
                false => History::default(),
            };
            let (due, _) = history.due(&bucket.keys().await?, &build.files, now, options.grace.as_secs());
            site_changes = !due.is_empty() || differences.iter().any(|difference| *difference != Difference::Same);
            plan::site(Some(name), &build, &differences, &due, days);
        }
        None => plan::site(None, &build, &vec![Difference::New; build.files.len()], &[], days),
    }
    plan::config(config.as_ref().map(|config| config.text.as_str()), changes.is_needed());
    plan::elsewhere(&preflight.overrides.addresses(), !preflight.compresses());
    Ok(changes.is_needed() || site_changes || differences.iter().any(|difference| *difference != Difference::Same))
}

async fn apply(
    options: &Options,
    preflight: &Preflight,
    zips: &Zips,
    build: Build,
    changes: ChangeSet,
    now: u64,
) -> Result<()> {
    let cloud = &preflight.cloud;
    let artifacts = Bucket::new(cloud, &preflight.artifacts);
    say!("\nFunctions");
    // Asked again: staging a template may have made it meanwhile.
    if !artifacts.exists().await? {
        artifacts.create().await?;
    }
    artifacts.close().await?;
    zips.upload(&artifacts).await?;
    say!("\nStack");
    changes.execute(cloud).await?;
    let stack = Stack::find(cloud, &options.stack).await?;
    let outputs = stack.map(|stack| stack.outputs).unwrap_or_default();
    let config = config_file::config(&outputs, &preflight.overrides)?;
    let build = build.with_config(&config, preflight.compresses());
    let site = outputs.get("SiteBucket").ok_or_else(|| {
        Error::TemplateContent("it has no output SiteBucket, so nobody knows where the page goes. Add it.".into())
    })?;
    say!("\nPage");
    publish(&Bucket::new(cloud, site), &artifacts, &build, &outputs, options.grace, now).await?;
    plan::ending(&outputs);
    Ok(())
}

/// Brings the page into its bucket, and tells CloudFront.
async fn publish(
    site: &Bucket<'_>,
    artifacts: &Bucket<'_>,
    build: &Build,
    outputs: &BTreeMap<String, String>,
    grace: Duration,
    now: u64,
) -> Result<()> {
    let differences = site.compare(&build.files).await?;
    let mut history = History::read(artifacts, &site.name).await?;
    let distribution = outputs.get("DistributionId");
    if distribution.is_some() {
        let is_stale = |difference| matches!(difference, Difference::Changed | Difference::Headers);
        let changed = build
            .files
            .iter()
            .zip(&differences)
            .filter(|(file, difference)| is_stale(**difference) && file.phase() != Phase::Hashed);
        let stale = changed.flat_map(|(file, _)| invalidation::paths(&file.key)).collect::<Vec<_>>();
        if stale.iter().any(|path| !history.stale.contains(path)) {
            // Before the first upload: a deploy that stops after it couldn't tell any more what had changed.
            history.stale.extend(stale);
            history.write(artifacts, &site.name).await?;
        }
    }
    let different = build.files.iter().zip(&differences).filter(|(_, difference)| **difference != Difference::Same);
    let different: Vec<_> = different.map(|(file, _)| file).collect();
    if different.is_empty() {
        say!("  unchanged");
    }
    for (nth, file) in different.iter().enumerate() {
        site.put(file).await?;
        say!("  {}/{}  {}  {}", nth + 1, different.len(), file.key, size(file.body.len()));
    }
    let mut next = history.clone();
    if let Some(distribution) = distribution.filter(|_| !history.stale.is_empty()) {
        let cloud = site.cloud();
        invalidation::invalidate(cloud, distribution, &history.stale, now).await?;
        say!("  CloudFront asks again for {}", history.stale.iter().cloned().collect::<Vec<_>>().join(", "));
    }
    next.stale.clear();
    let (due, retired) = history.due(&site.keys().await?, &build.files, now, grace.as_secs());
    let objects: Vec<_> = due.iter().filter_map(|key| identifier(key, None)).collect();
    site.delete(&objects).await?;
    due.iter().for_each(|key| say!("  deleted {key}"));
    next.retired = retired;
    if next != history { next.write(artifacts, &site.name).await } else { Ok(()) }
}
