//! The token endpoint (RFC 6749, section 3.2): a code or a refresh token goes in, tokens come out.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    Answer, NetworkError, Platform, Secret, Session, SessionError, TIMEOUT_MS,
    claims::{Claims, Fault},
    discovery::post_form,
    life::Life,
    machine::Outcome,
    random::same,
    words,
};

/// What is held of the issuer's tokens. The access token isn't among them: nothing here takes one.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) refresh_token: Option<Secret>,
}

/// What the token endpoint gave.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) id_token: Secret,
    pub(super) refresh_token: Option<Secret>,
}

/// What the token endpoint answered.
pub(super) enum Reply {
    Tokens(TokenAnswer),
    /// An error of OAuth's (RFC 6749, section 5.2): nothing was given, and nothing taken.
    Denied {
        code: String,
        description: String,
    },
    /// Anything else, by its status.
    Other(u16),
}

impl<P: Platform> Session<P> {
    /// One call of the token endpoint. Never repeated here: a code and a refresh token are good for one try.
    pub(super) async fn ask_for_tokens(
        &self,
        endpoint: &str,
        pairs: &[(&str, &str)],
        timeout_ms: u32,
    ) -> Result<Reply, NetworkError> {
        let mut request = post_form(endpoint, pairs);
        request.headers.set("accept", "application/json");
        let Answer { status, body, .. } = self.send_within(request, timeout_ms).await?;
        let body = Zeroizing::new(body);
        if status == 200 {
            return Ok(serde_json::from_slice(&body).map_or(Reply::Other(status), Reply::Tokens));
        }
        #[derive(Deserialize)]
        struct TokenError {
            error: String,
            #[serde(default)]
            error_description: String,
        }
        Ok(serde_json::from_slice(&body).map_or(Reply::Other(status), |TokenError { error, error_description }| {
            Reply::Denied { code: words::shown(&error, 60), description: words::shown(&error_description, 300) }
        }))
    }

    /// Renews the tokens by the refresh token (OpenID Connect Core, section 12.2). `again`: it was sent a moment ago, and
    /// no answer came. The first try waits for so long only that a second one is still within the tenant's leeway.
    pub(super) async fn renew_tokens(&self, generation: u64, again: bool) -> Result<Outcome, (Outcome, SessionError)> {
        let failed = |error: SessionError| (Outcome::Failed, error);
        let discovery = self.discovery().await.map_err(failed)?;
        let held = self.in_generation(generation, |state| state.tokens.refresh_token.clone()).map_err(failed)?;
        let refresh_token = held.ok_or((Outcome::TokensRefused, SessionError::Ended))?;
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", self.config.client_id.as_str()),
            ("refresh_token", refresh_token.as_str()),
        ];
        let timeout_ms = if again { TIMEOUT_MS } else { FIRST_TRY_MS };
        let sent_ms = self.platform.now_ms();
        let reply = self.ask_for_tokens(&discovery.token_endpoint, &pairs, timeout_ms).await;
        let lost = || Outcome::AnswerLost { after_ms: self.platform.now_ms().saturating_sub(sent_ms) };
        match reply {
            Ok(Reply::Tokens(answer)) => self.take_renewed(generation, answer).await,
            // Nothing was sent.
            Err(NetworkError::Offline) => Err(failed(NetworkError::Offline.into())),
            Err(error) => Err((lost(), error.into())),
            Ok(Reply::Denied { code, description }) if words::is_passing(&code) => {
                Err(failed(SessionError::Denied { code, description }))
            }
            Ok(Reply::Denied { .. }) => Err((Outcome::TokensRefused, SessionError::Ended)),
            // Refused before it got to the issuer's business.
            Ok(Reply::Other(503 | 400..500)) => Err(failed(SessionError::trouble())),
            // Somebody on the way answers for an issuer that may have done it.
            Ok(Reply::Other(_)) => Err((lost(), SessionError::trouble())),
        }
    }

    /// The refresh token counts at once, for the one before it is spent; the ID token once it is believed. The person
    /// must be the same.
    async fn take_renewed(&self, generation: u64, answer: TokenAnswer) -> Result<Outcome, (Outcome, SessionError)> {
        let failed = |error: SessionError| (Outcome::Failed, error);
        let TokenAnswer { id_token, refresh_token } = answer;
        // Issuers may rotate it or not.
        if let Some(refresh_token) = refresh_token {
            self.in_generation(generation, |state| state.tokens.refresh_token = Some(refresh_token)).map_err(failed)?;
        }
        let claims = match self.examine(&id_token).await {
            Ok(Ok(claims)) => claims,
            Ok(Err(fault @ Fault::Time(_))) => return Err(failed(fault.into())),
            Ok(Err(fault)) => return Err((Outcome::TokensRefused, fault.into())),
            Err(error) => return Err(failed(error.into())),
        };
        let life = self.life(claims.expires_ms);
        self.in_generation(generation, |state| {
            same_person(&claims, &state.person.subject, &state.nonce)?;
            state.tokens.id_token = id_token;
            Ok(Outcome::TokensRenewed { id_token: life, renewable: state.tokens.refresh_token.is_some() })
        })
        .map_err(failed)?
        .map_err(|what| (Outcome::TokensRefused, SessionError::claim(what)))
    }

    /// A life from now on.
    pub(super) fn life(&self, until_ms: i64) -> Life {
        let now = self.now();
        Life::new(now.ms, until_ms, now.dice)
    }
}

fn same_person(claims: &Claims, subject: &str, nonce: &str) -> Result<(), &'static str> {
    if claims.subject != subject {
        return Err("the renewed ID token is somebody else's (sub)");
    }
    if claims.nonce.as_ref().is_some_and(|renewed| !same(renewed, nonce)) {
        return Err("the renewed ID token is the answer to another sign-in (nonce)");
    }
    Ok(())
}

/// How long the first try of a refresh token waits.
const FIRST_TRY_MS: u32 = 6_000;
