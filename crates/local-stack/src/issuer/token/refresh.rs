//! A refresh token becomes tokens and a new refresh token, and is thereby replaced. If a replaced one comes, two hold
//! the family, and nobody can say which is the thief: the whole family ends (RFC 9700 §4.14.2). An answer can get lost,
//! so the token that was replaced last may come again within the tenant's leeway (`leeway` in `tenant.yaml`), as at
//! Auth0. Then the family has siblings, and the first that is used ends the others: two can't go on side by side.

use time::{Duration, OffsetDateTime};

use super::{Denied, Issued, new_access_token};
use crate::issuer::parameters::Parameters;
use crate::issuer::post_login::{self, Login};
use crate::issuer::scope::Scope;
use crate::issuer::state::Refresh;
use crate::issuer::ticket::Seal;
use crate::issuer::{Event, Issuer, ticket};

const INVALID_TOKEN: Denied = Denied::new("invalid_grant", "Unknown or invalid refresh token.");

/// More siblings than a few lost answers explain are a reuse.
const MOST_SIBLINGS: usize = 4;

/// What a refresh token of a family is there.
enum Standing {
    /// One that may be used.
    Good,
    /// The one that was replaced last, a moment ago.
    Repeated,
}

impl Refresh {
    /// `None`: this token was replaced, and must not come again.
    fn standing(&self, seal: Seal, leeway: Duration, now: OffsetDateTime) -> Option<Standing> {
        if self.good.iter().any(|good| good.fits(seal)) {
            return Some(Standing::Good);
        }
        let (replaced, at) = self.replaced?;
        let excusable = replaced.fits(seal) && now - at < leeway && self.good.len() < MOST_SIBLINGS;
        excusable.then_some(Standing::Repeated)
    }
}

pub(super) fn renew(issuer: &Issuer, form: &Parameters, now: OffsetDateTime) -> Result<Issued, Denied> {
    let missing = Denied::new("invalid_request", "Missing required parameter: refresh_token");
    let token = form.get("refresh_token")?.ok_or(missing)?;
    let (grant_id, seal) = ticket::read(token).ok_or(INVALID_TOKEN)?;
    let mut state = issuer.state();
    let grant = state.grants.get(grant_id, now).ok_or(INVALID_TOKEN)?;
    let refresh = grant.refresh.as_ref().ok_or(INVALID_TOKEN)?;
    let Some(standing) = refresh.standing(seal, issuer.config.lifetimes.refresh_leeway, now) else {
        state.grants.remove(grant_id);
        issuer.log(Event::RefreshTokenReused);
        return Err(INVALID_TOKEN);
    };
    if refresh.idle_until <= now {
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
    let (refresh_token, next) = ticket::mint(grant_id);
    if let Some(refresh) = &mut grant.refresh {
        refresh.idle_until = now + issuer.config.lifetimes.refresh_idle;
        match standing {
            Standing::Good => {
                refresh.good = vec![next];
                refresh.replaced = Some((seal, now));
            }
            Standing::Repeated => {
                refresh.good.push(next);
                issuer.log(Event::RefreshTokenRepeated);
            }
        }
    }
    let access_token = new_access_token(issuer, &mut state, grant_id, scope, now);
    Ok(Issued { consent, scope, nonce: None, claims, access_token, refresh_token: Some(refresh_token) })
}
