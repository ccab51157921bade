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

/// Of a role, whatever it is about.
fn of(role: &Role) -> Vec<PassedOver> {
    [&role.trust_passed_over[..], &role.passed_over[..]].concat()
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
    assert!(documents.roles.iter().all(|role| role.passed_over.is_empty() && role.trust_passed_over.is_empty()));
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

/// A template in JSON as a tool writes it, with the long forms.
const JSON: &str = r#"{
	"Parameters": { "Domain": { "Type": "String", "Default": "tenant.eu.auth0.com", "MinLength": "1" } },
	"Mappings": { "Stages": { "us-east-1": { "Name": "live", "Rates": ["1", "2"] } } },
	"Rules": { "Anything": { "Assertions": [] } },
	"Conditions": { "Live": { "Fn::Equals": [{ "Fn::FindInMap": ["Stages", { "Ref": "AWS::Region" }, "Name"] }, "live"] } },
	"Resources": {
		"Issuer": { "Type": "AWS::IAM::OIDCProvider", "Properties": {
			"Url": { "Fn::Join": ["", ["https://", { "Ref": "Domain" }, "/"]] }, "ClientIdList": ["app"] } },
		"Buyer": { "Type": "AWS::IAM::Role", "Properties": {
			"AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": {
				"Effect": "Allow",
				"Principal": { "Federated": { "Ref": "Issuer" } },
				"Action": "sts:AssumeRoleWithWebIdentity" } },
			"ManagedPolicyArns": [{ "Ref": "Buys" }, { "Ref": "Buys" }],
			"Policies": [{ "PolicyName": "files", "PolicyDocument": { "Version": "2012-10-17", "Statement": [
				{ "Effect": "Allow",
				  "Action": "s3:GetObject",
				  "Resource": { "Fn::Sub": "${Files.Arn}/${Queue.QueueName}" } } ] } }]
		} },
		"Buys": { "Type": "AWS::IAM::ManagedPolicy", "Properties": {
			"Roles": [{ "Ref": "Buyer" }], "Users": ["x"],
			"PolicyDocument": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"execute-api:Invoke\", \"Resource\": \"*\"}]}" } },
		"Files": { "Type": "AWS::S3::Bucket", "Properties": { "Tags": [{ "Fn::ImportValue": "elsewhere" }] } },
		"Queue": { "Type": "AWS::SQS::Queue" },
		"Clerk": { "Type": "Custom::Whatever", "Properties": { "Token": { "Fn::GetAtt": ["Queue", "Arn"] } } },
		"Api": { "Type": "AWS::ApiGateway::RestApi", "Properties": { "Name": "shop", "MinimumCompressionSize": 0 } },
		"Orders": { "Type": "AWS::ApiGateway::Resource", "Properties": {
			"RestApiId": { "Ref": "Api" }, "ParentId": { "Fn::GetAtt": ["Api", "RootResourceId"] }, "PathPart": "orders" } },
		"Any": { "Type": "AWS::ApiGateway::Method", "Properties": { "RestApiId": { "Ref": "Api" }, "ResourceId": { "Ref": "Orders" },
			"HttpMethod": "ANY", "AuthorizationType": "AWS_IAM", "Integration": { "Type": "HTTP_PROXY" } } },
		"Look": { "Type": "AWS::ApiGateway::Method", "Condition": "Live", "Properties": { "RestApiId": { "Ref": "Api" },
			"ResourceId": { "Ref": "Orders" }, "HttpMethod": "GET", "AuthorizationType": "COGNITO_USER_POOLS" } },
		"Deployment": { "Type": "AWS::ApiGateway::Deployment", "Properties": { "RestApiId": { "Ref": "Api" }, "StageName": "live" } }
	},
	"Outputs": {
		"Role": { "Value": { "Fn::GetAtt": ["Buyer", "Arn"] }, "Export": { "Name": "role" } },
		"Site": { "Value": { "Fn::GetAtt": ["Files", "WebsiteURL"] } }
	}
}
"#;

#[test]
fn a_template_in_json_by_others_is_understood() {
    let documents = read(JSON);
    check(&documents.passed_over, &[]);
    let [role] = documents.roles.as_slice() else { panic!("{:#?}", documents.roles) };
    check(&role.passed_over, &[]);
    assert_eq!((role.name.as_str(), role.arn.as_str()), ("Buyer", "arn:aws:iam::123456789012:role/Buyer"));
    let names: Vec<_> = role.permissions.iter().map(iam::Policy::name).collect();
    assert_eq!(names, ["files", "Buys"]);
    assert_eq!(documents.providers[0].arn, "arn:aws:iam::123456789012:oidc-provider/tenant.eu.auth0.com/");
    assert_eq!(documents.outputs, given([("Role", "arn:aws:iam::123456789012:role/Buyer")]));
    let api = documents.api.as_ref().unwrap();
    assert_eq!(api.arn, "arn:aws:execute-api:us-east-1:123456789012:localstack/live");
    assert_eq!(api.routes.len(), 7);
    let orders = ["orders".to_owned()];
    assert_eq!(api.route("GET", &orders).unwrap().authorization, Authorization::Other("COGNITO_USER_POOLS".into()));
    assert_eq!(api.route("POST", &orders).unwrap().authorization, Authorization::Iam);
    assert!(may(role, &format!("{}/POST/orders", api.arn)));

    let line = |words: &str| JSON.lines().position(|line| line.contains(words)).unwrap() + 1;
    let trust = role.trust.name();
    assert_eq!(role.line_of(trust, 0, None), Some(line("\"Statement\": {")));
    assert_eq!(role.line_of(trust, 0, Some("Principal.Federated")), Some(line("Federated")));
    assert_eq!(role.line_of("files", 0, Some("Resource")), Some(line("Files.Arn")));
    assert_eq!(role.line_of("Buys", 0, Some("Action")), Some(line("\\\"Action\\\"")));
    assert_eq!(
        (documents.providers[0].line, api.route("GET", &orders).unwrap().line),
        (line("\"Issuer\""), line("\"Look\""))
    );
}

