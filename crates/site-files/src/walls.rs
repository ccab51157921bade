//! The walls around the page: what every answer of the site says, files, errors and the worker's script too (a worker
//! obeys its own answer's policy). The template says the same to CloudFront; a test compares them. What isn't named is
//! off.

/// The headers that are the same everywhere; the policy comes besides.
///
/// Nothing of the page comes from elsewhere, so it can be a world of its own (`Cross-Origin-*`); it uses none of the
/// features that need a permission, so nobody gets one.
pub const FIXED: [(&str, &str); 8] = [
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    ("permissions-policy", PERMISSIONS),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), captured-surface-control=(), \
    clipboard-read=(), clipboard-write=(), compute-pressure=(), cross-origin-isolated=(), \
    digital-credentials-create=(), digital-credentials-get=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), \
    idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    otp-credentials=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(), storage-access=(), \
    sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()";

/// No text becomes code or markup, but an address that the policy `shelf` (`public/shell.js`) lets through.
pub const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'; trusted-types shelf";

/// The policy of every answer. `connect` are the origins, besides its own, that the page and its worker call.
pub fn policy(connect: &[String]) -> String {
    let connect: String = connect.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'{connect}; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         {TRUSTED_TYPES}"
    )
}

/// The policy that a page brings along, wherever it is served: of all scripts only those with these hashes. Which
/// origins it calls is known where it is served, so that is left to [`policy`].
pub fn page_policy(scripts: &[String]) -> String {
    let scripts: String = scripts.iter().map(|hash| format!("'{hash}' ")).collect();
    format!(
        "default-src 'none'; script-src {scripts}'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self' http: https:; worker-src 'self'; base-uri 'none'; form-action 'none'; {TRUSTED_TYPES}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_allowed_that_is_not_named() {
        let connect = ["http://localhost:9000".to_owned()];
        for policy in [policy(&connect), policy(&[]), page_policy(&["sha384-x".to_owned()])] {
            assert!(policy.starts_with("default-src 'none'; "), "{policy}");
            for loophole in
                ["'unsafe-inline'", "'unsafe-eval'", "*", "data:", "blob:", "'strict-dynamic'", "'allow-duplicates'"]
            {
                assert!(!policy.contains(loophole), "{policy}");
            }
            assert!(policy.ends_with(TRUSTED_TYPES), "{policy}");
        }
        assert!(policy(&connect).contains("; connect-src 'self' http://localhost:9000; "));
        assert!(policy(&[]).contains("; connect-src 'self'; "));
        assert!(page_policy(&["sha384-x".into()]).contains("; script-src 'sha384-x' 'wasm-unsafe-eval'; "));
    }
}
