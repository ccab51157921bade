//! Where an event came in: which of a function's routes it is, and the API's address as its caller knows it. All of it
//! is API Gateway's own word (`requestContext`); what the caller says of itself, such as the `Host` header, isn't asked.

use lambda_http::{Request, RequestExt as _, request::RequestContext};

use crate::Route;

/// Where an event came in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// API Gateway's id of the request, which the caller is told in `x-amzn-RequestId` too.
    pub(crate) request_id: String,
    /// The API's public address with its stage.
    pub(crate) base_url: String,
    /// The route with the path that the shop's router knows, or nothing for an event that isn't this function's.
    pub(crate) route: Option<(Route, String)>,
}

impl Place {
    pub(crate) fn of(event: &Request, routes: &[Route]) -> Self {
        let invocation = || event.lambda_context_ref().map(|context| context.request_id.clone());
        let Some(RequestContext::ApiGatewayV1(context)) = event.request_context_ref() else {
            return Self { request_id: invocation().unwrap_or_default(), ..Self::default() };
        };
        let resource = context.resource_path.as_deref().unwrap_or_default();
        let route = routes.iter().find(|route| route.takes(event.method().as_str(), resource));
        let route = route.and_then(|route| Some((*route, route.end_of(event.raw_http_path())?.to_owned())));

        let public = context.path.as_deref().unwrap_or_default();
        let prefix = match route.as_ref().and_then(|(_, path)| public.strip_suffix(path.as_str())) {
            Some(prefix) => prefix.to_owned(),
            None => format!("/{}", context.stage.as_deref().unwrap_or_default()),
        };
        // Without a domain an address is relative to that of the request, which headers may have too.
        let origin = context.domain_name.as_ref().map(|domain| format!("https://{domain}")).unwrap_or_default();
        Self {
            request_id: context.request_id.clone().or_else(invocation).unwrap_or_default(),
            base_url: origin + &prefix,
            route,
        }
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::request;

    use super::*;

    const ROUTES: [Route; 2] =
        [Route { method: "GET", path: "/pets" }, Route { method: "DELETE", path: "/pets/{petId}" }];

    /// An event of the resource, as API Gateway would send it for this `path` and `requestContext.path`.
    fn place(method: &str, resource: &str, path: &str, public: &str, domain: &str) -> Place {
        let event = format!(
            r#"{{
                "httpMethod": "{method}", "path": "{path}", "headers": {{"Host": "evil.example", "X-Forwarded-Proto": "http"}},
                "requestContext": {{
                    "httpMethod": "{method}", "resourcePath": "{resource}", "path": "{public}", "stage": "test",
                    "domainName": {domain}, "requestId": "id-1"
                }}
            }}"#
        );
        Place::of(&request::from_str(&event).unwrap(), &ROUTES)
    }

    #[test]
    fn the_public_address_is_the_domain_with_what_stands_before_the_resource() {
        let check = |path: &str, public: &str, base_url: &str| {
            let place = place("GET", "/pets", path, public, r#""api.example""#);
            assert_eq!((place.base_url.as_str(), place.request_id.as_str()), (base_url, "id-1"), "{path} {public}");
            assert_eq!(place.route, Some((ROUTES[0], "/pets".to_owned())), "{path} {public}");
        };
        check("/pets", "/test/pets", "https://api.example/test");
        check("/test/pets", "/test/pets", "https://api.example/test");
        // A domain of one's own, without and with a mapping.
        check("/pets", "/pets", "https://api.example");
        check("/shop/pets", "/shop/pets", "https://api.example/shop");
        // A context that says less.
        check("/pets", "", "https://api.example/test");
    }

    #[test]
    fn without_a_domain_the_address_is_relative_and_never_the_callers_word() {
        assert_eq!(place("GET", "/pets", "/pets", "/test/pets", "null").base_url, "/test");
    }

    #[test]
    fn the_path_is_taken_as_it_was_sent() {
        let route = |path: &str| place("DELETE", "/pets/{petId}", path, "", "null").route.map(|(_, path)| path);
        for path in ["/pets/%31", "/pets/..", "/pets/%2e%2e", "/pets/purchase"] {
            assert_eq!(route(path).as_deref(), Some(path));
        }
    }

    #[test]
    fn an_event_of_another_function_has_no_route() {
        for (method, resource, path) in [
            ("POST", "/pets", "/pets"),
            ("POST", "/pets/purchase", "/pets/purchase"),
            ("GET", "/pets/purchase", "/pets"),
            ("GET", "/pets", "/pets/purchase"),
            ("GET", "", "/pets"),
            ("DELETE", "/pets", "/pets/1"),
        ] {
            assert_eq!(place(method, resource, path, path, "null").route, None, "{method} {resource} {path}");
        }
    }
}
