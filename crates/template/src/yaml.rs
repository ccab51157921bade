//! YAML with the line of everything in it. What could make two readers see two documents is refused: the same key
//! twice, anchors and aliases, merge keys, a second document. Next: `intrinsics`, which carries out the calls.

use std::{collections::BTreeMap, sync::Arc};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::{
    Error,
    source::{Slices, Source},
};

/// A value and where it begins.
#[derive(Clone, Debug)]
pub struct Node {
    /// Counted from 1.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a node can be.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Text; `plain` when nothing quoted it, so that `true` and `3600` may mean more than their letters.
    Scalar {
        /// The text.
        text: String,
        /// Not quoted and not a block.
        plain: bool,
        /// As it is written, if it may be a document.
        source: Option<Arc<Source>>,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with their lines, in the order of the file, no key twice.
    Mapping(Vec<Entry>),
    /// A function and its argument: `Sub` for `!Sub …` and for `Fn::Sub: …`.
    Call(String, Box<Node>),
    /// What couldn't be resolved, and why. Only a reading of documents has it.
    Unread(Box<Error>),
}

/// One entry of a mapping.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The key's line.
    pub line: usize,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The entries of a mapping.
    pub fn entries(&self, what: &str) -> Result<&[Entry], Error> {
        match &self.kind {
            Kind::Mapping(entries) => Ok(entries),
            Kind::Unread(error) => Err(error.as_ref().clone()),
            _ => Err(Error::at(self.line, format!("{what} must be a mapping."))),
        }
    }

    /// A text.
    pub fn text(&self, what: &str) -> Result<&str, Error> {
        match &self.kind {
            Kind::Scalar { text, .. } => Ok(text),
            Kind::Unread(error) => Err(error.as_ref().clone()),
            _ => Err(Error::at(self.line, format!("{what} must be a text."))),
        }
    }

    /// A list.
    pub fn items(&self, what: &str) -> Result<&[Node], Error> {
        match &self.kind {
            Kind::Sequence(items) => Ok(items),
            Kind::Unread(error) => Err(error.as_ref().clone()),
            _ => Err(Error::at(self.line, format!("{what} must be a list."))),
        }
    }

    /// About how many bytes it has.
    pub fn size(&self) -> usize {
        size_of::<Self>()
            + match &self.kind {
                Kind::Scalar { text, .. } => text.len(),
                Kind::Sequence(items) => items.iter().map(Self::size).sum(),
                Kind::Mapping(entries) => entries.iter().map(|entry| entry.key.len() + entry.value.size()).sum(),
                Kind::Call(_, argument) => argument.size(),
                Kind::Unread(_) => 0,
            }
    }

    /// A text as it is written.
    pub fn source(&self) -> Option<Arc<Source>> {
        match &self.kind {
            Kind::Scalar { source, .. } => source.clone(),
            _ => None,
        }
    }
}

/// CloudFormation takes templates up to a megabyte.
const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 64;
/// Every message repeats a key or two.
const MAX_KEY: usize = 1024;

/// Reads one document.
pub fn parse(source: &str) -> Result<Node, Error> {
    parse_at(source, 1)
}

