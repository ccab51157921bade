//! Every call of the API by every role that people can have, and by everybody. A path's parameter is asked for as `1`.

use domain::{AccessCall, AccessRole, AccessTable, Step, StepName, Verdict};
use iam::{Context, Element};
use template::{Role, Route, Segment, View};

use crate::{
    call::Call,
    journey::{SESSION_NAME, Target, call_step, issued, open, provider_of, step},
    question::{CallSession, Person},
    words::UNSIGNED,
};

/// The table. Where `person` is known, their claims count in it.
pub fn table(documents: View<'_>, person: Option<&Person>, circumstances: &Context) -> AccessTable {
    let people: Vec<&Role> = documents.roles.iter().filter(|role| is_for_people(role)).collect();
    let provider = match person {
        Some(person) => provider_of(documents, &person.issuer),
        None => documents.providers.first().filter(|_| documents.providers.len() == 1),
    };
    let session = CallSession { name: SESSION_NAME, issued: issued(circumstances), provider, person };
    let role = |role: &&Role| AccessRole { name: role.name.clone(), arn: Some(role.arn.clone()) };
    let visitor = AccessRole { name: "visitor".into(), arn: None };
    let roles = std::iter::once(visitor).chain(people.iter().map(role)).collect();

    let mut routes: Vec<&Route> = documents.api.map(|api| api.routes.iter().collect()).unwrap_or_default();
    // A preflight is no call of anybody's.
    routes.retain(|route| route.method != "OPTIONS");
    routes.sort_by_key(|route| (pattern(route), route.method.to_string()));
    let row = |route: &Route| {
        let call = Call { method: route.method.to_string(), path: path(route, |_| "1".into()) };
        let cells = match Target::of(documents, &call) {
            Err(step) => vec![step; people.len() + 1],
            Ok(target) if target.is_open() => vec![open(); people.len() + 1],
            Ok(target) => {
                let roles = people.iter().map(|role| call_step(documents, role, &session, &target, circumstances));
                std::iter::once(unsigned()).chain(roles).collect()
            }
        };
        AccessCall { call: format!("{} {}", route.method, pattern(route)), cells }
    };
    AccessTable { roles, calls: routes.into_iter().map(row).collect() }
}

fn unsigned() -> Step {
    step(StepName::Call, Verdict::Refused, UNSIGNED)
}

/// A route's path as the API has it: `/pets/{petId}`.
pub(crate) fn pattern(route: &Route) -> String {
    path(route, |name| format!("{{{name}}}"))
}

fn path(route: &Route, parameter: impl Fn(&str) -> String) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Literal(text) => format!("/{text}"),
        Segment::Parameter(name) => format!("/{}", parameter(name)),
    };
    if route.path.is_empty() { "/".into() } else { route.path.iter().map(segment).collect() }
}

/// Whether anybody but AWS's services may have it.
pub(crate) fn is_for_people(role: &Role) -> bool {
    let nobody = iam::Request {
        principal: iam::Principal::Anonymous,
        action: String::new(),
        resource: String::new(),
        context: Context::new(),
    };
    let explanation = iam::explain(std::slice::from_ref(&role.trust), &nobody);
    let checks = explanation.statements.iter().flat_map(|statement| &statement.checks);
    let mut principals = checks.filter(|check| check.element == Element::Principal).flat_map(|check| &check.wanted);
    principals.any(|principal| !principal.written.starts_with("Service "))
}
