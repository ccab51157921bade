//! API Gateway for one API and its one stage: it finds the route, lets through who may come through, and hands the
//! request to the router of the function that the template names. It reads a path once (`path`), so that IAM and the
//! router never see two. What it refuses itself looks as AWS sends it, with the template's CORS headers. The next step
//! is `service::Router`, the very code that the deployed function runs.

mod authorize;
mod refusal;
mod signature;

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Request, Response, Uri};
use service::{RequestContext, Router};

pub use refusal::Refusal;
pub use signature::{Secret, Target, verify};
use template::{Authorization, Integration, REGION, Template, path};

use crate::{
    caller::Caller,
    credentials::{Credentials, Sealer, Unknown},
};

/// The gateway of a template.
pub struct Gateway {
    routers: BTreeMap<String, Router>,
    base_url: String,
}

/// What signatures must be made for.
pub const TARGET: Target = Target { region: REGION, service: "execute-api", normalizes_path: true };

/// A body beyond this isn't read. The router refuses more than 64 KiB, in the shop's words.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

impl Gateway {
    /// `routers` by the logical ids of their functions; `base_url` is the API's public address with its stage.
    pub fn new(routers: BTreeMap<String, Router>, base_url: String) -> Self {
        Self { routers, base_url }
    }

    /// Answers a request to the stage.
    pub async fn respond(
        &self,
        request: Request<Vec<u8>>,
        caller: &Caller,
        template: &Template,
        sealer: &Sealer,
    ) -> Response<Vec<u8>> {
        let response = match self.pass(request, caller, template, sealer).await {
            Ok(response) => response,
            Err(refusal) => {
                tracing::info!(request = %caller.request_id, "gateway refuses: {}", refusal.error_type());
                refusal.answer(&template.api)
            }
        };
        with_id(response, caller)
    }

    /// The refusal of a body that was not read to its end.
    pub fn too_large(caller: &Caller, template: &Template) -> Response<Vec<u8>> {
        with_id(Refusal::RequestTooLarge.answer(&template.api), caller)
    }

    async fn pass(
        &self,
        mut request: Request<Vec<u8>>,
        caller: &Caller,
        template: &Template,
        sealer: &Sealer,
    ) -> Result<Response<Vec<u8>>, Refusal> {
        if !path::well_encoded(request.uri().query().unwrap_or_default()) {
            return Err(Refusal::BadRequest("The query has a broken percent-encoding."));
        }
        let segments = path::segments(request.uri().path()).ok_or(Refusal::MissingAuthenticationToken)?;
        let (stage, behind) = segments.split_first().ok_or(Refusal::MissingAuthenticationToken)?;
        let api = &template.api;
        let route = api.route(request.method().as_str(), behind).filter(|_| *stage == api.stage);
        let route = route.ok_or(Refusal::MissingAuthenticationToken)?;
        let path = path::join(behind);

        if let Authorization::Other(_) = route.authorization {
            return Err(Refusal::MissingAuthenticationToken);
        }
        if route.authorization == Authorization::Iam {
            let found = |id: &str, token: Option<&str>| {
                sealer.open(id, token, caller.now).map_err(|unknown| match unknown {
                    Unknown::Unrecognized => Refusal::UnrecognizedClient,
                    Unknown::Expired => Refusal::ExpiredToken,
                })
            };
            let Credentials { session, .. } = signature::verify(&request, TARGET, caller.now, found)?;
            let role = template.roles.iter().find(|role| role.arn == session.role_arn);
            // The template may have changed since the session began.
            let role = role.ok_or(Refusal::UnrecognizedClient)?;
            let provider = template.providers.iter().find(|provider| provider.arn == session.provider_arn);
            let place = format!("{}/{}/{}{path}", api.id, api.stage, route.method);
            authorize::authorize(&session, role, provider, &place, caller)?;
        }

        match &route.integration {
            Integration::Mock { status, headers } => {
                let mut response = Response::new(Vec::new());
                *response.status_mut() = *status;
                response.headers_mut().extend(headers.iter().cloned().map(|(name, value)| (Some(name), value)));
                Ok(response)
            }
            Integration::Other => Err(Refusal::MissingAuthenticationToken),
            Integration::Function(function) => {
                let router = self.routers.get(function).expect("every integration names a function of the template");
                let target = match request.uri().query() {
                    Some(query) => format!("{path}?{query}"),
                    None => path.clone(),
                };
                *request.uri_mut() = target.parse::<Uri>().map_err(|_| Refusal::BadRequest("The path is too long."))?;
                let context = RequestContext {
                    request_id: caller.request_id.clone(),
                    base_url: self.base_url.clone(),
                    now: caller.now,
                };
                let method = request.method().clone();
                let response = router.respond(request, &context).await;
                tracing::info!(request = %caller.request_id, "{method} {path} {}", response.status().as_u16());
                Ok(response)
            }
        }
    }
}

fn with_id(mut response: Response<Vec<u8>>, caller: &Caller) -> Response<Vec<u8>> {
    if let Ok(id) = HeaderValue::from_str(&caller.request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    response
}
