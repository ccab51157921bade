//! The token endpoint (RFC 6749, section 3.2): a code or a refresh token goes in, tokens come out.

use http::header::{ACCEPT, CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Platform, Secret, Session, SessionError, claims::Claims, discovery::form, random::same, words::shown};

/// What is held of the issuer's tokens. The access token isn't among them: nothing here takes one.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) refresh_token: Option<Secret>,
    pub(super) life: Life,
}

/// From when until when something is good, in milliseconds since 1970, by the true time.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Life {
    pub(super) from_ms: i64,
    pub(super) until_ms: i64,
}

/// What the token endpoint gave.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) id_token: Secret,
    refresh_token: Option<Secret>,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl Life {
    /// Whether it is still good.
    pub(super) fn lasts(self, now_ms: i64) -> bool {
        now_ms < self.until_ms
    }

    /// Whether it is good for a while, and needs no renewal yet: two minutes, or a quarter of a short life.
    pub(super) fn is_fresh(self, now_ms: i64) -> bool {
        let margin = ((self.until_ms - self.from_ms) / 4).clamp(0, 120_000);
        now_ms < self.until_ms - margin
    }
}

impl Tokens {
    /// `before` is the refresh token to keep if the answer has no new one: issuers may rotate it or not.
    pub(super) fn new(answer: TokenAnswer, claims: &Claims, now_ms: i64, before: Option<Secret>) -> Self {
        let life = Life { from_ms: now_ms, until_ms: claims.expires_ms };
        Self { id_token: answer.id_token, refresh_token: answer.refresh_token.or(before), life }
    }
}

impl<P: Platform> Session<P> {
    /// One call of the token endpoint. Never repeated: a code and a rotated refresh token are good for one try.
    pub(super) async fn ask_for_tokens(
        &self,
        endpoint: &str,
        pairs: &[(&str, &str)],
    ) -> Result<TokenAnswer, SessionError> {
        let request = http::Request::post(endpoint)
            .header(CONTENT_TYPE, FORM)
            .header(ACCEPT, "application/json")
            .body(form(pairs).into_bytes())
            .map_err(|_| SessionError::discovery("its token endpoint is no address"))?;
        let (head, body) = self.send(request).await?.into_parts();
        let body = Zeroizing::new(body);
        if head.status == 200 {
            return serde_json::from_slice(&body).map_err(|_| SessionError::answer("it has no ID token"));
        }
        match serde_json::from_slice::<TokenError>(&body) {
            Ok(TokenError { error, error_description }) => {
                Err(SessionError::Denied { code: shown(&error, 60), description: shown(&error_description, 300) })
            }
            Err(_) => Err(SessionError::answer("it is no answer of a token endpoint")),
        }
    }

    /// Renews the tokens by the refresh token (OpenID Connect Core, section 12.2). The person must be the same.
    pub(super) async fn refresh(&self, generation: u64) -> Result<(), SessionError> {
        let held = self.state.borrow().as_ref().map(|state| state.tokens.refresh_token.clone());
        let refresh_token = held.flatten().ok_or(SessionError::Ended)?;
        let discovery = self.discovery().await?;
        let asked = self
            .ask_for_tokens(
                &discovery.token_endpoint,
                &[
                    ("grant_type", "refresh_token"),
                    ("client_id", &self.config.client_id),
                    ("refresh_token", &refresh_token),
                ],
            )
            .await;
        let answer = match asked {
            Err(SessionError::Denied { code, .. }) if code == "invalid_grant" => return Err(SessionError::Ended),
            asked => asked?,
        };
        let claims = self.believe(&answer.id_token).await?;
        let now_ms = self.now_ms();
        self.in_generation(generation, |state| {
            if claims.subject != state.person.subject {
                return Err(SessionError::claim("the renewed ID token is somebody else's (sub)"));
            }
            if claims.nonce.as_ref().is_some_and(|nonce| !same(nonce, &state.nonce)) {
                return Err(SessionError::claim("the renewed ID token is the answer to another sign-in (nonce)"));
            }
            state.tokens = Tokens::new(answer, &claims, now_ms, Some(refresh_token));
            Ok(())
        })?
    }
}

/// The media type of forms.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";
