//! One call on its way: signed, sent, and repeated where that is safe and of use.

use domain::ListQuery;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE, header::DATE};
use serde::Serialize;

use super::{CallError, Shop, answer, patience::Patience, sign::sign};
use crate::{
    config::Config,
    session::{NetworkError, Platform, Secret, SessionCredentials, SessionError, TIMEOUT_MS},
};

/// What to send.
pub(super) struct Call {
    method: Method,
    path_and_query: String,
    body: Vec<u8>,
    identity: Option<Secret>,
    repeatable: bool,
}

impl Call {
    /// A call of a path behind the stage.
    pub(super) fn new(method: Method, path: &str) -> Self {
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

    fn request(&self, api_url: &str) -> Request<Vec<u8>> {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        let uri = format!("{api_url}{}", self.path_and_query);
        *request.uri_mut() = uri.parse().expect("a checked address with an encoded path stays one");
        if !self.body.is_empty() {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(token) = &self.identity {
            let mut value = HeaderValue::from_str(token).expect("a checked ID token has visible characters only");
            value.set_sensitive(true);
            request.headers_mut().insert("x-identity-token", value);
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
    Call::new(Method::GET, "/pets").query(&query.to_pairs()).repeatable()
}

/// Sends without a signature and without a session.
pub(super) async fn send(
    platform: &impl Platform,
    config: &Config,
    call: &Call,
) -> Result<Response<Vec<u8>>, CallError> {
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
    pub(super) async fn unsigned(&self, call: &Call) -> Result<Response<Vec<u8>>, CallError> {
        // Whoever only looks has no signer in the page.
        let attempt = async || {
            let request = call.request(&self.config().api_url);
            self.session.send(request).await.map_err(|error| call.lost(error))
        };
        self.patiently(call.repeatable, attempt).await
    }

    /// Sends with a signature if there are credentials. If somebody signs out meanwhile, or in as somebody else, the
    /// answer is nobody's any more and is dropped.
    pub(super) async fn signed(&self, call: &Call) -> Result<Response<Vec<u8>>, CallError> {
        let generation = self.session.generation();
        self.patiently(call.repeatable, async || self.sign_and_deliver(call, generation).await).await
    }

    /// Sends a call that says who it is for by an ID token, if somebody is here whose call will be signed. A token that
    /// the shop refuses is replaced once: it may have ended on its way.
    pub(super) async fn identified(
        &self,
        call: impl Fn(Option<Secret>) -> Call,
    ) -> Result<Response<Vec<u8>>, CallError> {
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
                    Some(token) if answer.status() == StatusCode::UNAUTHORIZED && !refused => {
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
    async fn patiently<T>(
        &self,
        repeatable: bool,
        attempt: impl AsyncFn() -> Result<Response<T>, CallError>,
    ) -> Result<Response<T>, CallError> {
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
    async fn sign_and_deliver(&self, call: &Call, generation: u64) -> Result<Response<Vec<u8>>, CallError> {
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
                if !answer.headers().contains_key(DATE) && self.session.ask_the_time().await.is_err() {
                    return Ok(answer);
                }
            } else {
                return Ok(answer);
            }
        }
    }

    /// Sends once, signed for this moment.
    async fn deliver(
        &self,
        call: &Call,
        credentials: Option<&SessionCredentials>,
    ) -> Result<Response<Vec<u8>>, CallError> {
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
