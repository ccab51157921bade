//! A refresh token becomes tokens and a new refresh token, and is thereby replaced. If a replaced one comes, two hold
//! the family, and nobody can say which is the thief: the whole family ends (RFC 9700 §4.14.2). Auth0 does so, too;
//! its overlap period is zero here, so one tab must renew for all.

use time::OffsetDateTime;

use super::{Denied, Issued, new_access_token};
use crate::issuer::parameters::Parameters;
use crate::issuer::post_login::{self, Login};
use crate::issuer::scope::Scope;
use crate::issuer::{Event, Issuer, ticket};

const INVALID_TOKEN: Denied = Denied::new("invalid_grant", "Unknown or invalid refresh token.");

pub(super) fn renew(issuer: &Issuer, form: &Parameters, now: OffsetDateTime) -> Result<Issued, Denied> {
    let missing = Denied::new("invalid_request", "Missing required parameter: refresh_token");
    let token = form.get("refresh_token")?.ok_or(missing)?;
    let (grant_id, seal) = ticket::read(token).ok_or(INVALID_TOKEN)?;
    let mut state = issuer.state();
    let grant = state.grants.get(grant_id, now).ok_or(INVALID_TOKEN)?;
    let (good, idle_until) = grant.refresh.ok_or(INVALID_TOKEN)?;
    if !good.fits(seal) {
        state.grants.remove(grant_id);
        issuer.log(Event::RefreshTokenReused);
        return Err(INVALID_TOKEN);
    }
    if idle_until <= now {
        state.grants.remove(grant_id);
        return Err(INVALID_TOKEN);
    }
    let scope = match form.get("scope")? {
        None => grant.consent.scope,
        Some(text) => Scope::parse(text)
            .filter(|asked| grant.consent.scope.covers(*asked))
            .ok_or(Denied::new("invalid_scope", "The scope must contain openid and nothing that wasn't granted."))?,
    };
    let consent = grant.consent.clone();
    // Before anything is replaced: a refresh that the Action ends can be tried again.
    let claims = post_login::run(issuer, &Login::refresh(&consent, scope, form))?;
    let (refresh_token, seal) = ticket::mint(grant_id);
    grant.refresh = Some((seal, now + issuer.config.lifetimes.refresh_idle));
    let access_token = new_access_token(issuer, &mut state, grant_id, scope, now);
    Ok(Issued { consent, scope, nonce: None, claims, access_token, refresh_token: Some(refresh_token) })
}
