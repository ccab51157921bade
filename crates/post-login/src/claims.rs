//! Which claims Auth0 lets an Action set. It drops the others without a word; here, a warning says so.
//!
//! From <https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims> and, for the host names,
//! <https://auth0.com/docs/tokens/create-namespaced-custom-claims>.

/// All custom claims of a token together, in bytes.
pub const LARGEST: usize = 100_000;

/// Claims that Auth0 sets, or keeps for itself.
#[rustfmt::skip]
const RESTRICTED: [&str; 60] = [
    "acr", "act", "active", "amr", "at_hash", "ath", "attest", "aud", "auth_time", "authorization_details", "azp",
    "c_hash", "client_id", "cnf", "cty", "dest", "entitlements", "events", "exp", "groups", "gty", "htm", "htu", "iat",
    "internalService", "iss", "jcard", "jku", "jti", "jwe", "jwk", "kid", "may_act", "mky", "nbf", "nonce",
    "object_id", "org_id", "org_name", "orig", "origid", "permissions", "roles", "rph", "s_hash", "sid",
    "sip_callid", "sip_cseq_num", "sip_date", "sip_from_tag", "sip_via_branch", "sub", "sub_jwk", "toe", "txn", "typ",
    "uuid", "vot", "vtm", "x5t#S256",
];

/// Whose names can't be a namespace.
const AUTH0_HOSTS: [&str; 3] = ["auth0.com", "webtask.io", "webtask.run"];

/// Why Auth0 would drop a claim of this name; `None` if it wouldn't.
pub fn dropped_because(name: &str) -> Option<&'static str> {
    if RESTRICTED.contains(&name) {
        return Some("the name is reserved");
    }
    if name.starts_with("urn:auth0") {
        return Some("urn:auth0 is no namespace of yours");
    }
    let host = ["https://", "http://"].iter().find_map(|scheme| name.strip_prefix(scheme));
    let host = host?.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let is_auth0s = |auth0: &str| host.strip_suffix(auth0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    AUTH0_HOSTS.into_iter().any(is_auth0s).then_some("Auth0's own domains are no namespace of yours")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names_and_auth0s_namespaces_are_dropped() {
        for name in [
            "sub",
            "aud",
            "amr",
            "roles",
            "urn:auth0:x",
            "https://auth0.com/role",
            "https://pets.eu.auth0.com/role",
            "http://webtask.io:80/role",
        ] {
            assert!(dropped_because(name).is_some(), "{name}");
        }
        for name in
            ["https://pets.example/role", "https://notauth0.com/role", "https://auth0.com.example/x", "role", ""]
        {
            assert_eq!(dropped_because(name), None, "{name}");
        }
    }
}
