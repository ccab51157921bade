//! Reads the one shape of XML that STS answers in: elements that hold elements or text. `DOMParser` isn't there in a
//! worker, and an XML crate costs the page more kilobytes than the rest of STS together. What is more than this shape
//! (a document type, entities of its own, CDATA) is no answer of STS and is refused; nothing is expanded or fetched.

/// The text of the first element at `path`, counted from the document's root, which may have any name.
pub(super) fn text_at(xml: &str, path: &[&str]) -> Option<String> {
    let mut rest = xml.trim_start_matches('\u{feff}').trim_start();
    if rest.starts_with("<?xml") {
        rest = rest.split_once("?>")?.1;
    }
    let mut open: Vec<&str> = Vec::new();
    loop {
        let (before, tag_on) = rest.split_once('<')?;
        let (tag, after) = tag_on.split_once('>')?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name.trim_end()) {
                return None;
            }
            if open.is_empty() {
                return None;
            }
            continue;
        }
        if tag.starts_with(['!', '?']) || !before.trim().is_empty() && open.is_empty() {
            return None;
        }
        let name = tag.trim_end_matches('/').split_ascii_whitespace().next().filter(|name| !name.is_empty())?;
        if tag.ends_with('/') {
            continue;
        }
        open.push(name);
        if open.len() > MAX_DEPTH {
            return None;
        }
        if open[1..] == *path {
            let (text, end) = rest.split_once('<')?;
            // An element in place of text is another shape than was asked for.
            return end.strip_prefix('/').filter(|end| end.starts_with(name)).and_then(|_| unescape(text.trim()));
        }
    }
}

/// Deeper than STS nests.
const MAX_DEPTH: usize = 16;

/// The five entities that XML knows by itself; character references are in no answer of STS that is used here.
fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';')?;
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" | "#34" => '"',
            "apos" | "#39" => '\'',
            _ => return None,
        });
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0"?>
<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Result><Empty/><User><Id>wrong</Id></User><Credentials><Id>AK&amp;1</Id><Key>a/b+c=</Key></Credentials></Result>
</AssumeRoleWithWebIdentityResponse>"#;

    #[test]
    fn an_element_is_found_by_its_path() {
        assert_eq!(text_at(ANSWER, &["Result", "Credentials", "Id"]).as_deref(), Some("AK&1"));
        assert_eq!(text_at(ANSWER, &["Result", "Credentials", "Key"]).as_deref(), Some("a/b+c="));
        assert_eq!(text_at(ANSWER, &["Result", "User", "Id"]).as_deref(), Some("wrong"));
        assert_eq!(text_at(ANSWER, &["Credentials", "Id"]), None);
        assert_eq!(text_at(ANSWER, &["Result", "Credentials"]), None);
        assert_eq!(text_at("<a><b>\n x \n</b></a>", &["b"]).as_deref(), Some("x"));
    }

    #[test]
    fn another_shape_is_refused_without_a_panic() {
        for xml in [
            "",
            "<",
            ">",
            "<>",
            "</>",
            "</a>",
            "<a>",
            "<a><b>",
            "<a></b>",
            "<a/>",
            "<a><b></a>",
            "<a><b>x<c/></b></a>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a><b>&x;</b></a>",
            "<a><b>&x;</b></a>",
            "<a><b>&amp</b></a>",
            "<a><![CDATA[<b>x</b>]]></a>",
            "<a><!-- <b>x</b> --></a>",
            "<?xml",
            "x<a><b>y</b></a>",
            "{\"a\":1}",
            "<a></a><a><b>x</b></a>",
        ] {
            assert_eq!(text_at(xml, &["b"]), None, "{xml}");
        }
        assert_eq!(text_at(&"<a>".repeat(100_000), &["b"]), None);
        for end in 0..ANSWER.len() {
            text_at(&ANSWER[..end], &["Result", "Credentials", "Key"]);
        }
    }
}
