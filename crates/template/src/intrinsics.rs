//! CloudFormation's functions and conditions: `resolve` turns a node of the file into one that has none, each value
//! with the line that it came from. A function that isn't known here is refused. Next: `properties`.
//!
//! Source: "Intrinsic function reference" and "Pseudo parameters reference" of the CloudFormation User Guide.

use std::cell::Cell;

use serde_json::Value;

use super::{
    Error,
    resources::Resources,
    values::Parameters,
    yaml::{Entry, Kind, Node},
};

/// The account that the local stack plays.
pub const ACCOUNT: &str = "123456789012";
/// Its region.
pub const REGION: &str = "us-east-1";
/// Its partition.
pub const PARTITION: &str = "aws";
/// The name of its stack, the prefix of names that the template leaves open.
pub const STACK: &str = "pets";

/// References that go in a circle end here.
const MAX_DEPTH: usize = 32;

/// What all functions together may read and write, in bytes. The deployed template takes less than a hundredth; a few
/// names that stand for ten of the next would take more than any machine has.
const MAX_WORK: usize = 16 * 1024 * 1024;

/// What names in a template stand for.
pub struct Scope<'a> {
    /// Parameters by name.
    pub parameters: Parameters,
    /// The `Conditions` section.
    pub conditions: &'a [Entry],
    /// The `Resources` section.
    pub resources: Resources<'a>,
    /// What was done so far, of [`MAX_WORK`].
    pub work: Cell<usize>,
}

