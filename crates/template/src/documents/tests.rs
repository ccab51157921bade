use std::fmt::Debug;

use super::*;
use crate::{Authorization, Template};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml");

fn given<const N: usize>(values: [(&str, &str); N]) -> BTreeMap<String, String> {
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn read(source: &str) -> Documents {
    Documents::parse(source, &BTreeMap::new()).unwrap()
}

fn messages(passed_over: &[PassedOver]) -> Vec<(usize, &str)> {
    passed_over.iter().map(|PassedOver { line, message }| (*line, message.as_str())).collect()
}

/// Whether exactly this was passed over: each line, and words of each message.
fn check(passed_over: &[PassedOver], expected: &[(usize, &str)]) {
    let found = messages(passed_over);
    let same = |((line, message), (wanted, words)): (&(usize, &str), &(usize, &str))| {
        line == wanted && message.contains(words)
    };
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(same), "{found:#?}\n{expected:#?}");
}

fn may(role: &Role, resource: &str) -> bool {
    let request = iam::Request {
        principal: iam::Principal::Anonymous,
        action: "execute-api:Invoke".into(),
        resource: resource.into(),
        context: iam::Context::new(),
    };
    iam::decide(&role.permissions, &request).is_allowed()
}

#[test]
fn both_readings_understand_the_deployed_template_alike() {
    let parameters = given([
        ("Auth0Domain", "localhost:9000"),
        ("IssuerPath", "/idp/"),
        ("Auth0ClientId", "pets-spa"),
        ("StageName", "x"),
    ]);
    let strict = Template::load(Path::new(FILE), &parameters).unwrap();
    let place = given([("AWS::StackName", "pets"), ("AWS::Region", "us-east-1")]);
    let documents = Documents::load(Path::new(FILE), &parameters.clone().into_iter().chain(place).collect()).unwrap();
    let same = |one: &dyn Debug, other: &dyn Debug| assert_eq!(format!("{one:#?}"), format!("{other:#?}"));
    assert_eq!(documents.file, strict.file);
    same(&strict.documents(), &documents.view());
    assert_eq!(messages(&documents.passed_over), []);
    assert!(documents.roles.iter().all(|role| role.passed_over.is_empty()));
}

#[test]
fn another_place_moves_every_arn() {
    let parameters = given([
        ("Auth0Domain", "localhost:9000"),
        ("Auth0ClientId", "pets-spa"),
        ("AWS::AccountId", "210987654321"),
        ("AWS::Region", "cn-north-1"),
        ("AWS::Partition", "aws-cn"),
        ("AWS::StackName", "shop"),
    ]);
    let documents = Documents::load(Path::new(FILE), &parameters).unwrap();
    let api = documents.api.as_ref().unwrap();
    assert_eq!(api.arn, "arn:aws-cn:execute-api:cn-north-1:210987654321:localstack/test");
    assert_eq!(documents.roles[0].arn, "arn:aws-cn:iam::210987654321:role/auth0-api-role");
    assert!(may(&documents.roles[0], &format!("{}/POST/pets", api.arn)));
    assert_eq!(documents.providers[0].arn, "arn:aws-cn:iam::210987654321:oidc-provider/localhost:9000/");
    assert!(documents.roles.iter().any(|role| role.name == "shop-ListFunctionRole"));
    let text = format!("{:?}", documents.view());
    assert!(!text.contains("arn:aws:") && !text.contains("123456789012") && !text.contains("us-east-1"), "{text}");
}
