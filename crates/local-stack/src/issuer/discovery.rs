//! Where everything is (OpenID Connect Discovery 1.0, RFC 8414), under Auth0's paths. It lists what this issuer does,
//! which is less than a tenant offers.

use http::{Response, StatusCode, header};
use serde_json::{Value, json};

use super::call::Call;
use super::{Issuer, answer};

/// `GET .well-known/openid-configuration`
pub(super) fn document(issuer: &Issuer, _: &Call) -> Response<Vec<u8>> {
    let base = &issuer.config.issuer_url;
    let at = |path: &str| format!("{base}{path}");
    public(&json!({
        "issuer": base,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("oauth/token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at(".well-known/jwks.json"),
        "revocation_endpoint": at("oauth/revoke"),
        "end_session_endpoint": at("oidc/logout"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "claims_supported": [
            "aud", "auth_time", "email", "email_verified", "exp", "iat", "iss", "name", "nickname", "nonce", "sid",
            "sub", "updated_at",
        ],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    }))
}

/// `GET .well-known/jwks.json`
pub(super) fn keys(issuer: &Issuer, _: &Call) -> Response<Vec<u8>> {
    match issuer.jwks() {
        Ok(keys) => public(&keys),
        Err(_) => answer::oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "There is no key."),
    }
}

/// Public, yet asked for again each time: a new data folder means a new key under the same address.
fn public(body: &Value) -> Response<Vec<u8>> {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    answer::with_headers(StatusCode::OK, headers, body.to_string().into_bytes())
}
