//! The line to write, in the style of the lines around it: a resource in a template is made of intrinsic functions, and
//! what they came to on this machine is nobody's to copy.

use std::fs;

use super::Asked;

/// The longest line that is taken for a model.
const LONGEST: usize = 400;

/// How a list would have `resource` on a line of its own, after the model of one that is there: item `item` of the
/// `Resource` of a statement, which came to `model`.
pub(super) fn line(
    asked: &Asked<'_>,
    policy: &str,
    statement: usize,
    (item, model): (usize, &str),
    resource: &str,
) -> String {
    written(asked, policy, statement, (item, model), resource).unwrap_or_else(|| format!("- {resource}"))
}

fn written(
    asked: &Asked<'_>,
    policy: &str,
    statement: usize,
    (item, model): (usize, &str),
    resource: &str,
) -> Option<String> {
    if asked.documents.file.is_empty() {
        return None;
    }
    let number = asked.role.line_of(policy, statement, Some(&format!("Resource[{item}]")))?;
    let source = fs::read_to_string(asked.documents.file).ok()?;
    let line = source.lines().nth(number.checked_sub(1)?)?.trim();
    // Behind the stage a line is to the letter what it came to; a file that has changed since isn't a model.
    let tail = behind_the_stage(model)?;
    let (before, after) = line.rsplit_once(tail)?;
    let fits = line.len() <= LONGEST && after.chars().all(|c| matches!(c, '"' | '\'' | ',')) && before.contains("arn:");
    // Everything in front of it has to be right, too.
    let same_front = model.strip_suffix(tail) == resource.strip_suffix(behind_the_stage(resource)?);
    (fits && same_front)
        .then(|| format!("{before}{}{}", behind_the_stage(resource).unwrap_or_default(), after.trim_end_matches(',')))
}

/// `/POST/pets` of `arn:…:api/stage/POST/pets`.
pub(super) fn behind_the_stage(resource: &str) -> Option<&str> {
    let api = resource.splitn(6, ':').nth(5)?;
    let slash = api.match_indices('/').nth(1)?.0;
    Some(&api[slash..])
}
