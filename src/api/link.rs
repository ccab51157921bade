//! The `Link` header (RFC 8288): where the next page is.

use crate::session::Headers;

/// The cursor in the address of `rel="next"`. Nothing else of the address is used: it can lead nowhere.
pub(super) fn next_cursor(headers: &Headers) -> Option<String> {
    headers.all("link").flat_map(parts).find_map(|(target, parameters)| {
        let query = target.split_once('?').filter(|_| is_next(parameters))?.1;
        let query = query.split('#').next().unwrap_or(query);
        let cursor = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "cursor");
        cursor.map(|(_, value)| value.into_owned()).filter(|cursor| !cursor.is_empty())
    })
}

/// Each link's target and parameters. A target may have commas; a quoted parameter with one isn't anything we are sent,
/// and would only end the link early.
fn parts(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split('<').skip(1).filter_map(|link| link.split_once('>'))
}

fn is_next(parameters: &str) -> bool {
    let parameters = parameters.split([';', ',']).filter_map(|parameter| parameter.split_once('='));
    let mut rels = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
    // Only a link's first `rel` counts; it may have several words.
    let words = rels.next().map(|(_, value)| value.trim().trim_matches('"')).unwrap_or_default();
    words.split(' ').any(|word| word.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, cursor: Option<&str>) {
        let mut headers = Headers::default();
        headers.set("link", header);
        assert_eq!(next_cursor(&headers).as_deref(), cursor, "{header}");
    }

    #[test]
    fn the_next_page_is_found() {
        check("<https://a/pets?limit=2&cursor=a%2Bb>; rel=\"next\"", Some("a+b"));
        check("<https://a/pets?cursor=x>; rel=next", Some("x"));
        check("<https://a/pets?cursor=p>; rel=\"prev\", <https://a/pets?a=1,2&cursor=n#f>; rel=\"next\"", Some("n"));
        check("<?cursor=x>; title=\"a\"; REL=\"last next\"", Some("x"));
    }

    #[test]
    fn anything_else_is_no_next_page() {
        for header in [
            "",
            "<",
            ">",
            "<>",
            "next",
            "<https://a/pets?cursor=x>",
            "<https://a/pets?cursor=x>; rel=\"prev\"",
            "<https://a/pets>; rel=\"next\"",
            "<https://a/pets?cursor=>; rel=\"next\"",
            "<https://a/pets?cursor=x>; rel=\"prev\"; rel=\"next\"",
            "<https://a/pets?cursor=x; rel=\"next\"",
        ] {
            check(header, None);
        }
    }
}
