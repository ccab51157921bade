//! The SDK's HTTP connector over the engine. SQLite blocks, so each request runs on the database's own threads (`worker`);
//! once handed over it runs to its end, as a request that has left for a server would.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;

use serde_json::json;
use tokio::sync::oneshot;

use crate::{Access, Denied, Engine, GONE, access, dispatch};

/// Says which accesses a client may make.
pub(crate) type Guard = Arc<dyn Fn(&[Access]) -> Result<(), Denied> + Send + Sync>;

pub(crate) struct Connector {
    pub(crate) engine: Arc<Engine>,
    pub(crate) guard: Option<Guard>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("embedded_dynamodb::Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (engine, guard) = (Arc::clone(&self.engine), self.guard.clone());
        HttpConnectorFuture::new(async move {
            let (status, body) = match guard.map_or(Ok(()), |guard| pass(&guard, &request)) {
                Ok(()) => {
                    let (send, answer) = oneshot::channel();
                    let body = request.body().bytes().unwrap_or_default();
                    engine.ask(dispatch::operation(&request), body, move |answer| drop(send.send(answer)));
                    answer.await.map_err(|_| ConnectorError::other(GONE.into(), None))?
                }
                Err(denied) => (400, denied),
            };
            let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            Ok(response)
        })
    }
}

/// Asks the guard, or gives the body of the refusal.
fn pass(guard: &Guard, request: &HttpRequest) -> Result<(), String> {
    let (operation, body) = (dispatch::operation(request), request.body().bytes().unwrap_or_default());
    let passed = match access::accesses(operation, body) {
        Some(accesses) => guard(&accesses),
        None => Err(Denied(format!("{operation} is not among the requests that a guarded client may make"))),
    };
    passed.map_err(|Denied(message)| {
        json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "Message": message }).to_string()
    })
}
