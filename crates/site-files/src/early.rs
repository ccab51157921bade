//! The API's address in the page: whoever serves the page knows it before the page's first byte has left, so the page needs
//! no other answer before it asks for its pets, and the way to another server is made meanwhile. What the page believes is
//! `config.json`; this is a hint, and one that differs is asked in vain.

/// What the built page has where no address is known.
pub const NO_API: &str = "<meta name=\"api\" content=\"\">";

/// The page with the address of its API: `apiUrl` of its `config.json`. An address that isn't one stays out.
pub fn with_api(html: &str, api_url: &str) -> String {
    let Some(origin) = origin(api_url) else { return html.to_owned() };
    // Without cookies it is another connection than with them; the page sends none.
    let hint =
        format!("<meta name=\"api\" content=\"{api_url}\"><link rel=\"preconnect\" crossorigin href=\"{origin}\">");
    html.replacen(NO_API, &hint, 1)
}

/// Scheme and authority of an address that needs no escaping in an attribute.
fn origin(url: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&byte);
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let is_web = ["http", "https"].contains(&scheme) && !authority.is_empty() && url.bytes().all(is_plain);
    is_web.then(|| &url[..scheme.len() + "://".len() + authority.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_where_its_api_is_and_made_ready_for_it() {
        let html = format!("<head>{NO_API}<p>{NO_API}");
        let told = with_api(&html, "https://x.execute-api.eu-central-1.amazonaws.com/test");
        assert_eq!(
            told,
            format!(
                "<head><meta name=\"api\" content=\"https://x.execute-api.eu-central-1.amazonaws.com/test\">\
                 <link rel=\"preconnect\" crossorigin href=\"https://x.execute-api.eu-central-1.amazonaws.com\"><p>{NO_API}"
            )
        );
        assert!(with_api(&html, "http://[::1]:9000/test").contains("href=\"http://[::1]:9000\""));
        assert_eq!(with_api("<p>", "https://x/test"), "<p>", "a page of another build");
    }

    #[test]
    fn nothing_gets_into_the_page_but_an_address() {
        let html = format!("<head>{NO_API}");
        for url in ["", "/test", "https:///test", "javascript://x/%0a", "https://x/\"><script>", "https://x/a b", "x"] {
            assert_eq!(with_api(&html, url), html, "{url}");
        }
    }
}
