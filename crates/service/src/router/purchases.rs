//! `GET /pets/purchases`: buyers, each their own.

use domain::ErrorCode;
use http::request::Parts;

use super::{Answer, BuyerIdentity, RequestContext, Router, page, query, refusal::Refusal, sales};
use crate::PetRecord;

impl Router {
    pub(super) async fn purchases(&self, request: &Parts, context: &RequestContext) -> Answer {
        let window = query::window(request.uri.query())?;
        let BuyerIdentity::Verified(verifier) = &self.settings.buyer_identity else {
            let message = "This shop does not verify who buys, so nobody has purchases of their own.";
            return Err(Refusal::new(ErrorCode::Forbidden, message));
        };
        let mut tokens = request.headers.get_all("x-identity-token").iter();
        let missing = || {
            let message = "Your purchases need your ID token, once, in the header X-Identity-Token.";
            Refusal::new(ErrorCode::MissingIdentityToken, message)
        };
        let (Some(token), None) = (tokens.next(), tokens.next()) else { return Err(missing()) };
        let token = token.to_str().ok().map(str::trim).filter(|token| !token.is_empty()).ok_or_else(missing)?;
        let identity = verifier.verify(token, context.now).await?;
        self.settings.check_buyer(&identity)?;
        let found = self.store.purchases(&identity.sub, &window).await?;
        page(&found, PetRecord::full, |cursor| sales::next(context, "/pets/purchases", &window, cursor))
    }
}
