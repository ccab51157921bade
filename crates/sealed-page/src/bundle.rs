//! A bundle: the script that wasm-bindgen wrote, and the module that it brings to life. Sealed, the script starts the
//! module by itself and takes no other than this one, so one hash pins both.

use std::path::Path;

use crate::{Error, content::Content, names::shortened};

/// As Trunk left it.
pub struct Bundle {
    script: Content,
    module: Content,
    /// The function that starts it.
    start: String,
}

/// Ways to make code or markup of a text. The policy refuses them; that there are none is better.
const SINKS: [&str; 9] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "createContextualFragment",
    "setHTMLUnsafe",
    "document.write",
    "srcdoc",
    "new Function",
    "eval(",
];

impl Bundle {
    /// The bundle at these addresses. An optimised one has no sinks.
    pub fn read(folder: &Path, script: &str, module: &str, is_optimised: bool) -> Result<Self, Error> {
        let (mut script, mut module) = (Content::read(folder, script)?, Content::read(folder, module)?);
        let text = String::from_utf8_lossy(&script.bytes);
        if imports(&text) {
            return Err(Error::Imports(script.address));
        }
        if let Some(sink) = SINKS.into_iter().find(|sink| is_optimised && text.contains(sink)) {
            return Err(Error::Sink { file: script.address, sink, markup: markup(&module.bytes) });
        }
        let start = default_export(&text).ok_or_else(|| Error::NoStart(script.address.clone()))?.to_owned();
        if let Some((text, bytes)) = shortened(&text, &module.bytes).filter(|_| is_optimised) {
            (script.bytes, module.bytes) = (text.into_bytes(), bytes);
        }
        Ok(Self { script, module, start })
    }

    /// Puts the sealed script and its module in the place of what was read.
    pub fn write(self, folder: &Path) -> Result<(Content, Content), Error> {
        let module = Content::named_after(&self.module.address.replace("_bg", ""), self.module.bytes);
        let start = format!(
            "\n{}({{ module_or_path: fetch('{}', {{ integrity: '{}' }}) }});\n",
            self.start,
            module.address,
            module.integrity()
        );
        let text = [self.script.bytes, start.into_bytes()].concat();
        let script = Content::named_after(&self.script.address, text);
        module.write_instead_of(&self.module.address, folder)?;
        script.write_instead_of(&self.script.address, folder)?;
        Ok((script, module))
    }
}

/// The local name of `export { … as default }`.
fn default_export(script: &str) -> Option<&str> {
    let (before, _) = script.rsplit_once(" as default")?;
    let name = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).next()?;
    (!name.is_empty()).then_some(name)
}

/// Whether the script asks for another one. It may ask where it is itself.
fn imports(script: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    script.match_indices("import").any(|(at, word)| {
        let (before, after) = (&script[..at], &script[at + word.len()..]);
        !before.ends_with(is_word) && !after.starts_with(is_word) && !after.starts_with(".meta")
    })
}

/// Texts of a module that begin as an element does.
fn markup(module: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(module);
    let found = text.match_indices('<').filter_map(|(at, _)| {
        let element: String = text[at..].chars().take(60).take_while(|c| !c.is_control()).collect();
        let is_element = element[1..].starts_with(|c: char| c.is_ascii_lowercase()) && element.contains("</");
        is_element.then_some(element)
    });
    found.take(10).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_export_is_what_starts_it() {
        assert_eq!(default_export("export { initSync, __wbg_init as default };"), Some("__wbg_init"));
        assert_eq!(default_export("export{a as initSync,b$ as default}"), Some("b$"));
        assert_eq!(default_export("export { initSync };"), None);
    }

    #[test]
    fn a_script_may_ask_where_it_is_but_for_no_other() {
        for script in ["new URL('a', import.meta.url)", "__wbg_get_imports()", "const imports = {}", "important()"] {
            assert!(!imports(script), "{script}");
        }
        for script in
            ["import a from './a.js'", "import{a}from'./a'", "import './a.js'", "await import(x)", ";import(x)"]
        {
            assert!(imports(script), "{script}");
        }
    }

    #[test]
    fn markup_is_found_among_other_texts() {
        let module = b"\0asm\x01abc<h2>Sold</h2>section<j <strong\x02a < b <k";
        assert_eq!(markup(module), ["<h2>Sold</h2>section<j <strong"]);
    }
}
