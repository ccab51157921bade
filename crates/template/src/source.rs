//! A text as it stands in the file. YAML folds, indents and escapes texts, so a line of a text's value need not be a line
//! of the file; a policy document in a text has its lines from here. Only what may be such a document is kept. Next:
//! `written`.

use std::sync::Arc;

use saphyr_parser::{Marker, ScalarStyle, Span};

use super::yaml::{self, Node};

/// What is written between a text's quotes, or in its block, line for line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    line: usize,
    text: String,
}

impl Source {
    /// The values in it, each with its line in the file; `None` if it is no JSON. JSON is YAML, too.
    pub fn document(&self) -> Option<Node> {
        // !Sub's names may stand where JSON has a value, and a tab is as good as a space.
        let mut text = String::new();
        let mut rest = self.text.as_str();
        while let Some((before, (name, after))) =
            rest.split_once("${").and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            text.extend([before, "$_", name, "_"]);
            rest = after;
        }
        text.push_str(rest);
        yaml::parse_at(&text.replace('\t', " "), self.line).ok()
    }
}

/// Finds the bytes of the parser's markers, which count characters; they come in order.
pub struct Slices<'a> {
    source: &'a str,
    index: usize,
    byte: usize,
}

impl<'a> Slices<'a> {
    /// Of the whole file.
    pub fn new(source: &'a str) -> Self {
        Self { source, index: 0, byte: 0 }
    }

    /// The source of a scalar, if it may be a document.
    pub fn source(&mut self, value: &str, style: ScalarStyle, span: Span, line: usize) -> Option<Arc<Source>> {
        if !value.trim_start().starts_with('{') {
            return None;
        }
        let (start, end) = (self.byte_of(span.start), self.byte_of(span.end));
        let raw = self.source.get(start..end)?;
        // A tag is in front of it, with what is between them.
        let tag = |end: char| if raw.starts_with('!') { raw.find(end) } else { Some(0) };
        let (before, text) = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let (before, text) = raw.split_at(tag('\n')?);
                (before, text.to_owned())
            }
            ScalarStyle::SingleQuoted => {
                let (before, text) = raw.split_at(tag('\'')?);
                (before, text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
            }
            ScalarStyle::DoubleQuoted => {
                let (before, text) = raw.split_at(tag('"')?);
                (before, unescaped(text.strip_prefix('"')?.strip_suffix('"')?))
            }
            ScalarStyle::Plain => return None,
        };
        Some(Arc::new(Source { line: line + before.matches('\n').count(), text }))
    }

    fn byte_of(&mut self, marker: Marker) -> usize {
        let ahead = marker.index().saturating_sub(self.index);
        let rest = &self.source[self.byte..];
        self.byte += rest.char_indices().nth(ahead).map_or(rest.len(), |(byte, _)| byte);
        self.index += ahead;
        self.byte
    }
}

/// Without escapes. An escaped line end is a space and one that is there stays, so that lines are the file's.
fn unescaped(raw: &str) -> String {
    let mut text = String::new();
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => text.extend(characters.next().map(|escaped| match escaped {
                'n' | 'r' | 't' => ' ',
                other => other,
            })),
            (other, false) => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{super::yaml::Kind, *};

    /// The lines of `Statement`'s items and of their `Action`s, of the document in the last entry.
    fn lines(file: &str) -> Vec<(usize, usize)> {
        let root = yaml::parse(file).unwrap();
        let last = &root.entries("file").unwrap().last().unwrap().value;
        let last = if let Kind::Call(_, argument) = &last.kind { argument } else { last };
        let Some(document) = last.source().unwrap().document() else { return Vec::new() };
        let statements = &document.entries("document").unwrap().last().unwrap().value;
        let Kind::Sequence(items) = &statements.kind else { panic!("{statements:?}") };
        let action =
            |item: &Node| item.entries("item").unwrap().iter().find(|entry| entry.key == "Action").unwrap().line;
        items.iter().map(|item| (item.line, action(item))).collect()
    }

    #[test]
    fn a_text_has_the_lines_of_the_file() {
        let json = "{\n  \"Statement\": [\n    {\n      \"Action\": 1 },\n    { \"Action\": \"ä ${Sub} '\" }\n  ]\n}";
        let under = |before: &str, text: &str, indent: &str| {
            format!("é: ü\nd: {before}{}", text.replace('\n', &format!("\n{indent}")))
        };
        let block = [(5, 6), (7, 7)];
        for indicator in ["|", ">", "|-", ">+", "|2", "!Sub |", "| # { comment"] {
            let file = under(&format!("{indicator}\n  "), json, "  ");
            assert_eq!(lines(&file), block, "{file}");
            assert_eq!(lines(&file.replace('\n', "\r\n")), block, "{file}");
            assert_eq!(lines(&format!("{file}\n\n# the end\n").replace("{\n", "{\n\n")), [(6, 8), (9, 9)], "{file}");
        }
        assert_eq!(lines(&under("|\n\n\n  ", json, "  ")), [(7, 8), (9, 9)]);
        assert_eq!(lines(&under("|\n  ", &json.replace("   ", "\t"), "  ")), block);
        let quoted = [(4, 5), (6, 6)];
        assert_eq!(lines(&under("", &format!("'{}'", json.replace('\'', "''")), "  ")), quoted);
        assert_eq!(lines(&under("", &format!("\"{}\"", json.replace('"', "\\\"")), "  ")), quoted);
        let one_line = json.replace('"', "\\\"").replace('\n', "\\n");
        assert_eq!(lines(&under("", &format!("!Sub \"{one_line}\""), "")), [(2, 2), (2, 2)]);
        assert_eq!(lines(&under("|\n  ", &json.replace('1', "${Number}"), "  ")), block);
    }

    #[test]
    fn what_is_no_document_has_none() {
        let source = |file: &str| yaml::parse(file).unwrap().entries("file").unwrap()[0].value.source();
        assert_eq!(source("a: plain\n"), None);
        assert_eq!(source("a: 'quoted'\n"), None);
        assert_eq!(source("a: '{broken'\n").unwrap().document().map(|node| node.line), None);
    }
}
