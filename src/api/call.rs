//! One call on its way: signed, sent, and repeated where that is safe and of use.

use domain::ListQuery;
use serde::Serialize;

use super::{CallError, Shop, answer, patience::Patience, sign::sign};
use crate::{
    config::Config,
    session::{Answer, NetworkError, Platform, Request, Secret, SessionCredentials, SessionError, TIMEOUT_MS},
};

/// What to send.
pub(super) struct Call {
    method: &'static str,
    path_and_query: String,
    body: Vec<u8>,
    identity: Option<Secret>,
    repeatable: bool,
}

impl Call {
    /// A call of a path behind the stage.
    pub(super) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path_and_query: path.to_owned(), body: Vec::new(), identity: None, repeatable: false }
    }

    pub(super) fn query(mut self, pairs: &[(&'static str, String)]) -> Self {
        if !pairs.is_empty() {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            // Only forms read a plus as a space; everybody reads %20.
            self.path_and_query = format!("{}?{}", self.path_and_query, query.replace('+', "%20"));
        }
        self
    }

    pub(super) fn cursor(self, cursor: Option<&str>) -> Self {
        let query = ListQuery { cursor: cursor.map(str::to_owned), ..ListQuery::default() };
        self.query(&query.to_pairs())
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body).expect("the wire types always serialize");
        self
    }

    /// A body that is JSON already.
    pub(super) fn text(mut self, json: &str) -> Self {
        self.body = json.as_bytes().to_vec();
        self
    }

    pub(super) fn identity(mut self, token: Option<Secret>) -> Self {
        self.identity = token;
        self
    }

    /// Says that doing it twice is as good as doing it once, so that a lost answer may be asked for again.
    pub(super) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    fn request(&self, api_url: &str) -> Request {
        let mut request = Request::new(self.method, [api_url, &self.path_and_query].concat());
        request.body.clone_from(&self.body);
        if !self.body.is_empty() {
            request.headers.set("content-type", "application/json");
        }
        if let Some(token) = &self.identity {
            request.headers.set("x-identity-token", token.as_str());
        }
        request
    }

    fn lost(&self, error: NetworkError) -> CallError {
        // Offline, nothing was sent.
        let harmless = self.repeatable || error == NetworkError::Offline;
        if harmless { CallError::Network(error) } else { CallError::Uncertain(error) }
    }
}

/// A page of pets.
pub(super) fn list(query: &ListQuery) -> Call {
    Call::new("GET", "/pets").query(&query.to_pairs()).repeatable()
}

/// Sends without a signature and without a session.
pub(super) async fn send(platform: &impl Platform, config: &Config, call: &Call) -> Result<Answer, CallError> {
    let mut patience = Patience::new(call.repeatable, platform);
    loop {
        let sent = platform.send(call.request(&config.api_url), TIMEOUT_MS).await.map_err(|error| call.lost(error));
        match patience.next(platform, &sent) {
            Some(ms) => platform.sleep(ms).await,
            None => return sent,
        }
    }
}

impl<P: Platform> Shop<P> {
    /// Sends without a signature, for what everybody may do.
    pub(super) async fn unsigned(&self, call: &Call) -> Result<Answer, CallError> {
        // Whoever only looks has no signer in the page.
        let attempt = async || {
            let request = call.request(&self.config().api_url);
            self.session.send(request).await.map_err(|error| call.lost(error))
        };
        self.patiently(call.repeatable, attempt).await
    }

    /// Sends with a signature if there are credentials. If somebody signs out meanwhile, or in as somebody else, the
    /// answer is nobody's any more and is dropped.
    pub(super) async fn signed(&self, call: &Call) -> Result<Answer, CallError> {
        let generation = self.session.generation();
        self.patiently(call.repeatable, async || self.sign_and_deliver(call, generation).await).await
    }

    /// Sends a call that says who it is for by an ID token, if somebody is here whose call will be signed. A token that
    /// the shop refuses is replaced once: it may have ended on its way.
    pub(super) async fn identified(&self, call: impl Fn(Option<Secret>) -> Call) -> Result<Answer, CallError> {
        let generation = self.session.generation();
        let attempt = async || {
            let mut refused = false;
            loop {
                self.still(generation)?;
                // First, or the token would grow old while they are fetched.
                self.session.credentials().await?;
                let token = self.identity().await?;
                let answer = self.sign_and_deliver(&call(token.clone()), generation).await?;
                match token {
                    Some(token) if answer.status == 401 && !refused => {
                        refused = true;
                        if !self.session.doubt(&token) {
                            return Ok(answer);
                        }
                    }
                    _ => return Ok(answer),
                }
            }
        };
        self.patiently(true, attempt).await
    }

    async fn identity(&self) -> Result<Option<Secret>, CallError> {
        if self.session.status().person.is_none_or(|person| person.role.is_none()) {
            return Ok(None);
        }
        Ok(self.session.id_token().await?)
    }

    /// Tries again after what passes by itself, if that is harmless.
    async fn patiently(
        &self,
        repeatable: bool,
        attempt: impl AsyncFn() -> Result<Answer, CallError>,
    ) -> Result<Answer, CallError> {
        let platform = self.session.platform();
        let mut patience = Patience::new(repeatable, platform);
        loop {
            let attempted = attempt().await;
            match patience.next(platform, &attempted) {
                Some(ms) => self.session.pause(ms).await,
                None => return attempted,
            }
        }
    }

    /// The gateway refused before it did anything where this repeats by itself: once for credentials that have expired,
    /// once for a clock that was wrong.
    async fn sign_and_deliver(&self, call: &Call, generation: u64) -> Result<Answer, CallError> {
        let (mut renewed, mut timed) = (false, false);
        loop {
            self.still(generation)?;
            let credentials = self.session.credentials().await?;
            self.still(generation)?;
            let delivered = self.deliver(call, credentials.as_ref()).await;
            self.still(generation)?;
            let answer = delivered?;
            let Some(credentials) = credentials else { return Ok(answer) };
            if !renewed && answer::says_expired(&answer) {
                renewed = true;
                self.session.discard(&credentials);
            } else if !timed && answer::says_clock(&answer) {
                timed = true;
                // The refusal's own date has set the clock already, if it could be read.
                if answer.date_ms.is_none() && self.session.ask_the_time().await.is_err() {
                    return Ok(answer);
                }
            } else {
                return Ok(answer);
            }
        }
    }

    /// Sends once, signed for this moment.
    async fn deliver(&self, call: &Call, credentials: Option<&SessionCredentials>) -> Result<Answer, CallError> {
        let mut request = call.request(&self.config().api_url);
        if let Some(credentials) = credentials {
            let (keys, derived) = (&credentials.keys, &credentials.derived);
            sign(&mut request, keys, derived, &self.config().region, self.session.now_ms());
        }
        self.session.send(request).await.map_err(|error| call.lost(error))
    }

    fn still(&self, generation: u64) -> Result<(), CallError> {
        if self.session.generation() == generation { Ok(()) } else { Err(SessionError::SignedOut.into()) }
    }
}
