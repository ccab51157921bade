//! The page's style sheets as one file: nothing is seen before the last of them is there, and one is there sooner than
//! many. Which came first stays so, and with it which layer and which rule wins.

use std::{fs, path::Path};

use crate::{
    Error,
    content::Content,
    page::{Element, Page},
};

/// Puts one file in the place of all, and one link in the place of the first one's.
pub fn bundle(page: &mut Page, folder: &Path) -> Result<(), Error> {
    let sheets: Vec<_> = page.elements("link").into_iter().filter(is_sheet).collect();
    let Some(first) = sheets.first() else { return Ok(()) };
    let mut bytes = Vec::new();
    for sheet in &sheets {
        let content = Content::read(folder, sheet.attribute("href").unwrap_or_default())?;
        let path = folder.join(content.address.trim_start_matches('/'));
        fs::remove_file(&path).map_err(Error::file("remove", path))?;
        bytes.extend_from_slice(content.bytes.trim_ascii());
    }
    let style = Content::named_after("/style.css", bytes);
    style.write(folder)?;
    let link = format!("<link rel=\"stylesheet\" href=\"{}\" integrity=\"{}\">", style.address, style.integrity());
    page.replace(first.span.clone(), link);
    for sheet in &sheets[1..] {
        page.replace(sheet.span.clone(), String::new());
    }
    Ok(())
}

/// Whether it holds for every screen: one that waits for something else stays a file of its own.
fn is_sheet(link: &Element) -> bool {
    let is_known = |(name, _): &(String, String)| ["rel", "href", "integrity"].contains(&name.as_str());
    link.attribute("rel") == Some("stylesheet") && link.attributes.iter().all(is_known)
}
