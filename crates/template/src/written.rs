//! Where the policy documents are written: the lines of their statements, so that whoever explains a decision can point
//! at what decided. It never decides anything. Next: `Role::line_of`.

use super::{
    properties::Property,
    yaml::{Kind, Node},
};

/// Where one document is written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The policy's name.
    pub policy: String,
    /// The line of the property that holds it.
    pub line: usize,
    document: Option<Node>,
}

impl Written {
    /// Of the document in `property`.
    pub fn new(policy: &str, property: &Property) -> Self {
        Self { policy: policy.to_owned(), line: property.line, document: Some(located(&property.value)) }
    }

    /// Of a document that couldn't be read.
    pub fn unknown(policy: &str, line: usize) -> Self {
        Self { policy: policy.to_owned(), line, document: None }
    }

    /// The line of a statement, or of an element of it.
    pub fn line_of(&self, statement: usize, element: Option<&str>) -> usize {
        let element = element.map(|element| format!(".{element}")).unwrap_or_default();
        let place = format!("Statement[{statement}]{element}");
        self.document.as_ref().and_then(|document| line_of(document, &place)).unwrap_or(self.line)
    }
}

/// The document with a line for everything in it, where it is a text as well.
pub fn located(document: &Node) -> Node {
    document.source().and_then(|source| source.document()).unwrap_or_else(|| document.clone())
}

/// The line of a place in a document, or of the part of it that is there. A text is one value.
pub fn line_of(document: &Node, place: &str) -> Option<usize> {
    let place = place.strip_prefix('.').unwrap_or(place);
    match &document.kind {
        Kind::Mapping(_) if place == "[0]" => Some(document.line),
        Kind::Mapping(entries) => {
            // A single statement may stand without its list.
            let place = place.strip_prefix("[0].").unwrap_or(place);
            let (entry, rest) = entries.iter().find_map(|entry| {
                let rest = place.strip_prefix(entry.key.as_str())?;
                (rest.is_empty() || rest.starts_with(['.', '['])).then_some((entry, rest))
            })?;
            Some(line_of(&entry.value, rest).unwrap_or(entry.line))
        }
        Kind::Sequence(items) => {
            let (index, rest) = place.strip_prefix('[')?.split_once(']')?;
            let item = items.get(index.parse::<usize>().ok()?)?;
            Some(line_of(item, rest).unwrap_or(item.line))
        }
        _ => None,
    }
}
