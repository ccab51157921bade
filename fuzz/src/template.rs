//! Templates. The input is the text of one.
//!
//! - It is understood, or refused with a line that it has, or with its end; the same way each time, and with a comment in front of it
//!   one line further down.
//! - What is understood stands in the text: no more roles, providers, functions, tables and methods than their types
//!   are named; no right where `Allow` isn't written; no right over what the text doesn't name, unless it has a wildcard.
//! - Whoever reads it for its documents alone reads the same as who obeys it, where that can be; of any other template too
//!   only what stands in it, with lines that it has.
//! - It is whole: a method's function is there, a function's role is there, names are unique, sessions have an end.
//! - It takes no more time and memory than libFuzzer's limits leave, whatever refers to what.

use std::collections::BTreeMap;

use iam::{Context, Policy, Principal, Request};
use template::{ACCOUNT, Documents, Error, Integration, PARTITION, PassedOver, Role, Template, View};

use crate::Outcome;

/// What the local stack sets, if the template asks for it.
const PARAMETERS: [(&str, &str); 4] = [
    ("Auth0Domain", "localhost:9000"),
    ("IssuerPath", "/idp/"),
    ("Auth0ClientId", "pets-spa"),
    ("AllowedOrigin", "http://localhost:8080"),
];

/// Reads a template.
pub fn check(input: &[u8]) -> Outcome {
    let Ok(text) = std::str::from_utf8(input) else { return Outcome::Refused };
    let read = parse(text);
    assert_eq!(format!("{:?}", parse(text)), format!("{read:?}"), "the second reading is another one");
    comment_moves_lines(text, &read);
    documents(text, &read);
    match read {
        Ok(template) => {
            stands_in(text, template.documents(), 1);
            functions_stand_in(text, &template);
            is_whole(&template);
            Outcome::Taken
        }
        Err(error) => {
            is_there(text, &error);
            Outcome::Refused
        }
    }
}

fn is_there(text: &str, Error { line, message, .. }: &Error) {
    let ends = lines(text);
    assert!((1..=ends).contains(line), "line {line} isn't there: {message}");
    assert!(!message.is_empty(), "a refusal without a word");
}

/// YAML's line ends. The end of the text has the number of the line after the last.
fn lines(text: &str) -> usize {
    text.replace("\r\n", "\n").matches(['\n', '\r']).count() + 2
}

/// The reading for documents alone.
fn documents(text: &str, strict: &Result<Template, Error>) {
    let mut parameters = parameters(text);
    parameters.insert("AWS::StackName".to_owned(), "pets".to_owned());
    let documents = match (Documents::parse(text, &parameters), strict) {
        (Ok(documents), _) => documents,
        (Err(error), Err(_)) => return is_there(text, &error),
        (Err(error), Ok(_)) => panic!("who obeys it takes it, who explains it doesn't: {error}"),
    };
    let view = documents.view();
    if let Ok(strict) = strict {
        assert_eq!(format!("{view:?}"), format!("{:?}", strict.documents()), "the two readings differ");
    }
    // ANY is seven methods.
    stands_in(text, view, 7);
    let lines = 1..=lines(text);
    let noted = |noted: &[PassedOver]| noted.iter().all(|one| lines.contains(&one.line) && !one.message.is_empty());
    assert!(
        noted(view.passed_over)
            && view.roles.iter().all(|role| noted(&role.trust_passed_over) && noted(&role.passed_over)),
        "a line that isn't there"
    );
    for role in view.roles {
        for name in role.permissions.iter().chain([&role.trust]).map(Policy::name) {
            let line = role.line_of(name, 0, Some("Action"));
            assert!(line.is_some_and(|line| lines.contains(&line)), "{name} is in line {line:?}");
        }
    }
}

fn parse(text: &str) -> Result<Template, Error> {
    Template::parse(text, &parameters(text))
}

