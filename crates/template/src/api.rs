//! The API: which methods there are, who may call them without a signature, what answers them, and the headers of what
//! the gateway says itself. Next: `gateway` routes by this.
//!
//! Source: the API Gateway resource types of the CloudFormation reference.

mod integration;
mod paths;
mod read;

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, Method, StatusCode};

pub use read::api;

/// Headers of an answer, in order.
pub type Headers = Vec<(HeaderName, HeaderValue)>;

/// The API and its one stage.
#[derive(Debug)]
pub struct Api {
    /// The id in ARNs.
    pub id: String,
    /// `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE`: what method and path follow in a policy's resource.
    pub arn: String,
    /// The first segment of every path.
    pub stage: String,
    /// Every method of every resource.
    pub routes: Vec<Route>,
    /// The headers of gateway responses by type, such as `DEFAULT_4XX`.
    pub gateway_responses: BTreeMap<String, Headers>,
}

/// One method of one resource.
#[derive(Debug)]
pub struct Route {
    /// `GET`
    pub method: Method,
    /// The path behind the stage.
    pub path: Vec<Segment>,
    /// Who may call.
    pub authorization: Authorization,
    /// What answers.
    pub integration: Integration,
    /// Where the method begins.
    pub line: usize,
}

/// A segment of a resource's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// `pets`
    Literal(String),
    /// `{petId}`
    Parameter(String),
}

/// A method's `AuthorizationType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// Everybody.
    None,
    /// Whoever signs and is allowed to.
    Iam,
    /// An authorizer of another type, such as `CUSTOM`. Only [`Documents`](super::Documents) have it.
    Other(String),
}

/// A method's `Integration`.
#[derive(Debug)]
pub enum Integration {
    /// The logical id of the function.
    Function(String),
    /// The answer itself.
    Mock {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: Headers,
    },
    /// Something else, of which nothing is known. Only [`Documents`](super::Documents) have it.
    Other,
}

impl Api {
    /// The route of a method and the decoded segments behind the stage. A literal segment goes over a parameter, as in API
    /// Gateway.
    pub fn route(&self, method: &str, path: &[String]) -> Option<&Route> {
        let matches = |route: &&Route| {
            route.path.len() == path.len()
                && route.path.iter().zip(path).all(|(segment, text)| match segment {
                    Segment::Literal(literal) => literal == text,
                    Segment::Parameter(_) => true,
                })
        };
        let literals = |route: &&Route| -> Vec<bool> {
            route.path.iter().map(|segment| matches!(segment, Segment::Literal(_))).collect()
        };
        // The resource is chosen first, then its method: a method that the better match lacks isn't taken from another.
        let best = self.routes.iter().filter(matches).map(|route| literals(&route)).max()?;
        self.routes.iter().filter(matches).find(|route| literals(route) == best && route.method == method)
    }
}
