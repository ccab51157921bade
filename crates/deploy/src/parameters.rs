//! The values of the template's parameters: given now, kept from the last deploy, or the template's own. All that
//! CloudFormation would refuse is named here, all at once, before anything is asked of it.

mod domain;

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::Parameter as Sent;
use fancy_regex::Regex;

use crate::{
    error::{Error, Result},
    template::{Parameter, Template},
};

/// One parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its value, as CloudFormation takes it.
    pub value: String,
    /// Where it is from.
    pub origin: Origin,
    /// Whether it may be shown.
    pub is_secret: bool,
}

/// Where a value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Given now.
    Given,
    /// The stack has it.
    Kept,
    /// The template's default.
    Default,
}

/// All parameters, and what was understood differently than it was written.
#[derive(Debug)]
pub struct Parameters {
    /// In the order of their names.
    pub chosen: Vec<Chosen>,
    /// Sentences.
    pub notes: Vec<String>,
}

impl Parameters {
    /// Chooses a value for each. `kept` are those of the stack that is there.
    pub fn choose(template: &Template, given: &[(String, String)], kept: &BTreeMap<String, String>) -> Result<Self> {
        let declared = template.parameters();
        let mut faults = Vec::new();
        let mut notes = Vec::new();
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        for (name, value) in given {
            if !declared.iter().any(|parameter| parameter.name == name) {
                let known: Vec<_> = declared.iter().map(|parameter| parameter.name).collect();
                faults.push(format!("{name}: the template has no such parameter. It has {}.", known.join(", ")));
                continue;
            }
            let value = match (name.as_str(), domain::normal(value)) {
                ("Auth0Domain", Ok((domain, note))) => {
                    notes.extend(note);
                    domain
                }
                ("Auth0Domain", Err(fault)) => {
                    faults.push(format!("Auth0Domain: {fault}"));
                    continue;
                }
                _ => value.clone(),
            };
            if values.insert(name, value).is_some() {
                faults.push(format!("{name} is given twice. Say it once."));
            }
        }
        let mut chosen = Vec::new();
        for parameter in &declared {
            let given = values.remove(parameter.name).map(|value| (value, Origin::Given));
            let kept = || kept.get(parameter.name).map(|value| (value.clone(), Origin::Kept));
            let default = || parameter.default().map(|value| (value, Origin::Default));
            let Some((value, origin)) = given.or_else(kept).or_else(default) else {
                if !faults.iter().any(|fault| fault.starts_with(parameter.name)) {
                    faults.push(missing(parameter));
                }
                continue;
            };
            // A kept value was taken before; a secret one isn't known here.
            if origin == Origin::Given || origin == Origin::Default {
                faults.extend(fault(parameter, &value).map(|fault| format!("{}: {fault}", parameter.name)));
            }
            chosen.push(Chosen { name: parameter.name.to_owned(), value, origin, is_secret: parameter.is_secret() });
        }
        if faults.is_empty() { Ok(Self { chosen, notes }) } else { Err(Error::Parameters(faults)) }
    }

    /// The value of one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.chosen.iter().find(|chosen| chosen.name == name).map(|chosen| chosen.value.as_str())
    }

    /// All values.
    pub fn values(&self) -> BTreeMap<String, String> {
        self.chosen.iter().map(|chosen| (chosen.name.clone(), chosen.value.clone())).collect()
    }

    /// As CloudFormation takes them.
    pub fn sent(&self) -> Vec<Sent> {
        let send = |chosen: &Chosen| {
            let sent = Sent::builder().parameter_key(&chosen.name);
            match chosen.origin {
                Origin::Kept => sent.use_previous_value(true).build(),
                Origin::Given | Origin::Default => sent.parameter_value(&chosen.value).build(),
            }
        };
        self.chosen.iter().map(send).collect()
    }
}

fn missing(parameter: &Parameter<'_>) -> String {
    format!(
        "{name} is needed: {about} Say it with --parameter {name}=VALUE.",
        name = parameter.name,
        about = parameter.description()
    )
}

/// What CloudFormation would say against a value.
fn fault(parameter: &Parameter<'_>, value: &str) -> Option<String> {
    let shown = if parameter.is_secret() { "the value" } else { value };
    let shown = if shown.is_empty() { "an empty value" } else { shown };
    let is_list = parameter.kind() == "CommaDelimitedList" || parameter.kind().starts_with("List<");
    let parts: Vec<&str> = if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    if let Some(allowed) = parameter.allowed_values()
        && let Some(part) = parts.iter().find(|part| !allowed.iter().any(|allowed| allowed == *part))
    {
        let part = if parameter.is_secret() { "the value" } else { part };
        return Some(format!("{part} is none of its values, {}.", allowed.join(", ")));
    }
    if let Some(pattern) = parameter.allowed_pattern() {
        let Ok(whole) = Regex::new(&format!("^(?:{pattern})$")) else {
            return Some(format!("its AllowedPattern {pattern} can't be understood. Correct the template."));
        };
        if parts.iter().any(|part| !whole.is_match(part).unwrap_or(false)) {
            return Some(format!("{shown} doesn't match {pattern}. {}", parameter.description()));
        }
    }
    let length = value.chars().count() as f64;
    let measure = match parameter.kind() {
        "Number" => match value.parse::<f64>() {
            Ok(number) if number.is_finite() => ("MinValue", "MaxValue", number),
            _ => return Some(format!("{shown} is no number.")),
        },
        _ => ("MinLength", "MaxLength", length),
    };
    let (least, most, measure) = measure;
    match (parameter.limit(least), parameter.limit(most)) {
        (Some(limit), _) if measure < limit => Some(format!("{shown} is under its {least}, {limit}.")),
        (_, Some(limit)) if measure > limit => Some(format!("{shown} is over its {most}, {limit}.")),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
