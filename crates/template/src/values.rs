//! Parameters: defaults, what the caller gives, and whether the template takes it. What a template would refuse at a
//! deployment is refused here too, so that a list that must never hold `auth0` doesn't hold it on any machine.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Error,
    yaml::{Entry, Kind, Node},
};

/// A parameter's value, a text or a list of texts; `None` if it has no default and nobody gave one, which matters only
/// where it is used.
pub type Parameters = BTreeMap<String, Option<Value>>;

/// Reads the `Parameters` section. `given` goes over the defaults.
pub fn parameters(section: Option<&Node>, given: &BTreeMap<String, String>) -> Result<Parameters, Error> {
    let entries = section.map_or(Ok(&[][..]), |section| section.entries("Parameters"))?;
    if let Some(unknown) = given.keys().find(|name| !entries.iter().any(|entry| entry.key == **name)) {
        let line = section.map_or(1, |section| section.line);
        return Err(Error::at(line, format!("the parameter {unknown} is missing; the local stack sets it.")));
    }
    entries.iter().map(|entry| Ok((entry.key.clone(), parameter(entry, given.get(&entry.key))?))).collect()
}

fn parameter(entry: &Entry, given: Option<&String>) -> Result<Option<Value>, Error> {
    let name = &entry.key;
    let (mut kind, mut value, mut allowed, mut pattern) = (None, given.map(String::as_str), None, None);
    for property in entry.value.entries(name)? {
        let what = format!("{name}.{}", property.key);
        match property.key.as_str() {
            "Type" => kind = Some((property.value.text(&what)?, property.line)),
            "Default" => value = value.or(Some(property.value.text(&what)?)),
            "AllowedValues" => allowed = Some(texts(&property.value, &what)?),
            "AllowedPattern" => pattern = Some((property.value.text(&what)?, property.line)),
            "Description" | "ConstraintDescription" | "NoEcho" => {}
            _ => return Err(Error::at(property.line, format!("{what} is not supported by the local stack."))),
        }
    }
    let Some((kind, kind_line)) = kind else {
        return Err(Error::at(entry.line, format!("{name} has no Type.")));
    };
    let Some(value) = value else { return Ok(None) };
    let items: Vec<&str> = match kind {
        "CommaDelimitedList" => value.split(',').map(str::trim).collect(),
        "String" | "Number" => vec![value],
        _ => return Err(Error::at(kind_line, format!("{name}.Type {kind} is not supported by the local stack."))),
    };
    for item in &items {
        if allowed.as_ref().is_some_and(|allowed| !allowed.contains(item)) {
            return Err(Error::at(entry.line, format!("{name} must not be {item:?}; see its AllowedValues.")));
        }
        if let Some((pattern, line)) = pattern {
            let matches = fancy_regex::Regex::new(&format!(r"\A(?:{pattern})\z"))
                .and_then(|regex| regex.is_match(item))
                .map_err(|error| Error::at(line, format!("{name}.AllowedPattern can't be used: {error}.")))?;
            if !matches {
                return Err(Error::at(line, format!("{name} must not be {item:?}; its AllowedPattern is {pattern}")));
            }
        }
    }
    Ok(Some(match kind {
        "CommaDelimitedList" => items.into(),
        _ => value.into(),
    }))
}

fn texts<'a>(node: &'a Node, what: &str) -> Result<Vec<&'a str>, Error> {
    match &node.kind {
        Kind::Sequence(items) => items.iter().map(|item| item.text(what)).collect(),
        _ => Err(Error::at(node.line, format!("{what} must be a list."))),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::yaml, *};

    fn read(source: &str, given: &[(&str, &str)]) -> Result<Parameters, Error> {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        parameters(Some(&yaml::parse(source).unwrap()), &given)
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
        ] {
            assert!(read(source, &given).is_err(), "{source}");
        }
    }
}
