//! `GET /pets`: everybody.

use domain::ListQuery;
use http::{HeaderValue, header, request::Parts};

use super::{Answer, RequestContext, Router, address, page, query};
use crate::PetRecord;

impl Router {
    pub(super) async fn list(&self, request: &Parts, context: &RequestContext) -> Answer {
        let query = query::list(request.uri.query())?;
        let found = self.store.list(&query).await?;
        let mut response = page(&found, PetRecord::public, |cursor| {
            address(context, "/pets", &ListQuery { cursor: Some(cursor), ..query }.to_pairs())
        })?;
        // Nothing personal is in it, but a pet may be sold at any moment.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Ok(response)
    }
}
