//! Why a token was not believed, or the issuer's keys could not be had.

/// Which check failed. Never carries anything of the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three base64url parts, or larger than any ID token.
    #[error("it is not a signed JSON Web Token of at most 16 KiB")]
    Malformed,
    /// The header can't be read without doubt.
    #[error("its header is not a JSON object with each member once")]
    Header,
    /// `alg` is neither RS256 nor ES256.
    #[error("it is signed with an algorithm other than RS256 or ES256")]
    Algorithm,
    /// `typ` says that it is another kind of token, such as an access token; or `events` says that it is a logout token.
    #[error("it is another kind of token than an ID token")]
    Type,
    /// `crit` asks for extensions that nobody here knows.
    #[error("it has critical header extensions")]
    Critical,
    /// The issuer has no such key for this algorithm.
    #[error("the issuer has no key for it")]
    UnknownKey,
    /// It names no key, and the issuer has several; or the issuer has several keys of that name.
    #[error("it does not say which of the issuer's keys signed it")]
    AmbiguousKey,
    /// The signature is not the key's.
    #[error("its signature is wrong")]
    Signature,
    /// The claims can't be read without doubt, or one that must be there is missing.
    #[error("its claims are not a JSON object with iss, sub, aud, exp and iat, each once")]
    Claims,
    /// `iss` is another issuer.
    #[error("it comes from another issuer")]
    Issuer,
    /// `aud` has none of our clients.
    #[error("it was issued for another audience")]
    Audience,
    /// `azp` is another client, or is missing where there are several audiences.
    #[error("it was issued to another authorized party")]
    AuthorizedParty,
    /// `sub` is empty, longer than 255 characters or has invisible ones.
    #[error("its subject is not 1 to 255 visible ASCII characters")]
    Subject,
    /// `exp` is over.
    #[error("it has expired")]
    Expired,
    /// `nbf` is still to come.
    #[error("it is not valid yet")]
    NotYetValid,
    /// `iat` is still to come, or is after `exp`.
    #[error("it was issued in the future, or after it expires")]
    IssuedAt,
    /// Whether it may be believed is unknown: a later try may work.
    #[error("the issuer's keys are not available: {0}")]
    KeysUnavailable(#[from] KeySourceError),
}

/// Why the issuer's keys could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySourceError {
    /// The issuer or its key set has a URL that must not be asked.
    #[error("{0} must be an https URL, or http on this machine itself")]
    Url(&'static str),
    /// No answer, or none that says 200 with a body of sensible size.
    #[error("{document} can't be fetched ({reason})")]
    Unreachable {
        /// Which document.
        document: &'static str,
        /// What went wrong, in the client's words.
        reason: String,
    },
    /// The answer is not what it should be.
    #[error("{0} can't be read")]
    Unreadable(&'static str),
    /// The discovery document is another issuer's.
    #[error(
        "the discovery document is for another issuer than the one that is trusted; they must be equal to the letter"
    )]
    OtherIssuer,
    /// The source did not answer in time.
    #[error("the issuer did not answer in time")]
    TimedOut,
    /// The task that fetched was stopped.
    #[error("the request for keys was stopped")]
    Stopped,
}
