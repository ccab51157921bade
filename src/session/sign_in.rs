//! Signing in: OpenID Connect's Authorization Code flow with PKCE (RFC 6749, RFC 7636), out to the issuer and back.
//! Between the two the page is gone; what must survive is a [`Transaction`], which is taken once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    NetworkError, Platform, Request, Secret, Session, SessionError, Share, State, TIMEOUT_MS, claims,
    discovery::with_query,
    machine::Event,
    random::{same, unguessable},
    return_path::return_path,
    tokens::{Reply, TokenAnswer, Tokens},
    transaction::Transaction,
    words::shown,
};

/// How to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Auth0's name of a connection, to go straight to it; otherwise the issuer asks.
    pub connection: Option<String>,
    /// Where to be afterwards: a path of this page with its query. Anything else becomes `/`.
    pub return_to: String,
}

/// The way out to the issuer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// Where to go.
    pub url: String,
    /// For [`Session::finish_sign_in`]: to be kept in the tab that goes, nowhere else, and to be taken out before use.
    pub keep: String,
}

/// The way back from the issuer has ended well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Where to bring the person: a path of this page with its query.
    pub return_to: String,
    /// Nobody was asked (`prompt=none`). Then it may be that nobody is signed in, and that is no error.
    pub quiet: bool,
}

impl<P: Platform> Session<P> {
    /// Where to go to sign in.
    pub async fn begin_sign_in(&self, sign_in: &SignIn) -> Result<Departure, SessionError> {
        self.begin(sign_in.connection.as_deref(), &sign_in.return_to, false).await
    }

    /// Where to go at the app's start to be who one was before a reload: a sign-in that asks nobody (`prompt=none`).
    /// `return_to` is where the person is now. Whether to go is the caller's to decide: a page that comes from such a
    /// trip without an answer must not go again.
    pub async fn restore(&self, return_to: &str) -> Result<Departure, SessionError> {
        self.begin(None, return_to, true).await
    }

