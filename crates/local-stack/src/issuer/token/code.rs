//! A code becomes tokens, once. A second use means that somebody else has the code, so what it gave is taken back
//! (RFC 6749 §4.1.2). A code that comes with a wrong verifier is spent: its owner would have the right one.

use std::mem;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use super::{Denied, Issued, new_access_token};
use crate::issuer::parameters::Parameters;
use crate::issuer::state::{Code, Consent, Grant, Refresh, State};
use crate::issuer::{Event, Issuer, ticket};

const INVALID_CODE: Denied = Denied::new("invalid_grant", "Invalid authorization code");

pub(super) fn exchange(issuer: &Issuer, form: &Parameters, now: OffsetDateTime) -> Result<Issued, Denied> {
    let required = |name, missing| form.get(name)?.ok_or(Denied::new("invalid_request", missing));
    let code = required("code", "Missing required parameter: code")?;
    let verifier = required("code_verifier", "Missing required parameter: code_verifier")?;
    let redirect_uri = required("redirect_uri", "Missing required parameter: redirect_uri")?;

    let (id, seal) = ticket::read(code).ok_or(INVALID_CODE)?;
    let mut state = issuer.state();
    let kept = state.codes.get(id, now).filter(|kept| kept.seal.fits(seal)).ok_or(INVALID_CODE)?;
    if let Some(grant) = kept.used_for.clone() {
        state.grants.remove(&grant);
        issuer.log(Event::CodeReused);
        return Err(INVALID_CODE);
    }
    if let Err(denied) = check(kept, redirect_uri, verifier, now) {
        state.codes.remove(id);
        return Err(denied);
    }
    let grant_id = ticket::new_id();
    kept.used_for = Some(grant_id.clone());
    let (consent, nonce, claims) = (kept.consent.clone(), kept.nonce.take(), mem::take(&mut kept.claims));
    let scope = consent.scope;
    let access_token = new_access_token(issuer, &mut state, &grant_id, scope, now);
    let refresh_token = keep_grant(issuer, &mut state, &grant_id, consent.clone(), now);
    Ok(Issued { consent, scope, nonce, claims, access_token, refresh_token })
}

fn check(kept: &Code, redirect_uri: &str, verifier: &str, now: OffsetDateTime) -> Result<(), Denied> {
    if kept.expires <= now {
        return Err(INVALID_CODE);
    }
    if kept.redirect_uri != redirect_uri {
        return Err(Denied::new("invalid_grant", "The redirect_uri is not the one that the code was sent to."));
    }
    // RFC 7636 §4.1: 43 to 128 unreserved characters.
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
    let computed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    if !well_formed || !bool::from(computed.as_bytes().ct_eq(kept.challenge.as_bytes())) {
        return Err(Denied::new("invalid_grant", "Failed to verify code verifier"));
    }
    Ok(())
}

/// Keeps what was agreed to, with the first refresh token if one was asked for.
fn keep_grant(issuer: &Issuer, state: &mut State, id: &str, consent: Consent, now: OffsetDateTime) -> Option<String> {
    let lifetimes = issuer.config.lifetimes;
    if !consent.scope.offline_access {
        state.grants.put(id.to_owned(), Grant { consent, refresh: None }, now + lifetimes.access_token, now);
        return None;
    }
    let (token, seal) = ticket::mint(id);
    let refresh = Refresh { good: vec![seal], replaced: None, idle_until: now + lifetimes.refresh_idle };
    state.grants.put(id.to_owned(), Grant { consent, refresh: Some(refresh) }, now + lifetimes.refresh_absolute, now);
    Some(token)
}
