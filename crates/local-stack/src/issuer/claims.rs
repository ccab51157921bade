//! What a token says about a person: the one place where claims are put together. Those of the tenant's Action come
//! from `post_login`.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::scope::Scope;
use super::{Connection, SamplePerson};

/// What was asked for and agreed to, and when.
#[derive(Debug)]
pub(super) struct Transaction<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scope: Scope,
    /// Of the authorization request; tokens of a refresh have none (OpenID Connect Core §12.2).
    pub(super) nonce: Option<&'a str>,
    /// The issuer session.
    pub(super) sid: &'a str,
    /// When the person gave proof of who they are.
    pub(super) signed_in: OffsetDateTime,
    /// Whether to tell that time: Auth0 does if the request had `max_age`.
    pub(super) tell_auth_time: bool,
    pub(super) issued: OffsetDateTime,
    pub(super) expires: OffsetDateTime,
    /// Of the tenant's Action.
    pub(super) custom: &'a Map<String, Value>,
}

/// The claims of an ID token.
pub(super) fn claims(person: &SamplePerson, connection: Connection, transaction: &Transaction) -> Value {
    debug_assert_eq!(person.connection, connection, "a person has one connection");
    let mut claims = profile(person, transaction.scope, transaction.signed_in);
    // First, so that they can't say who issued what to whom, whatever the engine lets through.
    claims.extend(transaction.custom.clone());
    claims.extend([
        ("sub".to_owned(), json!(person.user_id)),
        ("iss".to_owned(), json!(transaction.issuer)),
        ("aud".to_owned(), json!(transaction.client_id)),
        ("iat".to_owned(), json!(transaction.issued.unix_timestamp())),
        ("exp".to_owned(), json!(transaction.expires.unix_timestamp())),
        ("sid".to_owned(), json!(transaction.sid)),
    ]);
    if let Some(nonce) = transaction.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    if transaction.tell_auth_time {
        claims.insert("auth_time".to_owned(), json!(transaction.signed_in.unix_timestamp()));
    }
    Value::Object(claims)
}

/// What `userinfo` and the ID token both say, as far as the scope goes. Auth0 writes `updated_at` as a text, not as
/// OpenID's number of seconds, and sets it at every sign-in.
pub(super) fn profile(person: &SamplePerson, scope: Scope, signed_in: OffsetDateTime) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(person.user_id));
    if scope.profile {
        claims.insert("name".to_owned(), json!(person.name));
        claims.insert("nickname".to_owned(), json!(person.nickname));
        if let Ok(updated_at) = signed_in.format(&Rfc3339) {
            claims.insert("updated_at".to_owned(), json!(updated_at));
        }
    }
    if scope.email {
        claims.insert("email".to_owned(), json!(person.email));
        claims.insert("email_verified".to_owned(), json!(true));
    }
    claims
}