fn parameters(text: &str) -> BTreeMap<String, String> {
    let asked = |(name, _): &(&str, &str)| text.contains(&format!("{name}:"));
    let parameters = PARAMETERS.iter().filter(|given| asked(given));
    parameters.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Line 1 is also where the whole is meant.
fn comment_moves_lines(text: &str, read: &Result<Template, Error>) {
    // Nothing may stand in front of these.
    if text.starts_with(['%', '\u{feff}']) {
        return;
    }
    match (read, parse(&format!("# a comment\n{text}"))) {
        (Ok(_), Ok(_)) => {}
        (Err(error), Err(moved)) => {
            let expected = [1, error.line + 1];
            assert!(expected.contains(&moved.line), "line {} became {}: {}", error.line, moved.line, error.message);
        }
        (_, other) => panic!("with a comment in front it is {other:?}"),
    }
}

fn functions_stand_in(text: &str, template: &Template) {
    // Behind a backslash every letter can hide.
    if text.contains('\\') {
        return;
    }
    let named = |kind: &str| text.matches(kind).count();
    assert!(template.functions.len() <= named("AWS::Lambda::Function"), "functions that nobody wrote");
    assert!(template.tables.len() <= named("AWS::DynamoDB::Table"), "tables that nobody wrote");
}

fn stands_in(text: &str, template: View<'_>, methods: usize) {
    // Behind a backslash every letter can hide.
    if text.contains('\\') {
        return;
    }
    let named = |kind: &str| text.matches(kind).count();
    assert!(template.roles.len() <= named("AWS::IAM::Role"), "roles that nobody wrote");
    assert!(template.providers.len() <= named("AWS::IAM::OIDCProvider"), "providers that nobody wrote");
    let routes = template.api.map_or(0, |api| api.routes.len());
    assert!(routes <= methods * named("AWS::ApiGateway::Method"), "methods that nobody wrote");

    // A function or a parameter may put a word together.
    let literal = !text.contains(['!', '$']) && !text.contains("Fn::") && !text.contains("Ref");
    let allows = text.contains("Allow") || !literal;
    // `Not…` means all the rest, and the document in a text may be escaped a second time.
    let open = text.contains(['*', '?']) || text.contains("Not");
    for role in template.roles {
        for request in strangers() {
            let may =
                is_allowed(std::slice::from_ref(&role.trust), &request) || is_allowed(&role.permissions, &request);
            assert!(!may || allows, "{} has a right without Allow", role.name);
            assert!(!may || open || text.contains("stranger"), "{} has a right over what isn't named", role.name);
        }
    }
}

/// Who and what no template knows.
fn strangers() -> [Request; 3] {
    let request = |principal, action: &str, resource: &str| Request {
        principal,
        action: action.to_owned(),
        resource: resource.to_owned(),
        context: Context::new(),
    };
    let issuer = format!("arn:{PARTITION}:iam::{ACCOUNT}:oidc-provider/stranger.example.com/");
    [
        request(Principal::Federated(issuer), "sts:AssumeRoleWithWebIdentity", ""),
        request(Principal::Service("stranger.amazonaws.com".to_owned()), "sts:AssumeRole", ""),
        request(Principal::Anonymous, "s3:GetObject", "arn:aws:s3:::stranger/key"),
    ]
}

fn is_allowed(policies: &[Policy], request: &Request) -> bool {
    iam::decide(policies, request).is_allowed()
}

fn is_whole(template: &Template) {
    let once = |names: Vec<&str>| names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
    assert!(once(template.roles.iter().map(|role| role.name.as_str()).collect()), "two roles of one name");
    let is_role = |arn: &str| template.roles.iter().any(|role| role.arn == arn);
    for Role { arn, id, max_session_seconds, .. } in &template.roles {
        assert!(arn.starts_with(&format!("arn:{PARTITION}:iam::{ACCOUNT}:role")), "{arn} is no role's");
        assert!(id.starts_with("AROA") && id.len() == 21, "{id} is no role's id");
        assert!((3600..=43_200).contains(max_session_seconds), "a session of {max_session_seconds} s");
    }
    for function in template.functions.values() {
        assert!(is_role(&function.role.arn), "{} runs as nobody", function.name);
    }
    for (at, route) in template.api.routes.iter().enumerate() {
        if let Integration::Function(id) = &route.integration {
            assert!(template.functions.contains_key(id), "nobody answers {:?}", route.path);
        }
        let twice =
            template.api.routes[..at].iter().any(|other| other.method == route.method && other.path == route.path);
        assert!(!twice, "two answers to {} {:?}", route.method, route.path);
    }
}
