//! Which headers a file of the built page is served with: one table for the local stack, which serves the build from
//! its folder, and for the deploy, which writes the same headers beside each object. It must never look into a file:
//! a name says all. The headers that every answer has are in `walls`.

mod early;
mod walls;

pub use early::{NO_API, with_api};
pub use walls::{FIXED, TRUSTED_TYPES, page_policy, policy};

/// The `Cache-Control` of a file whose name holds a digest of its content: such a file never changes.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The `Cache-Control` of every other file: kept, and asked for again each time.
pub const REVALIDATED: &str = "no-cache";

/// The media type, by the name's ending.
pub fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Whether a file of this media type becomes smaller when it is compressed: texts and modules, not pictures and fonts
/// that are compressed already.
pub fn is_compressible(content_type: &str) -> bool {
    content_type.starts_with("text/")
        || ["application/json", "application/manifest+json", "application/wasm", "image/svg+xml"]
            .contains(&content_type)
}

/// [`IMMUTABLE`] or [`REVALIDATED`], by the name.
pub fn cache_control(name: &str) -> &'static str {
    if has_digest(name) { IMMUTABLE } else { REVALIDATED }
}

/// Trunk writes a digest of the content into names (`pets-0123456789abcdef.js`): 64 bits as small hexadecimal digits, and
/// without zeros in front, so it can be shorter than 16. One of under 12 digits, which comes once in a million, isn't
/// told from a word; nor is a shorter one without letters from a date.
pub fn has_digest(name: &str) -> bool {
    let is_digest = |part: &str| {
        let is_whole = part.len() == 16 || (12..16).contains(&part.len()) && part.bytes().any(|byte| byte > b'9');
        is_whole && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    name.split(['-', '_', '.']).skip(1).any(is_digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_digest_is_kept_for_good() {
        for name in [
            "pets-0123456789abcdef.js",
            "pets-0123456789abcdef_bg.wasm",
            "base-00112233445566ff.css",
            "a-94f6132dd7a7c8a.css",
        ] {
            assert_eq!(cache_control(name), IMMUTABLE, "{name}");
        }
        for name in [
            "index.html",
            "shell.js",
            "0123456789abcdef",
            "0123456789abcdef.js",
            "a-0123456789ABCDEF.js",
            "a-0123456789a.js",
            "a-0123456789abcdef0.js",
            "a-0123456789abcdeg.js",
        ] {
            assert_eq!(cache_control(name), REVALIDATED, "{name}");
        }
    }

    #[test]
    fn texts_say_their_encoding_and_modules_are_what_streaming_compilation_asks_for() {
        assert_eq!(content_type("a.b.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("x.wasm"), "application/wasm");
        assert_eq!(content_type("LICENCE"), "application/octet-stream");
    }

    #[test]
    fn what_is_compressed_already_is_not_compressed_again() {
        for name in ["a.js", "a.css", "a.html", "a.json", "a.wasm", "a.svg"] {
            assert!(is_compressible(content_type(name)), "{name}");
        }
        for name in ["a.png", "a.woff2", "a.webp", "a"] {
            assert!(!is_compressible(content_type(name)), "{name}");
        }
    }
}
