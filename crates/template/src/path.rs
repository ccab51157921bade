//! The one reading of a path at the API. Routes are found by it, IAM is asked with it and the router behind gets it, so that no
//! spelling means one thing to the one and another to the other. Percent-encoding is taken away and put back in its
//! canonical form; what has no canonical form matches nothing: empty segments (`//`, a trailing slash), `.` and `..`,
//! slashes and control characters in disguise, broken encodings.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The decoded segments of a path that begins with a slash.
pub fn segments(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?.split('/').map(segment).collect()
}

fn segment(raw: &str) -> Option<String> {
    if !well_encoded(raw) {
        return None;
    }
    let text = percent_decode_str(raw).decode_utf8().ok()?;
    let ambiguous =
        text.is_empty() || text == "." || text == ".." || text.contains(['/', '\\']) || text.contains(char::is_control);
    (!ambiguous).then(|| text.into_owned())
}

/// Segments as a path, in the canonical form.
pub fn join<S: AsRef<str>>(segments: &[S]) -> String {
    segments.iter().map(|segment| format!("/{}", utf8_percent_encode(segment.as_ref(), &ENCODED))).collect()
}

/// Whether every percent sign has its two digits, and all is UTF-8 once decoded. Elsewhere, two readers could take a
/// broken encoding for different things, and one signature would fit both.
pub fn well_encoded(text: &str) -> bool {
    let digits = |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).all(digits) && percent_decode_str(text).decode_utf8().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_path_is_one_path_or_none() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(segments(path).map(|segments| join(&segments)).as_deref(), expected, "{path}");
        };
        check("/test/pets", Some("/test/pets"));
        check("/test/%70ets/%31", Some("/test/pets/1"));
        check("/test/a%7cb", Some("/test/a%7Cb"));
        check("/test/a|b", Some("/test/a%7Cb"));
        check("/test/%2541", Some("/test/%2541"));
        check("/test/caf%C3%A9", Some("/test/caf%C3%A9"));
        for path in [
            "",
            "test",
            "/",
            "//",
            "/test//pets",
            "//test/pets",
            "/test/pets/",
            "/test/./pets",
            "/test/../pets",
            "/test/%2e%2E/pets",
            "/test/pets%2f1",
            "/test/pets%2F1",
            "/test/pets%5c1",
            "/test/pets\\1",
            "/test/%",
            "/test/%4",
            "/test/%zz",
            "/test/%ff",
            "/test/%00",
            "/test/%0a",
        ] {
            check(path, None);
        }
    }
}
