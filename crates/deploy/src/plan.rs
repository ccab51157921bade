//! The plan, in words: all that a deploy is going to do, before it does any of it.

use std::collections::BTreeMap;

use crate::{
    artifacts::size,
    bucket::Difference,
    parameters::{Origin, Parameters},
    preflight::Preflight,
    site::{Build, File},
    stack::ChangeSet,
};

/// Prints what happens to the stack.
pub fn stack(preflight: &Preflight, changes: &ChangeSet) {
    say!("\nParameters");
    parameters(&preflight.parameters);
    let parameter = |name| preflight.parameters.get(name);
    if let (Some(domain), Some(path)) = (parameter("Auth0Domain"), parameter("IssuerPath")) {
        say!("The issuer must call itself https://{domain}{path}, to the letter.");
    }
    say!("\nStack");
    match (changes.is_needed(), changes.changes.as_slice()) {
        (false, _) => say!("  unchanged"),
        (true, []) => say!("  outputs only"),
        (true, changes) => changes.iter().for_each(|change| say!("  {change}")),
    }
}

fn parameters(parameters: &Parameters) {
    for chosen in &parameters.chosen {
        let origin = match chosen.origin {
            Origin::Given => "given",
            Origin::Kept => "as before",
            Origin::Default => "default",
        };
        let value = if chosen.is_secret { "(secret)" } else { &chosen.value };
        say!("  {:<20} {value}  ({origin})", chosen.name);
    }
}

/// Prints what goes into the bucket for zips.
pub fn zips(bucket: &str, exists: bool, files: &[File], differences: &[Difference]) {
    say!("\nFunctions: bucket {bucket}{}", if exists { "" } else { " (new: private, encrypted)" });
    for (file, difference) in files.iter().zip(differences) {
        say!("  {:<9}  {}  {}", difference.word(), file.key, size(file.body.len()));
    }
}

/// Prints what goes into the site's bucket, in the order in which it does.
pub fn site(bucket: Option<&str>, build: &Build, differences: &[Difference], due: &[String], days: u64) {
    say!("\nPage: bucket {}", bucket.unwrap_or("(the stack's, new)"));
    for (file, difference) in build.files.iter().zip(differences) {
        let encoding = file.content_encoding.map(|encoding| format!("; Content-Encoding: {encoding}"));
        say!(
            "  {:<9}  {}  {}\n             Content-Type: {}; Cache-Control: {}{}",
            difference.word(),
            file.key,
            size(file.body.len()),
            file.content_type,
            file.cache_control,
            encoding.unwrap_or_default()
        );
    }
    for key in due {
        say!("  delete     {key}  (for {days} days no longer part of the page)");
    }
    for name in &build.left_out {
        say!("  left out   {name}  (hidden)");
    }
}

/// Prints what is written into `config.json`, as far as it is known before.
pub fn config(text: Option<&str>, stack_changes: bool) {
    match text {
        Some(text) if stack_changes => say!("\nconfig.json, from the outputs as they are now\n{text}"),
        Some(text) => say!("\nconfig.json\n{text}"),
        None => say!("\nconfig.json is written from the new stack's outputs."),
    }
}

/// Prints what addresses of `--config` need that nobody here can do for them.
pub fn elsewhere(addresses: &[(&str, &str)], has_policy: bool) {
    for (key, address) in addresses {
        say!("  {key} is {address} for this deploy: say --config again at the next.");
        if has_policy {
            say!("  Browsers call it only if connect-src of the template's SecurityHeaders names it.");
        }
    }
}

/// Prints what is left to do by hand, at the issuer.
pub fn ending(outputs: &BTreeMap<String, String>) {
    let Some(site) = outputs.get("SiteUrl") else { return };
    let origin = site.trim_end_matches('/');
    say!("\nThe shop is at {site}");
    say!("At Auth0, the application's settings must have");
    say!("  Allowed Callback URLs  {origin}/callback");
    say!("  Allowed Logout URLs    {origin}/");
    say!("  Allowed Web Origins    {origin}");
}
