//! `POST /pets/purchase`: buyers.

use domain::{BuyerName, ErrorCode, Purchase};
use http::StatusCode;

use super::{Answer, BuyerIdentity, RequestContext, Router, json, refusal::Refusal};
use crate::Buyer;

impl Router {
    pub(super) async fn purchase(&self, body: &[u8], context: &RequestContext) -> Answer {
        let purchase = Purchase::from_json(body)?;
        let buyer = match &self.settings.buyer_identity {
            BuyerIdentity::Verified(verifier) => {
                let token = purchase.auth_token.as_deref().filter(|token| !token.is_empty());
                let token = token.ok_or_else(|| {
                    let message = "A purchase needs the ID token of the signed-in person, in authToken.";
                    Refusal::new(ErrorCode::MissingIdentityToken, message)
                })?;
                let identity = verifier.verify(token, context.now).await?;
                self.settings.check_buyer(&identity)?;
                Buyer { key: identity.sub, name: identity.name }
            }
            BuyerIdentity::Claimed => {
                let name: BuyerName = purchase.user_name.as_deref().unwrap_or_default().parse()?;
                Buyer { key: name.to_string(), name }
            }
        };
        let record = self.store.purchase(purchase.pet_id, &buyer, context.now).await?;
        json(StatusCode::OK, &record.full())
    }
}