const TRUST: &str = "{Statement: {Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {Federated: x}}}";
const ALLOW: &str = "{Statement: {Effect: Allow, Action: 'execute-api:*', Resource: '*'}}";

/// One role with these properties; the first of them is in line 6.
fn role(properties: &str) -> Documents {
    let indented = properties.trim_end().replace('\n', "\n      ");
    let role = format!("  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {TRUST}\n");
    read(&format!("Resources:\n{role}      {indented}\nParameters:\n  Bucket: {{Type: String}}\n"))
}

#[test]
fn what_a_role_has_beyond_the_file_is_named() {
    let noted = |properties: &str, expected: &[(usize, &str)]| {
        let documents = role(properties);
        check(&of(&documents.roles[0]), expected);
        check(&documents.passed_over, &[]);
        documents
    };
    noted("Tags: [{Key: a, Value: !ImportValue b}]", &[]);
    noted("PermissionsBoundary: arn:aws:iam::aws:policy/X", &[(6, "what it forbids")]);
    let managed = "ManagedPolicyArns:\n  - arn:aws:iam::aws:policy/ReadOnlyAccess\n  - !ImportValue policy\n";
    noted(
        managed,
        &[(7, "ReadOnlyAccess isn't in this file"), (8, "ImportValue is not understood here; write its value")],
    );
    let policies = format!(
        "RoleName: !Ref Bucket
Path: /people/
Policies:
  - {{PolicyName: good, PolicyDocument: {ALLOW}}}
  - PolicyName: open
    PolicyDocument:
      Statement:
        - Effect: Allow
          Action: s3:*
          Resource: !Sub arn:aws:s3:::${{Bucket}}/*
  - PolicyName: wrong
    PolicyDocument:
      Statement:
        - Effect: Allow
          Aktion: s3:*
          Resource: '*'
  - {{PolicyName: good, PolicyDocument: {ALLOW}}}
"
    );
    let give = "the parameter Bucket has no value; give it a Default or --parameter Bucket=…";
    let name = (6, give);
    let expected = [name, name, (15, give), (20, "Statement[0].Aktion"), (22, "a second policy of the name good")];
    let documents = noted(&policies, &expected);
    assert_eq!(documents.roles[0].name, "Role");
    assert!(may(&documents.roles[0], "arn:aws:execute-api:us-east-1:123456789012:x/y/GET/z"));
}

#[test]
fn a_parameter_that_is_given_is_known() {
    let source = format!(
        "Parameters: {{Name: {{Type: String, AllowedPattern: '[a-z]+', Default: '7'}}, Key: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}}}}
Resources: {{Role: {{Type: AWS::IAM::Role, Properties: {{RoleName: !Sub '${{Name}}-${{Key}}', AssumeRolePolicyDocument: {TRUST}}}}}}}
"
    );
    assert_eq!(read(&source).roles[0].name, "Role");
    let documents = Documents::parse(&source, &given([("Name", "a"), ("Key", "k")])).unwrap();
    assert_eq!(documents.roles[0].name, "a-k");
    check(&documents.roles[0].passed_over, &[]);
    for wrong in [[("Name", "A")], [("Names", "a")], [("AWS::NoValue", "a")]] {
        let error = Documents::parse(&source, &given(wrong)).unwrap_err();
        assert!(error.line == 1 && error.message.contains(wrong[0].0), "{error}");
    }
}

#[test]
fn a_trust_policy_that_can_not_be_read_is_nobodys() {
    let source = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          Effect: Alow\n";
    let documents = read(source);
    let role = &documents.roles[0];
    check(&role.trust_passed_over, &[(7, "Statement.Effect: should be one of Allow, Deny")]);
    let request = iam::Request {
        principal: iam::Principal::Federated("x".into()),
        action: "sts:AssumeRoleWithWebIdentity".into(),
        resource: String::new(),
        context: iam::Context::new(),
    };
    let decision = iam::decide(std::slice::from_ref(&role.trust), &request);
    assert_eq!(decision.outcome, iam::Outcome::ImplicitlyDenied);
    assert_eq!(role.line_of(role.trust.name(), 0, None), Some(2));
}

#[test]
fn a_document_that_is_put_together_has_the_line_of_its_property() {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    let documents = role(&format!(
        "Policies:\n  - PolicyName: joined\n    PolicyDocument:\n      !Join\n        - ''\n        - - '{text}'\n"
    ));
    check(&documents.roles[0].passed_over, &[]);
    assert_eq!(documents.roles[0].line_of("joined", 0, Some("Action")), Some(8));
}

#[test]
fn sam_and_others_are_named_with_the_remedy() {
    let documents = read(&format!(
        "Transform: [AWS::Serverless-2016-10-31, Mine]
Globals: {{Function: {{Timeout: 3}}}}
Resources:
  Own:
    Type: AWS::Serverless::Function
    Properties: {{Events: {{Get: {{Type: Api}}}}}}
  With:
    Type: AWS::Serverless::Function
    Properties: {{Role: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties: {{AssumeRolePolicyDocument: {TRUST}}}
  Http:
    Type: AWS::Serverless::HttpApi
  Two:
    Type: AWS::ApiGatewayV2::Api
  Three: {{Type: AWS::ApiGatewayV2::Api}}
  Table:
    Type: AWS::Serverless::SimpleTable
  Nested:
    Type: AWS::CloudFormation::Stack
  Fn::ForEach::Role: [A, [x], {{}}]
  Wrong: {{Properties: {{}}}}
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: {{Url: '{{{{resolve:ssm:/issuer}}}}'}}
"
    ));
    check(
        &documents.passed_over,
        &[
            (1, "a macro may change everything"),
            (5, "name the template that it makes of this one"),
            (14, "only those of an AWS::ApiGateway::RestApi"),
            (16, "only those of an AWS::ApiGateway::RestApi"),
            (21, "what stands in the other template"),
            (22, "makes resources that aren't read"),
            (23, "Wrong has no Type"),
            (26, "its value isn't in the file"),
        ],
    );
    assert!(documents.api.is_none() && documents.providers.is_empty());
    check(&documents.roles[0].passed_over, &[]);
}

#[test]
fn of_several_apis_the_guarded_one_is_read() {
    let api = |name: &str, authorization: &str, more: &str| {
        format!(
            "  {name}: {{Type: AWS::ApiGateway::RestApi, Properties: {{{more}}}}}
  {name}Stage: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref {name}, StageName: {name}S}}}}
  {name}Part: {{Type: AWS::ApiGateway::Resource, Properties: {{RestApiId: !Ref {name}, ParentId: !GetAtt {name}.RootResourceId, PathPart: '{{proxy+}}'}}}}
  {name}Deep: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref {name}, ResourceId: !Ref {name}Part, HttpMethod: ANY}}}}
  {name}Get: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref {name}, ResourceId: !GetAtt {name}.RootResourceId, HttpMethod: GET, AuthorizationType: {authorization}}}}}
"
        )
    };
    let two = format!("Resources:\n{}{}", api("A", "NONE", ""), api("B", "AWS_IAM", "Policy: {}"));
    let documents = read(&two);
    check(&documents.passed_over, &[(7, "a resource policy"), (9, "B.PathPart".replace("B.", "BPart.").as_str())]);
    let api_read = documents.api.unwrap();
    assert_eq!((api_read.id.as_str(), api_read.stage.as_str(), api_read.routes.len()), ("B", "BS", 1));
    let three = format!("{two}{}", api("C", "AWS_IAM", ""));
    check(
        &read(&three).passed_over,
        &[(7, "resource policy"), (9, "{proxy+}"), (12, "C is a second API; only the calls of B")],
    );
    let method = "Resources: {Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: x}}}";
    check(&read(method).passed_over, &[(1, "an API that isn't in this file")]);
    let no_stage = "Resources: {Api: {Type: AWS::ApiGateway::RestApi}}";
    check(&read(no_stage).passed_over, &[(1, "no stage in this file")]);
}

#[test]
fn what_is_no_template_is_refused_with_file_and_line() {
    for source in ["", "hello", "- a\n", "Outputs: {}\n", "Resources: []\n", "Resources: {\n", "Resources: *x\n"] {
        assert!(Documents::parse(source, &BTreeMap::new()).is_err(), "{source}");
    }
    let error = Documents::load(Path::new("no-such.yaml"), &BTreeMap::new()).unwrap_err();
    assert!(error.to_string().starts_with("no-such.yaml:1: can't be read"), "{error}");
}

#[test]
fn a_template_that_grows_ends_the_reading() {
    let names = |next: usize| format!("${{N{next}}}").repeat(10);
    let grow: String = (0..12)
        .map(|at| {
            format!(
                "  N{at}: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub '{}'}}}}\n",
                names(at + 1)
            )
        })
        .collect();
    let arn = "  Role: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: [!GetAtt N0.Arn]}}\n";
    let source =
        format!("Resources:\n{grow}  N12: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: x}}}}\n{arn}");
    let read = Documents::parse(&source, &BTreeMap::new());
    assert!(read.is_err_and(|error| error.message.contains("references multiply")));
}
