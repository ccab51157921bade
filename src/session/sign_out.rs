//! Signing out: here, in the other tabs, and at the issuer.

use http::header::CONTENT_TYPE;

use super::{
    Platform, Secret, Session,
    discovery::{form, with_query},
    tokens::FORM,
};

/// Where the page goes after a sign-out. It may hold an ID token: it has no way into a log.
pub enum Leave {
    /// To an address.
    To(String),
    /// To where a form leads, sent by POST.
    Form {
        /// The address.
        action: String,
        /// Names and values.
        fields: Vec<(&'static str, Secret)>,
    },
}

/// How long the issuer has to revoke a token before the person goes on.
const REVOCATION_TIMEOUT_MS: u32 = 3_000;

impl<P: Platform> Session<P> {
    /// Forgets everything at once, tells the other tabs, and says where to go to end the issuer's session too (OpenID
    /// Connect RP-Initiated Logout 1.0). The ID token tells the issuer that this is the person's wish, which it would
    /// ask otherwise; it goes in a form and never in an address: here it is worth credentials, and addresses end up in
    /// histories and logs. The refresh token is revoked (RFC 7009) if the issuer can be reached.
    pub async fn sign_out(&self) -> Leave {
        self.platform.set_was_signed_in(false);
        drop(self.platform.take_sign_in());
        self.platform.announce_sign_out();
        let tokens = self.take().map(|state| state.tokens);

        let home = format!("{}/", self.origin);
        let Ok(discovery) = self.discovery().await else { return Leave::To(home) };
        let client_id = self.config.client_id.as_str();
        let refresh_token = tokens.as_ref().and_then(|tokens| tokens.refresh_token.as_ref());
        if let (Some(token), Some(endpoint)) = (refresh_token, &discovery.revocation_endpoint) {
            let body = form(&[("token", token), ("token_type_hint", "refresh_token"), ("client_id", client_id)]);
            let request = http::Request::post(endpoint).header(CONTENT_TYPE, FORM).body(body.into_bytes());
            if let Ok(request) = request {
                // Best effort: the token was in memory only, and is gone from there.
                let _ = self.platform.send(request, REVOCATION_TIMEOUT_MS).await;
            }
        }
        let Some(endpoint) = &discovery.end_session_endpoint else { return Leave::To(home) };
        match tokens {
            Some(tokens) => {
                let fields = vec![
                    ("id_token_hint", tokens.id_token),
                    ("client_id", client_id.to_owned().into()),
                    ("post_logout_redirect_uri", home.into()),
                ];
                Leave::Form { action: endpoint.clone(), fields }
            }
            // Nobody was signed in here; at the issuer somebody may be, whom it asks.
            None => Leave::To(with_query(
                endpoint,
                &[("client_id", client_id), ("post_logout_redirect_uri", home.as_str())],
            )),
        }
    }
}
