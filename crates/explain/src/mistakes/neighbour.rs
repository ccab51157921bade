//! The line to write, in the style of the lines around it: a resource in a template is made of intrinsic functions, and
//! what they came to on this machine is nobody's to copy.

use std::fs;

use iam::{Effect, Element, StatementTrace};

use super::{Asked, written};

/// The longest line that is taken for a model.
const LONGEST: usize = 400;

/// How a list would have `resource` on a line of its own: after the model of item `item` of this statement's, or else of
/// another of the role's. Without a model it is the plain ARN.
pub(super) fn line(asked: &Asked<'_>, trace: &StatementTrace, item: usize, resource: &str) -> String {
    let models = || {
        let source = fs::read_to_string(asked.documents.file).ok()?;
        let lines: Vec<&str> = source.lines().collect();
        let others = asked.explanation.statements.iter().filter(|other| other.effect == Effect::Allow);
        let mut models = std::iter::once(trace).chain(others).flat_map(|trace| {
            written(trace, &Element::Resource).into_iter().enumerate().map(move |(item, model)| (trace, item, model))
        });
        let own = written(trace, &Element::Resource).into_iter().nth(item).map(|model| (trace, item, model));
        own.into_iter().chain(models.by_ref()).find_map(|(trace, item, model)| {
            let place = asked.place(&trace.statement, &format!("Resource[{item}]"))?;
            like(lines.get(place.line.checked_sub(1)?)?.trim(), &model, resource)
        })
    };
    models().unwrap_or_else(|| format!("- {resource}"))
}

/// `resource` as a line is written that came to `model`.
fn like(line: &str, model: &str, resource: &str) -> Option<String> {
    let (tail, right) = (behind_the_stage(model)?, behind_the_stage(resource)?);
    // Everything in front of it has to be right already, and a file that has changed since is no model.
    if model.strip_suffix(tail) != resource.strip_suffix(right) || line.len() > LONGEST {
        return None;
    }
    // Behind the stage a line is to the letter what it came to.
    let (before, after) = line.rsplit_once(tail)?;
    let closes = after.chars().all(|c| matches!(c, '"' | '\'' | ',' | '}' | ' '));
    let (before, list) = match before.split_once("Resource:") {
        Some((_, rest)) => (rest.trim_start(), "- "),
        None => (before, ""),
    };
    let one = before.matches("arn:").count() == 1 && !before.contains('[');
    (closes && one).then(|| format!("{list}{before}{right}{}", after.trim_end_matches(',')))
}

/// `/POST/pets` of `arn:…:api/stage/POST/pets`.
pub(super) fn behind_the_stage(resource: &str) -> Option<&str> {
    let api = resource.splitn(6, ':').nth(5)?;
    let slash = api.match_indices('/').nth(1)?.0;
    Some(&api[slash..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_model_if_all_in_front_of_the_method_is_right() {
        let (model, resource) = ("arn:aws:execute-api:r:1:api/s/POST/a", "arn:aws:execute-api:r:1:api/s/GET/b/*");
        let check = |line: &str, expected: Option<&str>| assert_eq!(like(line, model, resource).as_deref(), expected);
        check("- !Sub arn:x:${Api}/s/POST/a", Some("- !Sub arn:x:${Api}/s/GET/b/*"));
        check("Resource: !Sub 'arn:x:${Api}/s/POST/a'", Some("- !Sub 'arn:x:${Api}/s/GET/b/*'"));
        check("\"arn:x:api/s/POST/a\",", Some("\"arn:x:api/s/GET/b/*\""));
        check("{ \"Fn::Sub\": \"arn:x:api/s/POST/a\" },", Some("{ \"Fn::Sub\": \"arn:x:api/s/GET/b/*\" }"));
        check("Resource: [!Sub arn:x:${Api}/s/POST/a]", None);
        check("- !Sub arn:x:${Api}/s/POST/other", None);
        check("- !Sub ${Base}/POST/a", None);
        assert_eq!(like("- arn:x/POST/a", model, "arn:aws:execute-api:r:2:api/s/GET/b"), None);
    }
}
