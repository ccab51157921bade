//! CloudFormation's functions and conditions: `resolve` turns a node of the file into one that has none, each value
//! with the line that it came from. A function that isn't known here is refused. Next: `properties`.
//!
//! Source: "Intrinsic function reference" and "Pseudo parameters reference" of the CloudFormation User Guide.

use serde_json::Value;

use super::{
    Error,
    scope::Scope,
    yaml::{Entry, Kind, Node},
};

/// References that go in a circle end here.
pub const MAX_DEPTH: usize = 32;

impl Scope<'_> {
    /// The node without functions; `None` where it is `AWS::NoValue`.
    pub fn resolve(&self, node: &Node) -> Result<Option<Node>, Error> {
        self.resolve_at(node, 0)
    }

    pub(super) fn text_at(&self, node: &Node, what: &str, depth: usize) -> Result<String, Error> {
        match self.resolve_at(node, depth)? {
            Some(resolved) => Ok(resolved.text(what)?.to_owned()),
            None => Err(Error::at(node.line, format!("{what} must be a text."))),
        }
    }

    fn resolve_at(&self, node: &Node, depth: usize) -> Result<Option<Node>, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::at(node.line, "nested too deeply, or a reference that goes in a circle."));
        }
        let plain = |kind| Ok(Some(Node { line: node.line, kind }));
        self.spend(size_of::<Node>(), node.line)?;
        match &node.kind {
            Kind::Call(function, argument) => {
                let resolved = self.call(function, argument, node.line, depth + 1)?;
                resolved.map(known).transpose()
            }
            Kind::Scalar { text, .. } => {
                self.spend(text.len(), node.line)?;
                known(node.clone()).map(Some)
            }
            Kind::Unread(error) => Err(error.as_ref().clone()),
            Kind::Sequence(items) => {
                let items = items.iter().map(|item| self.settle(item.line, self.resolve_at(item, depth + 1)));
                plain(Kind::Sequence(items.filter_map(Result::transpose).collect::<Result<_, _>>()?))
            }
            Kind::Mapping(entries) => {
                let entries = entries.iter().map(|entry| {
                    // A loop, or a macro beside other keys: more keys, and nobody here knows which.
                    let value = if entry.key.starts_with("Fn::") {
                        Err(unknown_function(&entry.key, entry.line))
                    } else {
                        self.resolve_at(&entry.value, depth + 1)
                    };
                    let value = self.settle(entry.line, value)?;
                    Ok(value.map(|value| Entry { key: entry.key.clone(), line: entry.line, value }))
                });
                plain(Kind::Mapping(entries.filter_map(Result::transpose).collect::<Result<_, _>>()?))
            }
        }
    }

    /// In a reading of documents, what can't be resolved matters only to whoever needs it.
    fn settle(&self, line: usize, resolved: Result<Option<Node>, Error>) -> Result<Option<Node>, Error> {
        match resolved {
            Err(error) if !self.strict => {
                self.spend(error.message.len(), line)?;
                Ok(Some(Node { line, kind: Kind::Unread(Box::new(error)) }))
            }
            resolved => resolved,
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
            "FindInMap" => self.find_in_map(arguments(3)?, line, depth),
            _ => Err(unknown_function(function, line)),
        }
    }

    fn texts(&self, node: &Node, what: &str, depth: usize) -> Result<Vec<String>, Error> {
        match self.resolve_at(node, depth)?.map(|node| node.kind) {
            Some(Kind::Sequence(items)) => items.iter().map(|item| Ok(item.text(what)?.to_owned())).collect(),
            Some(Kind::Unread(error)) => Err(*error),
            _ => Err(Error::at(node.line, format!("{what} must be a list."))),
        }
    }

    fn reference(&self, name: &str, line: usize, depth: usize) -> Result<Option<Node>, Error> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        let pseudo = self.place.pseudo(name);
        let text = match (pseudo, self.parameters.get(name)) {
            (Some(text), _) => text,
            (None, Some(Some(Value::String(text)))) => text.clone(),
            (None, Some(Some(Value::Array(items)))) => {
                self.spend(items.len() * size_of::<Node>(), line)?;
                let items = items.iter().filter_map(Value::as_str).map(|item| text_node(item.to_owned(), line));
                return Ok(Some(Node { line, kind: Kind::Sequence(items.collect()) }));
            }
            (None, Some(_)) => {
                let remedy = if self.strict { "" } else { &format!(" or --parameter {name}=…") };
                return Err(Error::at(line, format!("the parameter {name} has no value; give it a Default{remedy}.")));
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

    fn find_in_map(&self, items: &[Node], line: usize, depth: usize) -> Result<Option<Node>, Error> {
        let mut found: Option<&Node> = None;
        for item in items {
            let name = self.text_at(item, "!FindInMap", depth)?;
            let entries = found.map_or(Ok(self.mappings), |node| node.entries("a mapping"))?;
            self.spend(entries.len(), line)?;
            let entry = entries.iter().find(|entry| entry.key == name);
            let missing = || Error::at(line, format!("!FindInMap: there is no {name}."));
            found = Some(&entry.ok_or_else(missing)?.value);
        }
        // Values are plain; a call in one would be none of CloudFormation's.
        found.map_or(Ok(None), |value| self.resolve_at(value, depth))
    }

    fn substitute(&self, pattern: &str, variables: &[Entry], line: usize, depth: usize) -> Result<String, Error> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) =
                after.split_once('}').ok_or_else(|| Error::at(line, "!Sub has a ${ without its closing brace."))?;
            text.push_str(before);
            rest = tail;
            self.spend(variables.len(), line)?;
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
}

/// A text whose value CloudFormation takes from elsewhere isn't known here.
fn known(node: Node) -> Result<Node, Error> {
    match &node.kind {
        Kind::Scalar { text, .. } if text.contains("{{resolve:") => {
            let message = "a dynamic reference ({{resolve:…}}): its value isn't in the file; write it here.";
            Err(Error::at(node.line, message))
        }
        _ => Ok(node),
    }
}

fn unknown_function(name: &str, line: usize) -> Error {
    Error::at(line, format!("the function {name} is not understood here; write its value."))
}

fn text_node(text: String, line: usize) -> Node {
    Node { line, kind: Kind::Scalar { text, plain: false, source: None } }
}
