use std::{collections::BTreeMap, net::Ipv4Addr, path::Path};

use template::Template;
use time::OffsetDateTime;

use super::*;
use crate::question::circumstances;

fn template() -> Template {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml"));
    let parameters = [("Auth0Domain", "tenant.auth0.com"), ("Auth0ClientId", "pets-spa")];
    let parameters: BTreeMap<_, _> = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Template::load(file, &parameters).unwrap()
}

fn person(subject: &str) -> Person {
    Person {
        issuer: "https://tenant.auth0.com/".into(),
        subject: subject.into(),
        audience: "pets-spa".into(),
        amr: Vec::new(),
    }
}

fn now() -> Context {
    circumstances(OffsetDateTime::UNIX_EPOCH, Ipv4Addr::LOCALHOST.into(), None)
}

fn asked(person: &Person, role: Option<&str>, call: &str) -> (Vec<(StepName, Verdict)>, Verdict, String) {
    let template = template();
    let call = (!call.is_empty()).then(|| call.parse().unwrap());
    let journey = journey(template.documents(), person, role, call.as_ref(), &now());
    let last = journey.steps.last().unwrap().says.clone();
    (journey.steps.iter().map(|step| (step.step, step.verdict)).collect(), journey.verdict, last)
}

const WAY: [(StepName, Verdict); 4] = [
    (StepName::Connection, Verdict::Allowed),
    (StepName::IdentitySource, Verdict::Allowed),
    (StepName::Role, Verdict::Allowed),
    (StepName::TrustPolicy, Verdict::Allowed),
];

#[test]
fn a_call_of_ones_own_goes_all_the_way() {
    let (steps, verdict, says) = asked(&person("amazon|fred"), None, "POST /pets/purchase");
    assert_eq!(steps, [&WAY[..], &[(StepName::Call, Verdict::Allowed)]].concat());
    assert_eq!(verdict, Verdict::Allowed);
    assert!(says.starts_with("auth0-api-social-role: allowed by BuyPets of buy-pets ("), "{says}");
    assert!(says.contains("template.yaml:"), "{says}");
}

#[test]
fn a_call_of_another_role_is_refused_by_the_permissions() {
    let (steps, verdict, says) = asked(&person("auth0|betty"), None, "POST /pets/purchase");
    assert_eq!(steps.last(), Some(&(StepName::Call, Verdict::Refused)));
    assert_eq!(verdict, Verdict::Refused);
    assert!(says.contains("no statement allows it; ManagePets of manage-pets"), "{says}");
    assert!(says.ends_with("differs in Resource"), "{says}");
}

#[test]
fn a_role_that_is_asked_for_and_isnt_allowed_ends_at_its_trust_policy() {
    let (steps, verdict, says) = asked(&person("amazon|fred"), Some("auth0-api-role"), "DELETE /pets/1");
    assert_eq!(steps, [&WAY[..3], &[(StepName::TrustPolicy, Verdict::Refused)]].concat());
    assert_eq!(verdict, Verdict::Refused);
    assert!(says.ends_with("differs in Condition StringLike tenant.auth0.com/:sub"), "{says}");
    let (_, verdict, says) = asked(&person("amazon|fred"), Some("owner"), "");
    assert_eq!(verdict, Verdict::Refused);
    assert!(says.starts_with("owner is no role of"), "{says}");
}

#[test]
fn somebody_without_a_role_may_look_and_nothing_else() {
    for subject in ["adfs|ida", "AUTH0|1", "auth0", "facebo|1"] {
        let (steps, verdict, _) = asked(&person(subject), None, "POST /pets");
        let end = [(StepName::Role, Verdict::Refused), (StepName::TrustPolicy, Verdict::Refused)];
        assert_eq!((&steps[2..], verdict), (&end[..], Verdict::Refused), "{subject}");
        assert_eq!(asked(&person(subject), None, "GET /pets").1, Verdict::Allowed);
    }
}

#[test]
fn an_issuer_or_a_client_that_isnt_declared_ends_at_the_connection() {
    let wrong = |issuer: &str, audience: &str| {
        let person = Person { issuer: issuer.into(), audience: audience.into(), ..person("amazon|fred") };
        asked(&person, None, "POST /pets/purchase").0
    };
    let end = [(StepName::Connection, Verdict::Refused)];
    assert_eq!(wrong("https://tenant.auth0.com", "pets-spa"), end);
    assert_eq!(wrong("https://other.auth0.com/", "pets-spa"), end);
    assert_eq!(wrong("https://tenant.auth0.com/", "other"), end);
    assert_eq!(asked(&person(""), None, "POST /pets/purchase").0, end);
}

#[test]
fn what_isnt_in_the_api_is_refused() {
    for call in ["GET /orders", "PUT /pets", "GET /pets/", "GET //pets", "DELETE /pets/1/2"] {
        let (_, verdict, says) = asked(&person("amazon|fred"), None, call);
        assert_eq!(verdict, Verdict::Refused, "{call}");
        assert!(says.contains("MissingAuthenticationToken"), "{says}");
    }
}

#[test]
fn the_table_has_every_call_by_every_role_of_people() {
    let template = template();
    let access = access(template.documents(), None, &now());
    let roles: Vec<_> = access.table.roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(roles, ["visitor", "auth0-api-role", "auth0-api-social-role"]);
    let rows = access.table.calls.iter().map(|row| {
        let marks = row.cells.iter().map(|cell| if cell.verdict == Verdict::Allowed { 'y' } else { 'n' });
        (row.call.as_str(), marks.collect::<String>())
    });
    let expected = [
        ("GET /pets", "yyy"),
        ("POST /pets", "nyn"),
        ("POST /pets/purchase", "nny"),
        ("GET /pets/purchases", "nny"),
        ("GET /pets/sales", "nyn"),
        ("DELETE /pets/{petId}", "nyn"),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected.map(|(call, marks)| (call, marks.to_owned())));
}

#[test]
fn what_the_page_expects_is_what_the_documents_say() {
    let template = template();
    let table = access(template.documents(), None, &now()).table;
    let roles = [None, Some(domain::Role::Admin), Some(domain::Role::Buyer)];
    assert_eq!(table.calls.len(), domain::CALLS.len());
    for (row, call) in table.calls.iter().zip(domain::CALLS) {
        assert_eq!(row.call, call.to_string());
        for (cell, role) in row.cells.iter().zip(roles) {
            assert_eq!(cell.verdict == Verdict::Allowed, call.is_for(role), "{call} by {role:?}");
        }
    }
}
