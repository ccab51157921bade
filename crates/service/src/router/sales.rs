//! `GET /pets/sales`: admins.

use domain::ListQuery;
use http::request::Parts;

use super::{Answer, RequestContext, Router, address, page, query};
use crate::{PetRecord, WindowQuery};

impl Router {
    pub(super) async fn sales(&self, request: &Parts, context: &RequestContext) -> Answer {
        let window = query::window(request.uri.query())?;
        let found = self.store.sales(&window).await?;
        page(&found, PetRecord::full, |cursor| next(context, "/pets/sales", &window, cursor))
    }
}

/// The address of the next page of a list of sales.
pub(super) fn next(context: &RequestContext, path: &str, window: &WindowQuery, cursor: String) -> String {
    let query = ListQuery { limit: window.limit, cursor: Some(cursor), ..ListQuery::default() };
    address(context, path, &query.to_pairs())
}