/// Reads one document that begins in a line of another.
pub fn parse_at(source: &str, first_line: usize) -> Result<Node, Error> {
    if source.len() > MAX_BYTES {
        return Err(Error::at(1, "the file is larger than a template may be (1 MiB)."));
    }
    let mut reader = Reader { parser: Parser::new_from_str(source), slices: Slices::new(source), first_line };
    let mut root = None;
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => break,
            (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
            (_, span) if root.is_some() => {
                return Err(Error::at(reader.line(span.start), "a second document; a template is one."));
            }
            (event, span) => root = Some(reader.node(event, span, 0)?),
        }
    }
    root.ok_or_else(|| Error::at(1, "the file is empty."))
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    slices: Slices<'a>,
    first_line: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Error> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Error::at(self.line(*error.marker()), format!("not YAML: {}.", error.info()))),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn line(&self, marker: Marker) -> usize {
        marker.line() + self.first_line - 1
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Error> {
        let line = self.line(span.start);
        if depth > MAX_DEPTH {
            return Err(Error::at(line, "nested too deeply."));
        }
        let (anchor, tag, kind) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let source = self.slices.source(&text, style, span, line);
                let plain = style == ScalarStyle::Plain;
                (anchor, tag, Kind::Scalar { text: text.into_owned(), plain, source })
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => items.push(self.node(event, span, depth + 1)?),
                    }
                }
                (anchor, tag, Kind::Sequence(items))
            }
            Event::MappingStart(anchor, tag) => (anchor, tag, long_form(self.mapping(depth)?)),
            Event::Alias(_) => return Err(Error::at(line, "an alias (*); CloudFormation doesn't take it.")),
            _ => return Err(Error::at(line, "not YAML: a value is missing.")),
        };
        if anchor != 0 {
            return Err(Error::at(line, "an anchor (&); CloudFormation doesn't take it."));
        }
        let node = Node { line, kind };
        match tag {
            None => Ok(node),
            Some(tag) if tag.handle == "!" && !tag.suffix.is_empty() => {
                Ok(Node { line, kind: Kind::Call(tag.suffix.clone(), Box::new(node)) })
            }
            Some(tag) => Err(Error::at(line, format!("the tag {tag} is not one of CloudFormation's."))),
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<Entry>, Error> {
        let mut entries: Vec<Entry> = Vec::new();
        // By name: looking through the entries for each key takes minutes where a file has 100,000 of them.
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(entries);
            }
            let Node { line, kind: key } = self.node(event, span, depth + 1)?;
            let Kind::Scalar { text: key, .. } = key else {
                return Err(Error::at(line, "a key must be a text."));
            };
            if key.len() > MAX_KEY {
                return Err(Error::at(line, "a key of more than a thousand letters."));
            }
            if key == "<<" {
                return Err(Error::at(line, "a merge key (<<); CloudFormation doesn't take it."));
            }
            if let Some(first) = lines.insert(key.clone(), line) {
                let message = format!("the key {key} is there twice; the first is in line {first}.");
                return Err(Error::at(line, message));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push(Entry { key, line, value });
        }
    }
}

/// `Fn::Sub: …` and `Ref: …` are calls as well.
fn long_form(mut entries: Vec<Entry>) -> Kind {
    if let [entry] = entries.as_slice()
        && let Some(function) = entry.key.strip_prefix("Fn::").or((entry.key == "Ref").then_some("Ref"))
        && !function.contains("::")
    {
        let function = function.to_owned();
        return Kind::Call(function, Box::new(entries.remove(0).value));
    }
    Kind::Mapping(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_line() {
        let root = parse("a: 1\nb:\n  c: !Ref X\n  d: [x, !Sub y]\ne: |\n  text\n").unwrap();
        let entries = root.entries("root").unwrap();
        let b = entries[1].value.entries("b").unwrap();
        assert_eq!((entries[1].line, b[0].line, b[1].line, entries[2].line), (2, 3, 4, 5));
        assert!(matches!(&b[0].value.kind, Kind::Call(function, _) if function == "Ref"));
        assert_eq!(entries[2].value.text("e").unwrap(), "text\n");
    }

    #[test]
    fn two_readers_never_see_two_documents() {
        for (source, line) in [
            ("a: 1\nb: 2\na: 3\n", 3),
            ("a: {x: 1, x: 2}\n", 1),
            ("a: &n 1\nb: 2\n", 1),
            ("a: &n {x: 1}\nb:\n  <<: *n\n", 1),
            ("a: 1\n---\nb: 2\n", 3),
            ("? [a]\n: 1\n", 1),
            ("a: !!python/object x\n", 1),
            ("a: [1\nb: 2\n", 2),
            ("", 1),
        ] {
            let error = parse(source).expect_err(source);
            assert_eq!(error.line, line, "{source}: {error}");
        }
        assert!(parse(&"[".repeat(10_000)).is_err());
    }
}
