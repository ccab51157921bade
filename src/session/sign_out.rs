//! Signing out: here, and at the issuer.

use super::{
    Platform, Session, Share,
    discovery::{post_form, with_query},
};

/// How long the issuer has to revoke a token before the person goes on.
const REVOCATION_TIMEOUT_MS: u32 = 3_000;

impl<P: Platform> Session<P> {
    /// Forgets everything at once, tells the other tabs, and says where to go to end the issuer's session too (OpenID
    /// Connect RP-Initiated Logout 1.0). The issuer need not ask the person, as the hint names its session; not the ID
    /// token does, which is worth credentials here and stays out of addresses, histories and logs. The refresh token is
    /// revoked (RFC 7009) if the issuer can be reached.
    pub async fn sign_out(&self) -> String {
        let (refresh_token, session_id) =
            self.take().map(|state| (state.tokens.refresh_token, state.session_id)).unwrap_or_default();
        self.platform.share(None, Share::Person);

        let home = format!("{}/", self.origin);
        let Ok(discovery) = self.discovery().await else { return home };
        let client_id = self.config.client_id.as_str();
        if let (Some(token), Some(endpoint)) = (&refresh_token, &discovery.revocation_endpoint) {
            let pairs = [("token", token.as_str()), ("token_type_hint", "refresh_token"), ("client_id", client_id)];
            // Best effort: the token was in memory only, and is gone from there.
            let _ = self.platform.send(post_form(endpoint, &pairs), REVOCATION_TIMEOUT_MS).await;
        }
        let Some(endpoint) = &discovery.end_session_endpoint else { return home };
        let mut pairs = vec![("client_id", client_id), ("post_logout_redirect_uri", home.as_str())];
        // Without one, the issuer asks whether somebody is to be signed out.
        pairs.extend(session_id.as_deref().map(|id| ("logout_hint", id)));
        with_query(endpoint, &pairs)
    }
}
