//! What is wrong in a page that is about to be served: a look at what there is, whoever made it.

use std::{collections::BTreeSet, fmt, path::Path};

use crate::{
    POLICY,
    content::{Content, name},
    page::{Element, elements},
};

/// Something that no page of ours may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// What it is, as the end of a sentence.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// Everything in the page that its policies forbid, that comes from elsewhere, or that isn't the file in `folder` that it
/// says it is.
pub fn faults(html: &str, folder: &Path) -> Vec<Fault> {
    let elements = elements(html);
    let mut faults = Vec::new();
    for element in &elements {
        let what = attributes(element).into_iter().chain(inside(element)).chain(outside(element, folder));
        faults.extend(what.map(|what| Fault { line: element.line, what }));
    }
    faults.extend(policy(&elements));
    faults
}

/// Code in attributes.
fn attributes(element: &Element) -> Vec<String> {
    let is_code = |name: &str, value: &str| {
        let letters: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        name == "style"
            || name == "srcdoc"
            || name.starts_with("on")
            || letters.to_ascii_lowercase().starts_with("javascript:")
    };
    let code = element.attributes.iter().filter(|(name, value)| is_code(name, value));
    code.map(|(name, _)| format!("<{}> has an inline {name}", element.name)).collect()
}

/// Elements that have code inside, or that change what others mean.
fn inside(element: &Element) -> Option<String> {
    let kind = element.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_data = ["application/json", "application/ld+json"].contains(&kind.as_str());
    match element.name.as_str() {
        "script" if element.attribute("src").is_none() && !is_data => Some("an inline <script>".to_owned()),
        "style" => Some("an inline <style>".to_owned()),
        name @ ("base" | "iframe" | "frame" | "object" | "embed" | "portal") => Some(format!("a <{name}>")),
        _ => None,
    }
}

/// References that leave the site, and files that aren't what their hash says.
fn outside(element: &Element, folder: &Path) -> Option<String> {
    let (attribute, is_pinned) = match element.name.as_str() {
        "script" => ("src", true),
        "link" => {
            let is = |name, value| element.attribute(name).is_some_and(|it| it.to_ascii_lowercase().contains(value));
            // What a script fetches is pinned by the script; browsers know no hash for it here.
            ("href", is("rel", "stylesheet") || is("rel", "preload") && !is("as", "fetch"))
        }
        "img" | "source" | "audio" | "video" | "input" => ("src", false),
        _ => return None,
    };
    let address = element.attribute(attribute)?;
    if !address.starts_with('/') || address.starts_with("//") || address.contains('\\') {
        return Some(format!("<{}> is from elsewhere: {address}", element.name));
    }
    if !is_pinned {
        return None;
    }
    let Some(integrity) = element.attribute("integrity") else {
        return Some(format!("{address} has no integrity"));
    };
    let content = name(address).and_then(|_| Content::read(folder, address).ok());
    match content {
        Some(content) if content.integrity() == integrity => None,
        Some(_) => Some(format!("{address} isn't what its integrity says")),
        None => Some(format!("{address} isn't in the build")),
    }
}

/// The page's own policy lets its scripts run and no other.
fn policy(elements: &[Element]) -> Option<Fault> {
    let scripts: BTreeSet<&str> = elements
        .iter()
        .filter(|element| element.name == "script")
        .filter_map(|script| script.attribute("integrity"))
        .collect();
    let first = elements.iter().find(|element| element.name == "script")?;
    let metas = elements.iter().filter(|element| element.name == "meta");
    let policy =
        metas.clone().find(|meta| meta.attribute("http-equiv").is_some_and(|it| it.eq_ignore_ascii_case(POLICY)));
    let Some(policy) = policy.filter(|policy| policy.span.start < first.span.start) else {
        return Some(Fault { line: first.line, what: format!("a script without a {POLICY} before it") });
    };
    let text = policy.attribute("content").unwrap_or_default();
    let allowed = text.split(';').find_map(|directive| directive.trim().strip_prefix("script-src "));
    let allowed: BTreeSet<&str> =
        allowed.unwrap_or_default().split(' ').map(|source| source.trim_matches('\'')).collect();
    let expected: BTreeSet<&str> = scripts.into_iter().chain(["wasm-unsafe-eval"]).collect();
    let what = "script-src doesn't name the page's scripts by their hashes, and nothing else";
    (allowed != expected).then(|| Fault { line: policy.line, what: what.to_owned() })
}
