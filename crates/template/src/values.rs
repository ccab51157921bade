//! Parameters: defaults, what the caller gives, and whether the template takes it. What a template would refuse at a
//! deployment is refused here too, so that a list that must never hold `auth0` doesn't hold it on any machine.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Error,
    yaml::{Entry, Node},
};

/// A parameter's value, a text or a list of texts; `None` if it has no default and nobody gave one, which matters only
/// where it is used.
pub type Parameters = BTreeMap<String, Option<Value>>;

/// As many as CloudFormation takes.
const MAX_PARAMETERS: usize = 200;

/// Reads the `Parameters` section. `given` goes over the defaults. A reading that isn't strict does without a default that
/// it can't use; what is given has to be right all the same.
pub fn parameters(section: Option<&Node>, given: &BTreeMap<String, String>, strict: bool) -> Result<Parameters, Error> {
    let entries = section.map_or(Ok(&[][..]), |section| section.entries("Parameters"))?;
    let line = section.map_or(1, |section| section.line);
    if entries.len() > MAX_PARAMETERS {
        return Err(Error::at(line, format!("more than {MAX_PARAMETERS} parameters.")));
    }
    if let Some(unknown) = given.keys().find(|name| !entries.iter().any(|entry| entry.key == **name)) {
        return Err(Error::at(line, format!("the parameter {unknown} is missing, and a value is given for it.")));
    }
    let read = |entry: &Entry| {
        let given = given.get(&entry.key);
        let value = match parameter(entry, given, strict) {
            Err(_) if !strict && given.is_none() => None,
            value => value?,
        };
        Ok((entry.key.clone(), value))
    };
    entries.iter().map(read).collect()
}

fn parameter(entry: &Entry, given: Option<&String>, strict: bool) -> Result<Option<Value>, Error> {
    let name = &entry.key;
    let (mut kind, mut default, mut allowed, mut pattern) = (None, None, None, None);
    for property in entry.value.entries(name)? {
        let what = format!("{name}.{}", property.key);
        match property.key.as_str() {
            "Type" => kind = Some((property.value.text(&what)?, property.line)),
            "Default" => default = Some(property.value.text(&what)?),
            "AllowedValues" => allowed = Some(texts(&property.value, &what)?),
            "AllowedPattern" => pattern = Some((property.value.text(&what)?, property.line)),
            "Description" | "ConstraintDescription" | "NoEcho" => {}
            _ if !strict => {}
            _ => return Err(Error::at(property.line, format!("{what} is not understood here."))),
        }
    }
    let Some((kind, kind_line)) = kind else {
        return Err(Error::at(entry.line, format!("{name} has no Type.")));
    };
    let is_list = kind == "CommaDelimitedList" || !strict && kind.contains("List<");
    if strict && !["CommaDelimitedList", "String", "Number"].contains(&kind) {
        return Err(Error::at(kind_line, format!("{name}.Type {kind} is not understood here.")));
    }
    // What such a parameter has by default is the name of its value.
    let default = default.filter(|_| !kind.starts_with("AWS::SSM::"));
    let Some(value) = given.map(String::as_str).or(default) else { return Ok(None) };
    let items: Vec<&str> = if is_list { value.split(',').map(str::trim).collect() } else { vec![value] };
    let pattern = pattern.map(|(pattern, line)| Pattern::new(name, pattern, line)).transpose();
    let pattern = if strict { pattern? } else { pattern.unwrap_or_default() };
    for item in &items {
        if allowed.as_ref().is_some_and(|allowed| !allowed.contains(item)) {
            return Err(Error::at(entry.line, format!("{name} must not be {item:?}; see its AllowedValues.")));
        }
        if let Some(pattern) = &pattern {
            pattern.check(name, item)?;
        }
    }
    Ok(Some(if is_list { items.into() } else { value.into() }))
}

/// Bytes that a compiled pattern may have, and the steps back that it may take: an honest one needs a hundredth.
const MAX_PATTERN: usize = 256 * 1024;
const MAX_STEPS: usize = 10_000;

struct Pattern<'a> {
    written: &'a str,
    line: usize,
    regex: fancy_regex::Regex,
}

impl<'a> Pattern<'a> {
    fn new(name: &str, written: &'a str, line: usize) -> Result<Self, Error> {
        let mut regex = fancy_regex::RegexBuilder::new(&format!(r"\A(?:{written})\z"));
        let regex = regex.delegate_size_limit(MAX_PATTERN).backtrack_limit(MAX_STEPS).build();
        let regex = regex.map_err(|error| unusable(name, line, &error))?;
        Ok(Self { written, line, regex })
    }

    fn check(&self, name: &str, item: &str) -> Result<(), Error> {
        let Self { written, line, regex } = self;
        if regex.is_match(item).map_err(|error| unusable(name, *line, &error))? {
            return Ok(());
        }
        Err(Error::at(*line, format!("{name} must not be {item:?}; its AllowedPattern is {written}")))
    }
}

fn unusable(name: &str, line: usize, error: &fancy_regex::Error) -> Error {
    Error::at(line, format!("{name}.AllowedPattern can't be used: {error}."))
}

fn texts<'a>(node: &'a Node, what: &str) -> Result<Vec<&'a str>, Error> {
    node.items(what)?.iter().map(|item| item.text(what)).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::yaml, *};

    fn read(source: &str, given: &[(&str, &str)]) -> Result<Parameters, Error> {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        parameters(Some(&yaml::parse(source).unwrap()), &given, true)
    }

    #[test]
    fn what_is_given_goes_over_the_default() {
        let source = "A: {Type: String, Default: x}\nB: {Type: CommaDelimitedList, Default: 'a, b'}\n";
        let values = read(source, &[("A", "y")]).unwrap();
        assert_eq!(values["A"], Some("y".into()));
        assert_eq!(values["B"], Some(serde_json::json!(["a", "b"])));
    }

    #[test]
    fn a_value_that_a_deployment_refuses_is_refused() {
        let list = "\n\nA:\n  Type: CommaDelimitedList\n  AllowedPattern: '(?!auth0$)[a-z0-9]+'\n  Default: ";
        assert!(read(&format!("{list}amazon,auth00"), &[]).is_ok());
        assert_eq!(read(&format!("{list}amazon,auth0"), &[]).unwrap_err().line, 5);
        assert_eq!(read(&format!("{list}amazon"), &[("A", "amazon,")]).unwrap_err().line, 5);
        for (source, given) in [
            ("A: {Type: String, AllowedValues: [x]}", vec![("A", "y")]),
            ("A: {Type: String, Default: x}", vec![("B", "y")]),
            ("A: {Default: x}", vec![]),
            ("A: {Type: 'AWS::SSM::Parameter::Value<String>', Default: x}", vec![]),
            ("A: {Type: String, Default: x, MaxLength: 0}", vec![]),
            ("A: {Type: String, Default: [x]}", vec![]),
            ("A: {Type: String, Default: x, AllowedPattern: 'x|\\w{900}'}", vec![]),
            (
                "A: {Type: String, Default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, AllowedPattern: '(?!x)((a+)+)\\2b|a+'}",
                vec![],
            ),
        ] {
            assert!(read(source, &given).is_err(), "{source}");
        }
    }
}
