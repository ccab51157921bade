//! `DELETE /pets/{petId}`: admins.

use http::{Response, StatusCode};

use super::{Answer, Router, query};

impl Router {
    pub(super) async fn remove(&self, segment: &str) -> Answer {
        self.store.remove(query::decode(segment)?.parse()?).await?;
        let mut response = Response::new(Vec::new());
        *response.status_mut() = StatusCode::NO_CONTENT;
        Ok(response)
    }
}
