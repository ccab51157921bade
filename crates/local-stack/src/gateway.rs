//! API Gateway for one API and its one stage: it finds the route, lets through who may come through, and hands the
//! request to the router of the function that the template names. It reads a path once (`path`), so that IAM and the
//! router never see two. What it refuses itself looks as AWS sends it, with the template's CORS headers. The next step
//! is `service::Router`, the very code that the deployed function runs.

mod authorize;
mod refusal;
mod signature;

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, Request, Response, Uri, request::Parts};
use service::{RequestContext, Router};

pub use authorize::because;
pub use refusal::Refusal;
pub use signature::{Secret, Target, verify};
use template::{Authorization, Integration, REGION, Template, path};

use crate::{
    caller::Caller,
    credentials::{Credentials, Sealer, Unknown},
    decisions::{By, Decisions, Made, short_path},
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
        decisions: &Decisions,
    ) -> Response<Vec<u8>> {
        let mut made = asked(request.method(), request.uri(), caller);
        let admitted = admit(&request, caller, template, sealer, &mut made);
        let response = match &admitted {
            // A preflight is no call of anybody's.
            Ok(Admitted { integration: Integration::Mock { status, headers }, .. }) => {
                let mut response = Response::new(Vec::new());
                *response.status_mut() = *status;
                response.headers_mut().extend(headers.iter().cloned().map(|(name, value)| (Some(name), value)));
                response
            }
            Ok(Admitted { integration: Integration::Function(function), path, target }) => {
                decisions.record(made);
                self.forward(request, caller, function, path, target).await
            }
            Ok(Admitted { integration: Integration::Other, .. }) => {
                refuse(Refusal::MissingAuthenticationToken, made, template, decisions)
            }
            Err(refusal) => refuse(refusal.clone(), made, template, decisions),
        };
        with_id(response, caller)
    }

    /// The refusal of a body that was not read to its end.
    pub fn too_large(head: &Parts, caller: &Caller, template: &Template, decisions: &Decisions) -> Response<Vec<u8>> {
        let made = asked(&head.method, &head.uri, caller);
        with_id(refuse(Refusal::RequestTooLarge, made, template, decisions), caller)
    }

    async fn forward(
        &self,
        mut request: Request<Vec<u8>>,
        caller: &Caller,
        function: &str,
        path: &str,
        target: &Uri,
    ) -> Response<Vec<u8>> {
        let router = self.routers.get(function).expect("every integration names a function of the template");
        *request.uri_mut() = target.clone();
        let context =
            RequestContext { request_id: caller.request_id.clone(), base_url: self.base_url.clone(), now: caller.now };
        let method = request.method().clone();
        let response = router.respond(request, &context).await;
        let path = short_path(path);
        tracing::info!(request = %caller.request_id, "{method} {path} {}", response.status().as_u16());
        response
    }
}

/// What goes on to its integration.
struct Admitted<'a> {
    integration: &'a Integration,
    /// Behind the stage, in its one spelling.
    path: String,
    /// What the function is asked for.
    target: Uri,
}

/// Finds the route, and lets through who may come through.
fn admit<'a>(
    request: &Request<Vec<u8>>,
    caller: &Caller,
    template: &'a Template,
    sealer: &Sealer,
    made: &mut Made,
) -> Result<Admitted<'a>, Refusal> {
    if !path::well_encoded(request.uri().query().unwrap_or_default()) {
        return Err(Refusal::BadRequest("The query has a broken percent-encoding."));
    }
    let api = &template.api;
    let segments = path::segments(request.uri().path()).ok_or_else(|| unknown(request, template, made))?;
    let (stage, behind) = segments.split_first().ok_or_else(|| unknown(request, template, made))?;
    let path = path::join(behind);
    made.asked = format!("{} {path}", request.method());
    made.path = Some(path.clone());
    let route = api.route(request.method().as_str(), behind).filter(|_| *stage == api.stage);
    let route = route.ok_or_else(|| unknown(request, template, made))?;

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
        let Credentials { session, .. } = signature::verify(request, TARGET, caller.now, found)?;
        made.subject = Some(session.subject.clone());
        made.session = Some(session.name.clone());
        let role = template.roles.iter().find(|role| role.arn == session.role_arn);
        // The template may have changed since the session began.
        let role = role.ok_or(Refusal::UnrecognizedClient)?;
        let resource = format!("{}/{}{path}", api.arn, route.method);
        authorize::authorize(&session, role, &resource, template, caller, made)?;
    } else {
        made.allowed = true;
        made.says = explain::OPEN.to_owned();
    }
    let target = match request.uri().query() {
        Some(query) => format!("{path}?{query}").parse(),
        None => path.parse(),
    };
    let target = target.map_err(|_| Refusal::BadRequest("The path is too long."))?;
    Ok(Admitted { integration: &route.integration, path, target })
}

fn unknown(request: &Request<Vec<u8>>, template: &Template, made: &mut Made) -> Refusal {
    made.says = explain::no_method(&template.file, request.method().as_str());
    Refusal::MissingAuthenticationToken
}

/// A request, before anything is known of it.
fn asked(method: &Method, uri: &Uri, caller: &Caller) -> Made {
    let asked = format!("{method} {}", uri.path());
    let made = Made::new(caller.now, Some(&caller.request_id), By::Gateway, asked);
    Made { path: Some(uri.path().to_owned()), ..made }
}

/// The refusal as an answer, and on record.
fn refuse(refusal: Refusal, mut made: Made, template: &Template, decisions: &Decisions) -> Response<Vec<u8>> {
    match refusal {
        Refusal::AccessDenied(_) => {}
        Refusal::MissingAuthenticationToken if !made.says.is_empty() && !made.allowed => {}
        _ => {
            made.by = By::Gateway;
            made.says = match refusal {
                Refusal::MissingAuthenticationToken if !made.allowed => explain::UNSIGNED.to_owned(),
                _ => format!("API Gateway: {}. {}", refusal.error_type(), refusal.message()),
            };
            made.allowed = false;
        }
    }
    decisions.record(made);
    refusal.answer(&template.api)
}

fn with_id(mut response: Response<Vec<u8>>, caller: &Caller) -> Response<Vec<u8>> {
    if let Ok(id) = HeaderValue::from_str(&caller.request_id) {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    response
}
