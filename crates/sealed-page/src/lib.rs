//! Seals the page that Trunk built, as the last step of every build, so that whoever serves it serves the same: each
//! script is a file that is named for its content and pinned by its hash, a bundle (what wasm-bindgen wrote, and its
//! WASM) becomes one such script that starts itself, the style sheets become one, and the page's own policy lets exactly
//! these scripts run. It must never let through what it doesn't know. Which headers go around the page is `site-files`' to say.

mod bundle;
mod content;
mod error;
mod faults;
mod names;
mod page;
mod styles;

use std::{fs, path::Path};

use bundle::Bundle;
pub use content::{Content, integrity};
pub use error::Error;
pub use faults::{Fault, faults};
pub use page::{Element, Page, elements};

/// The page.
pub const INDEX: &str = "index.html";

/// What Trunk's development server puts into the page to load it anew, filled in when it is served.
const RELOAD: &str = "__TRUNK_ADDRESS__";

/// Seals the build in this folder, once. A build for the development server keeps that server's script, and gets the
/// part of the policy that a developer's mistake shows in: Trusted Types. One that isn't optimised still has whatever the
/// libraries could do, so only an optimised one is searched for ways to make code of a text.
pub fn seal(folder: &Path, is_optimised: bool) -> Result<(), Error> {
    let index = folder.join(INDEX);
    let html = fs::read_to_string(&index).map_err(Error::file("read", &index))?;
    let mut page = Page::read(html);
    let serves_developers = page.html().contains(RELOAD);
    styles::bundle(&mut page, folder)?;
    let mut scripts = Vec::new();
    let mut is_bundled = false;
    for element in page.elements("script") {
        let Some(address) = element.attribute("src") else {
            if !(serves_developers && element.text.contains(RELOAD)) {
                return Err(Error::Inline { line: element.line, what: "a <script>".into() });
            }
            continue;
        };
        let content = if let Some(wasm) = element.attribute("data-wasm") {
            is_bundled = true;
            let bundle = Bundle::read(folder, address, wasm, is_optimised)?;
            let (script, module) = bundle.write(folder)?;
            page.insert(element.span.start, preload(&module));
            script
        } else {
            renamed(folder, address)?
        };
        page.replace(element.span.clone(), sealed(&element, &content));
        scripts.push(content.integrity());
    }
    if !is_bundled {
        return Err(Error::NoBundle);
    }
    for element in page.elements("meta").into_iter().filter(|meta| meta.attribute("name") == Some(WORKER)) {
        let worker = renamed(folder, element.attribute("content").unwrap_or_default())?;
        page.replace(element.span, format!("<meta name=\"{WORKER}\" content=\"{}\">", worker.address));
    }
    // As whoever serves the page looks for it, whatever Trunk has made of it.
    for element in page.elements("meta").into_iter().filter(|meta| meta.attribute("name") == Some("api")) {
        page.replace(element.span, site_files::NO_API.to_owned());
    }
    let policy =
        if serves_developers { site_files::TRUSTED_TYPES.to_owned() } else { site_files::page_policy(&scripts) };
    // Before everything that it is about.
    let policy = format!("<meta http-equiv=\"{POLICY}\" content=\"{policy}\">");
    let charset = page.elements("meta").into_iter().find(|meta| meta.attribute("charset").is_some());
    page.insert(charset.ok_or(Error::NoCharset)?.span.end, policy);
    let html = page.edited();
    fs::write(&index, &html).map_err(Error::file("write", &index))?;
    let faults = if serves_developers { Vec::new() } else { faults(&html, folder) };
    if faults.is_empty() { Ok(()) } else { Err(Error::Faults(faults)) }
}

const POLICY: &str = "Content-Security-Policy";

/// The name of the `<meta>` that says where the worker's script is: the one address that `public/shell.js` lets through.
const WORKER: &str = "shelf";

/// A file gets the name of its content.
fn renamed(folder: &Path, address: &str) -> Result<Content, Error> {
    let content = Content::named_after(address, Content::read(folder, address)?.bytes);
    content.write_instead_of(address, folder)?;
    Ok(content)
}

/// The script's element, with what Trunk's patterns told us taken out.
fn sealed(script: &Element, content: &Content) -> String {
    let kept = script.attributes.iter().filter(|(name, _)| !["src", "integrity", "data-wasm"].contains(&name.as_str()));
    let mut tag = "<script".to_owned();
    for (name, value) in kept.cloned().chain([("src".into(), content.address.clone())]) {
        tag.push_str(&format!(" {name}=\"{}\"", page::escaped(&value)));
    }
    format!("{tag} integrity=\"{}\">", content.integrity())
}

/// The module is asked for before the script that wants it has come. The script says which one it takes; here browsers
/// don't look at a hash yet, and say so in the console.
fn preload(module: &Content) -> String {
    format!("<link rel=\"preload\" as=\"fetch\" crossorigin type=\"application/wasm\" href=\"{}\">", module.address)
}

#[cfg(test)]
mod tests;
