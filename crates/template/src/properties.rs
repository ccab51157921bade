//! A resource's properties, taken one by one. Whoever reads a resource says what it obeys and what can be passed over;
//! what is left over is refused with its line, so that nothing in a template is silently without effect.

use serde_json::Value;

use super::{
    Error,
    yaml::{Entry, Kind, Node},
};

/// The properties of one resource, or of a part of one.
pub struct Properties {
    what: String,
    line: usize,
    left: Vec<Entry>,
}

/// One property that was taken.
pub struct Property {
    /// `Role.Policies`, for messages.
    pub what: String,
    /// Where it is.
    pub line: usize,
    /// Its value, without functions.
    pub value: Node,
}

impl Properties {
    /// The properties of `what`; none if there is no mapping.
    pub fn new(what: &str, line: usize, node: Option<Node>) -> Result<Self, Error> {
        let left = match node.map(|node| (node.line, node.kind)) {
            None => Vec::new(),
            Some((_, Kind::Mapping(entries))) => entries,
            Some((_, Kind::Unread(error))) => return Err(*error),
            Some((line, _)) => return Err(Error::at(line, format!("{what} must be a mapping."))),
        };
        Ok(Self { what: what.to_owned(), line, left })
    }

    /// Takes a property that may be missing.
    pub fn take(&mut self, name: &str) -> Option<Property> {
        let index = self.left.iter().position(|entry| entry.key == name)?;
        let Entry { key, line, value } = self.left.remove(index);
        Some(Property { what: format!("{}.{key}", self.what), line, value })
    }

    /// Takes a property that must be there.
    pub fn need(&mut self, name: &str) -> Result<Property, Error> {
        self.take(name).ok_or_else(|| Error::at(self.line, format!("{}.{name} is missing.", self.what)))
    }

    /// Takes the items of a list that may be missing.
    pub fn items(&mut self, name: &str) -> Result<Vec<Property>, Error> {
        self.take(name).map_or(Ok(Vec::new()), Property::into_items)
    }

    /// Takes a text that must be there.
    pub fn text(&mut self, name: &str) -> Result<String, Error> {
        self.need(name)?.into_text()
    }

    /// Takes all that is left.
    pub fn rest(&mut self) -> Vec<Property> {
        let names: Vec<String> = self.left.iter().map(|entry| entry.key.clone()).collect();
        names.iter().filter_map(|name| self.take(name)).collect()
    }

    /// Refuses what was neither taken nor is in `passed_over`, the properties that can't change who may do what.
    pub fn finish(self, passed_over: &[&str]) -> Result<(), Error> {
        match self.left.iter().find(|entry| !passed_over.contains(&entry.key.as_str())) {
            None => Ok(()),
            Some(entry) => Err(Error::at(
                entry.line,
                format!("{}.{} is not understood here and may change who may do what.", self.what, entry.key),
            )),
        }
    }
}

impl Property {
    /// The text.
    pub fn into_text(self) -> Result<String, Error> {
        Ok(self.value.text(&self.what)?.to_owned())
    }

    /// The properties of a nested mapping.
    pub fn into_properties(self) -> Result<Properties, Error> {
        Properties::new(&self.what, self.line, Some(self.value))
    }

    /// The items of a list.
    pub fn into_items(self) -> Result<Vec<Property>, Error> {
        let items = match self.value.kind {
            Kind::Sequence(items) => items,
            Kind::Unread(error) => return Err(*error),
            _ => return Err(Error::at(self.line, format!("{} must be a list.", self.what))),
        };
        let item = |(index, value): (usize, Node)| Property {
            what: format!("{}[{index}]", self.what),
            line: value.line,
            value,
        };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    /// `true` or `false`.
    pub fn into_bool(self) -> Result<bool, Error> {
        match self.value.text(&self.what)? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Error::at(self.line, format!("{} must be true or false.", self.what))),
        }
    }
}

/// The node as JSON; a plain `true` or `3600` is no text.
pub fn json(node: &Node) -> Result<Value, Error> {
    Ok(match &node.kind {
        Kind::Scalar { text, plain: true, .. } => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "~" | "" => Value::Null,
            _ => match text.parse::<i64>() {
                Ok(number) if number.to_string() == *text => number.into(),
                _ => text.as_str().into(),
            },
        },
        Kind::Scalar { text, .. } => text.as_str().into(),
        Kind::Sequence(items) => items.iter().map(json).collect::<Result<_, _>>()?,
        Kind::Mapping(entries) => {
            let entries = entries.iter().map(|entry| Ok((entry.key.clone(), json(&entry.value)?)));
            Value::Object(entries.collect::<Result<_, Error>>()?)
        }
        Kind::Unread(error) => return Err(error.as_ref().clone()),
        Kind::Call(..) => unreachable!("a resolved node has no calls"),
    })
}
