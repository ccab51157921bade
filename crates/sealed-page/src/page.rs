//! The text of a page: its elements with their places, and changes at these places. What isn't changed stays to the byte.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// A page, and what is to be changed in it.
pub struct Page {
    html: String,
    edits: Vec<(Range<usize>, String)>,
}

/// An opening tag, and the text that follows it.
#[derive(Clone, Debug)]
pub struct Element {
    /// In small letters.
    pub name: String,
    /// Names in small letters, and values without entities.
    pub attributes: Vec<(String, String)>,
    /// Up to the next tag.
    pub text: String,
    /// Of the tag.
    pub span: Range<usize>,
    /// From 1.
    pub line: usize,
}

impl Page {
    /// A page with this text.
    pub fn read(html: String) -> Self {
        Self { html, edits: Vec::new() }
    }

    /// As it was read.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The elements with this name, in their order.
    pub fn elements(&self, name: &str) -> Vec<Element> {
        elements(&self.html).into_iter().filter(|element| element.name == name).collect()
    }

    /// Puts a text in the place of another.
    pub fn replace(&mut self, span: Range<usize>, text: String) {
        self.edits.push((span, text));
    }

    /// Puts a text where none was.
    pub fn insert(&mut self, at: usize, text: String) {
        self.replace(at..at, text);
    }

    /// The page with all changes.
    pub fn edited(&self) -> String {
        let mut edits = self.edits.clone();
        // Those at one place stay in the order in which they were asked for.
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let mut html = String::with_capacity(self.html.len());
        let mut copied = 0;
        for (span, text) in edits {
            html.push_str(&self.html[copied..span.start]);
            html.push_str(&text);
            copied = span.end;
        }
        html.push_str(&self.html[copied..]);
        html
    }
}

impl Element {
    /// The value of an attribute; empty if it has none.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Every element of a page, in its order.
pub fn elements(html: &str) -> Vec<Element> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // As a browser reads: what is inside of a script is text.
    emitter.naively_switch_states(true);
    let mut elements: Vec<Element> = Vec::new();
    let mut is_open = false;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(&value.value))).collect();
                let line = html[..tag.span.start].matches('\n').count() + 1;
                let span = tag.span.start..tag.span.end;
                elements.push(Element { name: text(&tag.name), attributes, text: String::new(), span, line });
                is_open = true;
            }
            Token::String(string) if is_open => {
                if let Some(element) = elements.last_mut() {
                    element.text.push_str(&text(&string.value));
                }
            }
            Token::EndTag(_) => is_open = false,
            _ => {}
        }
    }
    elements
}

/// For the inside of a quoted attribute.
pub fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_as_a_browser_does() {
        let html = "<!doctype html>\n<!-- <b> --><P Class=a>x &amp; y<br>\n<script src='/a?b&amp;c'>if (1 < 2) '<i>'</script></p>";
        let found = elements(html);
        let names: Vec<_> = found.iter().map(|element| (element.name.as_str(), element.line)).collect();
        assert_eq!(names, [("p", 2), ("br", 2), ("script", 3)]);
        assert_eq!((found[0].attribute("class"), found[0].text.as_str()), (Some("a"), "x & y"));
        assert_eq!((found[2].attribute("src"), found[2].text.as_str()), (Some("/a?b&c"), "if (1 < 2) '<i>'"));
        assert_eq!(&html[found[1].span.clone()], "<br>");
    }

    #[test]
    fn what_is_not_changed_stays_to_the_byte() {
        let html = "<!doctype html>\r\n<title>é</title><p>";
        let mut page = Page::read(html.to_owned());
        assert_eq!(page.edited(), html);
        let title = page.elements("title").remove(0);
        page.insert(title.span.start, "1".into());
        page.replace(title.span.clone(), "2".into());
        page.insert(title.span.end, "3".into());
        page.insert(title.span.end, "4".into());
        assert_eq!(page.edited(), "<!doctype html>\r\n1234é</title><p>");
    }
}
