//! Templates. The input is the text of one.
//!
//! - It is understood, or refused with a line that it has, or with its end; the same way each time, and with a comment in front of it
//!   one line further down.
//! - What is understood stands in the text: no more roles, providers, functions, tables and methods than their types
//!   are named; no right where `Allow` isn't written; no right over what the text doesn't name, unless it has a wildcard.
//! - It is whole: a method's function is there, a function's role is there, names are unique, sessions have an end.
//! - It takes no more time and memory than libFuzzer's limits leave, whatever refers to what.

use std::collections::BTreeMap;

use iam::{Context, Policy, Principal, Request};
use template::{ACCOUNT, Error, Integration, PARTITION, Role, Template};

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
    match read {
        Ok(template) => {
            stands_in(text, &template);
            is_whole(&template);
            Outcome::Taken
        }
        Err(Error { line, message, .. }) => {
            // YAML's line ends. The end of the text has the number of the line after the last.
            let ends = text.replace("\r\n", "\n").matches(['\n', '\r']).count();
            assert!((1..=ends + 2).contains(&line), "line {line} isn't there: {message}");
            assert!(!message.is_empty(), "a refusal without a word");
            Outcome::Refused
        }
    }
}

fn parse(text: &str) -> Result<Template, Error> {
    let asked = |(name, _): &(&str, &str)| text.contains(&format!("{name}:"));
    let parameters = PARAMETERS.iter().filter(|given| asked(given));
    let parameters: BTreeMap<_, _> =
        parameters.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::parse(text, &parameters)
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

fn stands_in(text: &str, template: &Template) {
    // Behind a backslash every letter can hide.
    if text.contains('\\') {
        return;
    }
    let named = |kind: &str| text.matches(kind).count();
    assert!(template.roles.len() <= named("AWS::IAM::Role"), "roles that nobody wrote");
    assert!(template.providers.len() <= named("AWS::IAM::OIDCProvider"), "providers that nobody wrote");
    assert!(template.functions.len() <= named("AWS::Lambda::Function"), "functions that nobody wrote");
    assert!(template.tables.len() <= named("AWS::DynamoDB::Table"), "tables that nobody wrote");
    assert!(template.api.routes.len() <= named("AWS::ApiGateway::Method"), "methods that nobody wrote");

    // A function or a parameter may put a word together.
    let literal = !text.contains(['!', '$']) && !text.contains("Fn::") && !text.contains("Ref");
    let allows = text.contains("Allow") || !literal;
    // `Not…` means all the rest, and the document in a text may be escaped a second time.
    let open = text.contains(['*', '?']) || text.contains("Not");
    for role in &template.roles {
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
