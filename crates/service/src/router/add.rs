//! `POST /pets`: admins.

use domain::NewPet;
use http::{StatusCode, header};

use super::{Answer, RequestContext, Router, address, insert, json};

impl Router {
    pub(super) async fn add(&self, body: &[u8], context: &RequestContext) -> Answer {
        let record = self.store.add(&NewPet::from_json(body)?).await?;
        let mut response = json(StatusCode::CREATED, &record.full())?;
        let location = address(context, &format!("/pets/{}", record.id), &[]);
        insert(response.headers_mut(), header::LOCATION, &location)?;
        Ok(response)
    }
}
