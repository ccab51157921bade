//! Where a person was before they signed in, and is brought back to. It goes out to the issuer's pages and back through
//! storage, so it must never be able to lead anywhere but to this page's own routes.

/// The path with its query if it is one of this page's; `/` otherwise.
pub(super) fn return_path(wanted: &str) -> &str {
    if is_own_path(wanted) { wanted } else { "/" }
}

/// Deliberately narrower than URLs are: what a browser might read as a host (`//`, `\`), a step up, an encoded slash, a
/// line break or a fragment is not there to be misread. `/callback` would start the sign-in over.
fn is_own_path(wanted: &str) -> bool {
    let (path, query) = wanted.split_once('?').unwrap_or((wanted, ""));
    let path_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    wanted.len() <= 2000
        && path.starts_with('/')
        && path.bytes().all(path_byte)
        && !path.contains("//")
        && !path.split('/').any(|segment| segment == "." || segment == "..")
        && path.trim_end_matches('/') != "/callback"
        && query.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\#<>\"`".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_own_paths_are_kept() {
        for path in ["/", "/login", "/pets/1/purchase", "/?type=dog&sort=-price", "/?type=guinea%20pig&cursor=a.b_c="] {
            assert_eq!(return_path(path), path);
        }
    }

    #[test]
    fn what_could_lead_elsewhere_becomes_the_home_page() {
        for path in [
            "",
            "pets",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/pets//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "\t//evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/..//evil.example",
            "/./",
            "/pets/../x",
            "/%2f%2fevil.example",
            "/%5cevil.example",
            "/@evil.example",
            "/:80",
            "/#x",
            "/?x#y",
            "/?a\\b",
            "/?a\nb",
            "/é",
            "/?é",
            "/callback",
            "/callback?code=x",
            "/callback/",
        ] {
            assert_eq!(return_path(path), "/", "{path:?}");
        }
        assert_eq!(return_path(&format!("/{}", "x".repeat(2000))), "/");
    }
}
