//! The site's Content-Security-Policy knows no inline code, so that one policy fits every build. What Trunk writes into
//! the page as a script becomes a file of its own, named for its content; what can't become one is refused with its line.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use sha2::{Digest as _, Sha256};

use super::hex;
use crate::error::{Error, Result};

/// A page, and the scripts that were inside.
#[derive(Debug)]
pub struct Page {
    /// The page, naming them.
    pub html: String,
    /// Names and texts.
    pub scripts: Vec<(String, String)>,
}

/// Moves the inline scripts of a page into files beside its root.
pub fn without_inline_scripts(key: &str, html: &str) -> Result<Page> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let inline = |at: usize, what: String| {
        let line = html.get(..at).unwrap_or_default().matches('\n').count() + 1;
        Error::Inline { file: key.to_owned(), line, what }
    };
    let mut page = Page { html: String::with_capacity(html.len()), scripts: Vec::new() };
    let mut copied = 0;
    // The end of an open `<script …>` that has its text inside.
    let mut open: Option<usize> = None;
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                for (attribute, value) in &tag.attributes {
                    let attribute = text(attribute);
                    let calls = text(&value.value).trim_start().to_ascii_lowercase().starts_with("javascript:");
                    if attribute == "style" || attribute.starts_with("on") || calls {
                        return Err(inline(tag.span.start, format!("<{name}> has an inline {attribute}")));
                    }
                }
                if name == "style" {
                    return Err(inline(tag.span.start, "an inline <style>".into()));
                }
                if name == "script" && !tag.attributes.contains_key(&b"src"[..]) {
                    let kind = tag.attributes.get(&b"type"[..]).map(|kind| text(&kind.value).to_ascii_lowercase());
                    match kind.as_deref().map(str::trim) {
                        None | Some("" | "module" | "text/javascript" | "application/javascript") => {
                            open = Some(tag.span.end);
                        }
                        // Data, which no policy asks about.
                        Some("application/json" | "application/ld+json") => {}
                        Some(kind) => return Err(inline(tag.span.start, format!("an inline <script type={kind}>"))),
                    }
                }
            }
            Token::EndTag(tag) if text(&tag.name) == "script" => {
                let Some(start) = open.take() else { continue };
                let script = html.get(start..tag.span.start).unwrap_or_default();
                if script.trim().is_empty() {
                    continue;
                }
                let name = format!("inline-{}.js", &hex(&Sha256::digest(script))[..16]);
                // The tag without its `>`: the attributes, such as type=module, stay.
                let tag_start = html.get(copied..start - 1).unwrap_or_default();
                page.html.push_str(tag_start);
                page.html.push_str(&format!(" src=\"/{name}\">"));
                page.scripts.push((name, script.to_owned()));
                copied = tag.span.start;
            }
            _ => {}
        }
    }
    page.html.push_str(html.get(copied..).unwrap_or_default());
    Ok(page)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