impl Scope<'_> {
    /// The node without functions; `None` where it is `AWS::NoValue`.
    pub fn resolve(&self, node: &Node) -> Result<Option<Node>, Error> {
        self.resolve_at(node, 0)
    }

    /// Whether a condition of the `Conditions` section holds.
    pub fn condition(&self, name: &str, line: usize) -> Result<bool, Error> {
        self.condition_at(name, line, 0)
    }

    pub(super) fn text_at(&self, node: &Node, what: &str, depth: usize) -> Result<String, Error> {
        let resolved = self.resolve_at(node, depth)?;
        match resolved.as_ref().map(|node| &node.kind) {
            Some(Kind::Scalar { text, .. }) => Ok(text.clone()),
            _ => Err(Error::at(node.line, format!("{what} must be a text."))),
        }
    }

    fn resolve_at(&self, node: &Node, depth: usize) -> Result<Option<Node>, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::at(node.line, "nested too deeply, or a reference that goes in a circle."));
        }
        let plain = |kind| Ok(Some(Node { line: node.line, kind }));
        self.spend(size_of::<Node>(), node.line)?;
        match &node.kind {
            Kind::Call(function, argument) => self.call(function, argument, node.line, depth + 1),
            Kind::Scalar { text, .. } => {
                self.spend(text.len(), node.line)?;
                Ok(Some(node.clone()))
            }
            Kind::Sequence(items) => {
                let items = items.iter().map(|item| self.resolve_at(item, depth + 1));
                plain(Kind::Sequence(items.filter_map(Result::transpose).collect::<Result<_, _>>()?))
            }
            Kind::Mapping(entries) => {
                let entries = entries.iter().map(|entry| {
                    let value = self.resolve_at(&entry.value, depth + 1)?;
                    Ok(value.map(|value| Entry { key: entry.key.clone(), line: entry.line, value }))
                });
                plain(Kind::Mapping(entries.filter_map(Result::transpose).collect::<Result<_, _>>()?))
            }
        }
    }

    fn call(&self, function: &str, argument: &Node, line: usize, depth: usize) -> Result<Option<Node>, Error> {
        let text = |text: String| Ok(Some(text_node(text, line)));
        let arguments = |count: usize| match &argument.kind {
            Kind::Sequence(items) if items.len() == count => Ok(items.as_slice()),
            _ => Err(Error::at(line, format!("!{function} takes a list of {count}."))),
        };
        match function {
            "Ref" => self.reference(argument.text("!Ref")?, line, depth),
            "GetAtt" => match &argument.kind {
                Kind::Sequence(items) if items.len() == 2 => {
                    text(self.attribute(items[0].text("!GetAtt")?, items[1].text("!GetAtt")?, line, depth)?)
                }
                _ => match argument.text("!GetAtt")?.split_once('.') {
                    Some((resource, name)) => text(self.attribute(resource, name, line, depth)?),
                    None => Err(Error::at(line, "!GetAtt takes Resource.Attribute.")),
                },
            },
            "Sub" => {
                let (pattern, variables) = match &argument.kind {
                    Kind::Sequence(_) => {
                        let items = arguments(2)?;
                        (&items[0], items[1].entries("!Sub's second")?)
                    }
                    _ => (argument, &[][..]),
                };
                let text = self.substitute(pattern.text("!Sub")?, variables, line, depth)?;
                Ok(Some(Node { line, kind: Kind::Scalar { text, plain: false, source: pattern.source() } }))
            }
            "Join" => {
                let items = arguments(2)?;
                let separator = items[0].text("!Join's first")?;
                let texts = self.texts(&items[1], "!Join's second", depth)?;
                self.spend(separator.len().saturating_mul(texts.len()), line)?;
                text(texts.join(separator))
            }
            "Split" => {
                let items = arguments(2)?;
                let separator = items[0].text("!Split's first")?;
                if separator.is_empty() {
                    return Err(Error::at(line, "!Split needs a separator."));
                }
                let parts = self.text_at(&items[1], "!Split's second", depth)?;
                self.spend(parts.matches(separator).count() * size_of::<Node>(), line)?;
                let parts = parts.split(separator).map(|part| text_node(part.to_owned(), line)).collect();
                Ok(Some(Node { line, kind: Kind::Sequence(parts) }))
            }
            "Select" => {
                let items = arguments(2)?;
                let index = self.text_at(&items[0], "!Select's first", depth)?.parse::<usize>();
                let list = self.texts(&items[1], "!Select's second", depth)?;
                let chosen = index.ok().and_then(|index| list.get(index));
                text(chosen.ok_or_else(|| Error::at(line, "!Select chooses what isn't there."))?.clone())
            }
            "If" => {
                let items = arguments(3)?;
                let holds = self.condition_at(items[0].text("!If's first")?, line, depth)?;
                self.resolve_at(if holds { &items[1] } else { &items[2] }, depth)
            }
            _ => Err(Error::at(line, format!("the function {function} is not supported by the local stack."))),
        }
    }

    fn texts(&self, node: &Node, what: &str, depth: usize) -> Result<Vec<String>, Error> {
        match self.resolve_at(node, depth)?.map(|node| node.kind) {
            Some(Kind::Sequence(items)) => items.iter().map(|item| Ok(item.text(what)?.to_owned())).collect(),
            _ => Err(Error::at(node.line, format!("{what} must be a list."))),
        }
    }

    fn reference(&self, name: &str, line: usize, depth: usize) -> Result<Option<Node>, Error> {
        let pseudo = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::AccountId" => Some(ACCOUNT.to_owned()),
            "AWS::Region" => Some(REGION.to_owned()),
            "AWS::Partition" => Some(PARTITION.to_owned()),
            "AWS::URLSuffix" => Some("amazonaws.com".to_owned()),
            "AWS::StackName" => Some(STACK.to_owned()),
            "AWS::StackId" => Some(format!("arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/local")),
            _ => None,
        };
        let text = match (pseudo, self.parameters.get(name)) {
            (Some(text), _) => text,
            (None, Some(Some(Value::String(text)))) => text.clone(),
            (None, Some(Some(Value::Array(items)))) => {
                self.spend(items.len() * size_of::<Node>(), line)?;
                let items = items.iter().filter_map(Value::as_str).map(|item| text_node(item.to_owned(), line));
                return Ok(Some(Node { line, kind: Kind::Sequence(items.collect()) }));
            }
            (None, Some(_)) => {
                return Err(Error::at(line, format!("{name} has no Default, and the local stack doesn't set it.")));
            }
            (None, None) => self.resources.reference(self, name, line, depth)?,
        };
        self.spend(text.len(), line)?;
        Ok(Some(text_node(text, line)))
    }

    fn attribute(&self, resource: &str, name: &str, line: usize, depth: usize) -> Result<String, Error> {
        let text = self.resources.attribute(self, resource, name, line, depth)?;
        self.spend(text.len(), line)?;
        Ok(text)
    }

    /// Depth alone bounds nothing: ten references to what has ten references each, and so on, make 10³².
    fn spend(&self, bytes: usize, line: usize) -> Result<(), Error> {
        self.work.set(self.work.get().saturating_add(bytes));
        if self.work.get() > MAX_WORK {
            return Err(Error::at(line, "the functions of the template make too much of it: references multiply."));
        }
        Ok(())
    }

    fn substitute(&self, pattern: &str, variables: &[Entry], line: usize, depth: usize) -> Result<String, Error> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) =
                after.split_once('}').ok_or_else(|| Error::at(line, "!Sub has a ${ without its closing brace."))?;
            text.push_str(before);
            rest = tail;
            if let Some(literal) = name.strip_prefix('!') {
                text.push_str(&format!("${{{literal}}}"));
            } else if let Some(entry) = variables.iter().find(|entry| entry.key == name) {
                let value = self.text_at(&entry.value, name, depth)?;
                self.spend(value.len(), line)?;
                text.push_str(&value);
            } else if let Some((resource, attribute)) = name.split_once('.') {
                text.push_str(&self.attribute(resource, attribute, line, depth)?);
            } else {
                match self.reference(name, line, depth)?.map(|node| node.kind) {
                    Some(Kind::Scalar { text: value, .. }) => text.push_str(&value),
                    _ => return Err(Error::at(line, format!("!Sub can't put {name} into a text."))),
                }
            }
        }
        text.push_str(rest);
        Ok(text)
    }

    fn condition_at(&self, name: &str, line: usize, depth: usize) -> Result<bool, Error> {
        let entry = self.conditions.iter().find(|entry| entry.key == name);
        let entry = entry.ok_or_else(|| Error::at(line, format!("the condition {name} is missing.")))?;
        self.holds(&entry.value, depth + 1)
    }

    fn holds(&self, node: &Node, depth: usize) -> Result<bool, Error> {
        let line = node.line;
        if depth > MAX_DEPTH {
            return Err(Error::at(line, "nested too deeply, or a condition that goes in a circle."));
        }
        self.spend(size_of::<Node>(), line)?;
        let (function, argument) = match &node.kind {
            Kind::Call(function, argument) => (function.as_str(), argument.as_ref()),
            Kind::Mapping(entries) if entries.len() == 1 && entries[0].key == "Condition" => {
                ("Condition", &entries[0].value)
            }
            _ => return Err(Error::at(line, "a condition must be a function such as !Equals.")),
        };
        if function == "Condition" {
            return self.condition_at(argument.text("!Condition")?, line, depth);
        }
        let Kind::Sequence(items) = &argument.kind else {
            return Err(Error::at(line, format!("!{function} takes a list.")));
        };
        let mut each = items.iter().map(|item| self.holds(item, depth + 1));
        match (function, items.len()) {
            ("Equals", 2) => {
                Ok(self.text_at(&items[0], "!Equals", depth)? == self.text_at(&items[1], "!Equals", depth)?)
            }
            ("Not", 1) => Ok(!self.holds(&items[0], depth + 1)?),
            ("And", 2..=10) => each.try_fold(true, |all, one| Ok(all & one?)),
            ("Or", 2..=10) => each.try_fold(false, |any, one| Ok(any | one?)),
            _ => Err(Error::at(line, format!("!{function} with {} is no condition.", items.len()))),
        }
    }
}

fn text_node(text: String, line: usize) -> Node {
    Node { line, kind: Kind::Scalar { text, plain: false, source: None } }
}