    async fn begin(&self, connection: Option<&str>, return_to: &str, quiet: bool) -> Result<Departure, SessionError> {
        let discovery = self.discovery().await?;
        let transaction = Transaction {
            state: unguessable(&self.platform),
            nonce: unguessable(&self.platform),
            verifier: unguessable(&self.platform),
            return_to: return_path(return_to).to_owned(),
            quiet,
            began_ms: self.platform.now_ms(),
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(transaction.verifier.as_bytes()));
        let redirect_uri = self.redirect_uri();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.config.client_id.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("scope", "openid profile email offline_access"),
            ("state", transaction.state.as_str()),
            ("nonce", transaction.nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        if quiet {
            pairs.push(("prompt", "none"));
        }
        if let Some(connection) = connection {
            pairs.push(("connection", connection));
        }
        let url = with_query(&discovery.authorization_endpoint, &pairs);
        Ok(Departure { url, keep: transaction.to_text().to_string() })
    }

    /// Ends what [`Session::begin_sign_in`] or [`Session::restore`] began, with the query that the issuer sent the page
    /// back with. Says where to bring the person. That nobody was signed in any more is no error: then
    /// [`Session::person`] stays empty.
    ///
    /// `kept` is what was kept of the [`Departure`] in this tab, and is there no more: an answer is used once.
    pub async fn finish_sign_in(&self, query: &str, kept: Option<&str>) -> Result<Arrival, SessionError> {
        let kept = kept.and_then(Transaction::from_text);
        let transaction = kept.ok_or(SessionError::NotUnderWay)?.in_time(self.platform.now_ms())?;
        let answer = Answer::read(query)?;
        let ours = answer.state.is_some_and(|state| same(&state, &transaction.state));
        if !ours {
            return Err(SessionError::mismatch("state"));
        }
        let arrival = Arrival { return_to: return_path(&transaction.return_to).to_owned(), quiet: transaction.quiet };
        if let Some(issuer) = &answer.issuer
            && *issuer != self.config.issuer
        {
            return Err(SessionError::mismatch("iss"));
        }
        if let Some(code) = answer.error {
            let nobody = ["login_required", "interaction_required", "consent_required", "account_selection_required"];
            if transaction.quiet && nobody.contains(&code.as_str()) {
                return Ok(arrival);
            }
            let description = shown(&answer.error_description.unwrap_or_default(), 300);
            return Err(SessionError::Denied { code: shown(&code, 60), description });
        }
        let code = answer.code.ok_or(SessionError::mismatch("code"))?;

        let generation = self.generation();
        let _arriving = Arriving::new(self);
        let discovery = self.discovery().await?;
        if discovery.authorization_response_iss_parameter_supported && answer.issuer.is_none() {
            return Err(SessionError::mismatch("iss"));
        }
        let (state, until_ms) = self.redeem(&discovery.token_endpoint, &code, transaction).await?;
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        self.become_person(state, until_ms);
        self.share(Share::Person, false);
        Ok(arrival)
    }

    /// The code becomes tokens, and the tokens a person; until when by the ID token.
    async fn redeem(&self, endpoint: &str, code: &str, transaction: Transaction) -> Result<(State, i64), SessionError> {
        let redirect_uri = self.redirect_uri();
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", self.config.client_id.as_str()),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", transaction.verifier.as_str()),
        ];
        let TokenAnswer { id_token, refresh_token } = match self.ask_for_tokens(endpoint, &pairs, TIMEOUT_MS).await? {
            Reply::Tokens(answer) => answer,
            Reply::Denied { code, description } => return Err(SessionError::Denied { code, description }),
            Reply::Other(200) => return Err(SessionError::answer("it has no ID token")),
            Reply::Other(_) => return Err(SessionError::answer("it is no answer of a token endpoint")),
        };
        let claims = self.examine(&id_token).await??;
        if !claims.nonce.as_ref().is_some_and(|nonce| same(nonce, &transaction.nonce)) {
            return Err(SessionError::claim("the ID token is the answer to another sign-in (nonce)"));
        }
        let person = self.person_of(&claims.name, &claims.subject);
        let tokens = Tokens { id_token, refresh_token };
        let state =
            State { person, tokens, nonce: transaction.nonce, session_id: claims.session_id, credentials: None };
        Ok((state, claims.expires_ms))
    }

    /// Checks a token's claims by the servers' clock. If that makes it look wrong in its times, a server is asked for
    /// the time first: the device's clock may have been set since.
    pub(super) async fn examine(
        &self,
        id_token: &Secret,
    ) -> Result<Result<claims::Claims, claims::Fault>, NetworkError> {
        let check = || claims::check(id_token, &self.config.issuer, &self.config.client_id, self.now().ms);
        let checked = check();
        if !matches!(checked, Err(claims::Fault::Time(_))) {
            return Ok(checked);
        }
        self.ask_the_time().await?;
        Ok(check())
    }

    /// Learns the time from an answer of the API, whose CORS headers expose `Date`.
    pub(crate) async fn ask_the_time(&self) -> Result<(), NetworkError> {
        self.send(Request::get(format!("{}/pets?limit=1", self.config.api_url))).await?;
        Ok(())
    }

    fn redirect_uri(&self) -> String {
        format!("{}/callback", self.origin)
    }
}

/// Somebody whose sign-in is being finished, as long as it is there.
struct Arriving<'a, P: Platform>(&'a Session<P>);

impl<'a, P: Platform> Arriving<'a, P> {
    fn new(session: &'a Session<P>) -> Self {
        session.handle(Event::Arriving);
        Self(session)
    }
}

impl<P: Platform> Drop for Arriving<'_, P> {
    fn drop(&mut self) {
        self.0.handle(Event::Arrived);
    }
}

/// The parameters of an authorization response (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Default)]
struct Answer {
    state: Option<String>,
    issuer: Option<String>,
    code: Option<Secret>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Answer {
    /// A parameter that is there twice is refused (RFC 6749, section 3.1): two readers could pick different ones.
    fn read(query: &str) -> Result<Self, SessionError> {
        let mut answer = Self::default();
        if query.len() > 16 * 1024 {
            return Err(SessionError::mismatch("length"));
        }
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let value = value.into_owned();
            let before = match &*name {
                "state" => answer.state.replace(value),
                "iss" => answer.issuer.replace(value),
                "code" => answer.code.replace(value.into()).map(|_| String::new()),
                "error" => answer.error.replace(value),
                "error_description" => answer.error_description.replace(value),
                _ => None,
            };
            if before.is_some() {
                return Err(SessionError::mismatch("a parameter is there twice"));
            }
        }
        Ok(answer)
    }
}
