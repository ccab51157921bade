//! A call that the API doesn't have: which it has that come near.

use domain::{Advice, Place};
use template::{Api, View, path};

use crate::{call::Call, table::pattern};

/// What is near; the API's paths where nothing is.
pub(crate) fn for_route(documents: View<'_>, api: &Api, call: &Call) -> Vec<Advice> {
    let place = |line| Some(Place { file: documents.file.to_owned(), line });
    let methods = methods(api, &call.path);
    if let Some((_, line)) = methods.first() {
        let names: Vec<_> = methods.iter().map(|(method, _)| method.as_str()).collect();
        let says = format!("This path has {}.", names.join(" and "));
        let remedy = format!("Call one of these, or add an AWS::ApiGateway::Method for {} beside it.", call.method);
        return vec![Advice { says, remedy, at: place(*line) }];
    }
    // The difference is undone, and what is left is asked for.
    let behind_stage = call.path.strip_prefix('/').and_then(|rest| rest.strip_prefix(api.stage.as_str()));
    let without_slashes =
        format!("/{}", call.path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    let others = [
        (behind_stage.map(str::to_owned), "The stage is no part of a call's path here."),
        (Some(without_slashes), "API Gateway takes each slash to the letter, and this path has one too many."),
    ];
    for (path, says) in others {
        let Some(path) = path.filter(|path| *path != call.path) else { continue };
        let has = path::segments(&path).and_then(|segments| api.route(&call.method, &segments));
        if let Some(route) = has {
            let remedy = format!("Ask for {} {path}", call.method);
            return vec![Advice { says: says.to_owned(), remedy, at: place(route.line) }];
        }
    }
    let mut paths: Vec<_> = api.routes.iter().map(pattern).collect();
    paths.sort();
    paths.dedup();
    let says = "No path of this API is like that one.".to_owned();
    vec![Advice { says, remedy: format!("It has {}.", paths.join(", ")), at: None }]
}

/// The methods on a path, each with its line, preflights left out.
fn methods(api: &Api, path: &str) -> Vec<(String, usize)> {
    let Some(segments) = path::segments(path) else { return Vec::new() };
    let known = api.routes.iter().filter(|route| route.method != "OPTIONS");
    let mut found: Vec<_> = known
        .filter_map(|route| api.route(route.method.as_str(), &segments))
        .map(|route| (route.method.to_string(), route.line))
        .collect();
    found.sort();
    found.dedup();
    found
}
