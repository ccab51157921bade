use std::collections::BTreeMap;

use super::*;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml");

fn source() -> String {
    fs::read_to_string(FILE).unwrap()
}

fn parameters() -> BTreeMap<String, String> {
    [
        ("Auth0Domain", "localhost:9000"),
        ("IssuerPath", "/idp/"),
        ("Auth0ClientId", "pets-spa"),
        ("AllowedOrigin", "http://localhost:8080"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn parse(source: &str) -> Result<Template, Error> {
    Template::parse(source, &parameters())
}

/// The template with `new` in place of `old`, which must be in it, and the line (from 1) where `new` begins.
fn mutated(old: &str, new: &str) -> (String, usize) {
    let source = source();
    let at = source.find(old).unwrap_or_else(|| panic!("{old} is in the template"));
    (source.replacen(old, new, 1), source[..at].lines().count().max(1) + usize::from(source[..at].ends_with('\n')))
}

fn web_identity(sub: &str) -> iam::Request {
    iam::Request {
        principal: iam::Principal::Federated(format!("arn:aws:iam::{ACCOUNT}:oidc-provider/localhost:9000/idp/")),
        action: "sts:AssumeRoleWithWebIdentity".into(),
        resource: String::new(),
        context: iam::Context::new().with("localhost:9000/idp/:aud", "pets-spa").with("localhost:9000/idp/:sub", sub),
    }
}

#[test]
fn the_deployed_template_is_understood() {
    let template = Template::load(Path::new(FILE), &parameters()).unwrap();
    assert_eq!(template.api.stage, "test");
    let mut routes: Vec<String> = template
        .api
        .routes
        .iter()
        .filter(|route| route.method != http::Method::OPTIONS)
        .map(|route| {
            let path: Vec<_> = route
                .path
                .iter()
                .map(|segment| match segment {
                    Segment::Literal(text) => text.clone(),
                    Segment::Parameter(name) => format!("{{{name}}}"),
                })
                .collect();
            format!("{} /{} {:?}", route.method, path.join("/"), route.authorization)
        })
        .collect();
    routes.sort();
    assert_eq!(
        routes,
        [
            "DELETE /pets/{petId} Iam",
            "GET /pets None",
            "GET /pets/purchases Iam",
            "GET /pets/sales Iam",
            "POST /pets Iam",
            "POST /pets/purchase Iam"
        ]
    );
    let roles: Vec<_> = template.people().map(|role| role.arn.as_str()).collect();
    assert_eq!(
        roles,
        ["arn:aws:iam::123456789012:role/auth0-api-role", "arn:aws:iam::123456789012:role/auth0-api-social-role"]
    );
    assert_eq!(template.providers[0].key_prefix, "localhost:9000/idp/");
    assert_eq!(template.providers[0].client_ids, ["pets-spa"]);
    assert_eq!(template.outputs["AdminRoleArn"], roles[0]);
    assert_eq!(template.outputs["BuyerConnections"], "amazon,google-oauth2,facebook,apple,github");
    assert!(template.functions.values().all(|function| function.environment["BUYER_IDENTITY"] == "verified"));
    for (function, role) in [("ListFunction", "pets-ListFunctionRole"), ("ManageFunction", "pets-ManageFunctionRole")] {
        assert_eq!(template.functions[function].role.name, role);
    }
}

#[test]
fn the_trust_policies_part_the_people() {
    let template = parse(&source()).unwrap();
    let may = |sub: &str| {
        template.decisions(|role| iam::decide(std::slice::from_ref(&role.trust), &web_identity(sub)).is_allowed())
    };
    assert_eq!(may("auth0|1"), [true, false]);
    assert_eq!(may("amazon|1"), [false, true]);
    assert_eq!(may("github|1"), [false, true]);
    for nobody in ["adfs|1", "email|1", "auth0", "xauth0|1", "amazonx|1", ""] {
        assert_eq!(may(nobody), [false, false], "{nobody}");
    }
}

#[test]
fn what_may_change_who_may_do_what_is_refused_with_its_line() {
    let property = |old: &str, new: &str| {
        let (source, line) = mutated(old, new);
        let error = parse(&source).expect_err(new);
        assert_eq!(error.line, line + new.trim_end().lines().count().saturating_sub(1), "{new}: {error}");
    };
    property("      RoleName: auth0-api-role\n", "      PermissionsBoundary: arn:aws:iam::aws:policy/X\n");
    property(
        "      RoleName: auth0-api-role\n",
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n",
    );
    property("      Name: pets\n", "      Policy: {Version: '2012-10-17'}\n");
    property("      AuthorizationType: AWS_IAM\n", "      AuthorizationType: CUSTOM\n");
    property("      AuthorizationType: AWS_IAM\n", "      AuthorizationType: AWS_IAM\n      AuthorizerId: x\n");
    property("      AuthorizationType: NONE\n", "      AuthorizationType: NONE\n      ApiKeyRequired: true\n");
    property("      Type: AWS_PROXY\n", "      Type: HTTP_PROXY\n");
    property("        Type: AWS_PROXY\n", "        Type: AWS_PROXY\n        Credentials: arn:aws:iam::*:user/*\n");
    property("      StageName: !Ref StageName\n", "      StageName: !Ref StageName\n      CacheClusterEnabled: true\n");
    let (source, line) = mutated("Resources:\n", "Transform: AWS::Serverless-2016-10-31\nResources:\n");
    assert_eq!(parse(&source).unwrap_err().line, line);
    property("    Type: AWS::ApiGateway::GatewayResponse\n", "    Type: AWS::ApiGateway::Authorizer\n");
    property("    Type: AWS::ApiGateway::GatewayResponse\n", "    Type: AWS::IAM::UserPolicy\n");
    property("    Type: AWS::ApiGateway::GatewayResponse\n", "    Type: AWS::Lambda::Url\n");
    property("                Effect: Allow\n", "                Effect: Allow\n                Effect: Deny\n");
    property("                Action: execute-api:Invoke\n", "                Action: !GetAZs execute-api:Invoke\n");
}

#[test]
fn a_document_that_iam_refuses_names_its_place() {
    let check = |old: &str, new: &str, place: &str| {
        let (source, line) = mutated(old, new);
        let error = parse(&source).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.message.contains("PolicyDocument") && error.message.contains(place), "{error}");
    };
    let action = "                Action: execute-api:Invoke\n";
    check(action, "                Aktion: execute-api:Invoke\n", "Statement[0].Aktion");
    check(action, "                Action: 7\n", "Statement[0].Action");
    check("                Effect: Allow\n", "                Effect: Alow\n", "Statement[0].Effect");
}

#[test]
fn a_changed_policy_changes_the_decision() {
    let ask = |template: &Template, path: &str| {
        let resource = format!("arn:aws:execute-api:us-east-1:123456789012:{}/test/{path}", template.api.id);
        let request = iam::Request {
            principal: iam::Principal::Anonymous,
            action: "execute-api:Invoke".into(),
            resource,
            context: iam::Context::new(),
        };
        template.decisions(|role| iam::decide(&role.permissions, &request).is_allowed())
    };
    let template = parse(&source()).unwrap();
    assert_eq!(ask(&template, "POST/pets"), [true, false]);
    assert_eq!(ask(&template, "DELETE/pets/7"), [true, false]);
    assert_eq!(ask(&template, "POST/pets/purchase"), [false, true]);
    let changed = parse(&mutated("/POST/pets\n", "/POST/cats\n").0).unwrap();
    assert_eq!(ask(&changed, "POST/pets"), [false, false]);
    let attached = "Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref BuyerRole]
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {Effect: Allow, Action: 'execute-api:*', Resource: '*'}
";
    let changed = parse(&mutated("Resources:\n", attached).0).unwrap();
    assert_eq!(ask(&changed, "POST/pets"), [true, true]);
}

#[test]
fn a_function_runs_with_a_role_of_the_template_that_it_can_have() {
    let check = |old: &str, new: &str, words: &str| {
        let (source, line) = mutated(old, new);
        let error = parse(&source).unwrap_err();
        assert!(error.line == line && error.message.contains(words), "{error}");
    };
    check(
        "      Role: !GetAtt ListFunctionRole.Arn\n",
        "      Role: arn:aws:iam::123456789012:role/other\n",
        "no role",
    );
    check("      Role: !GetAtt ListFunctionRole.Arn\n", "      Role: !GetAtt AdminRole.Arn\n", "lambda.amazonaws.com");
    check(
        "        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs\n",
        "        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess\n",
        "write what it allows into Policies",
    );
    let error = parse(&mutated("      Role: !GetAtt ListFunctionRole.Arn\n", "").0).unwrap_err();
    assert!(error.message.contains("ListFunction.Role is missing"), "{error}");
}

/// Every statement of a role's policies: the policy's name, its index, whether it is a trust policy's.
fn statements(role: &Role) -> Vec<(String, usize, bool)> {
    let policies = [std::slice::from_ref(&role.trust), &role.permissions].concat();
    let statements = iam::explain(&policies, &web_identity("")).statements;
    let one = |trace: iam::StatementTrace| {
        let iam::StatementRef { policy, index, .. } = trace.statement;
        let trust = policy == role.trust.name();
        (policy, index, trust)
    };
    statements.into_iter().map(one).collect()
}

#[test]
fn every_statement_and_element_has_its_line() {
    let source = source();
    let text = |line: usize| source.lines().nth(line - 1).unwrap();
    let mut found = 0;
    for role in parse(&source).unwrap().roles {
        for (policy, index, trust) in statements(&role) {
            let line = |element| role.line_of(&policy, index, element).unwrap();
            let begin = text(line(None)).trim_start();
            assert!(begin == "{" || begin.starts_with("- Sid:") || begin.starts_with("- Effect:"), "{policy}: {begin}");
            let own = if trust { "Principal" } else { "Resource" };
            for element in ["Effect", "Action", own] {
                assert!(
                    text(line(Some(element))).contains(element),
                    "{policy} {element}: {}",
                    text(line(Some(element)))
                );
            }
            assert_eq!(line(Some("NotAction")), line(None));
            if trust && role.name.starts_with("auth0-") {
                assert!(text(line(Some("Condition"))).contains("Condition"));
                assert!(text(line(Some("Condition.StringLike.localhost:9000/idp/:sub"))).contains("\"StringLike\": {"));
            }
            found += 1;
        }
        assert_eq!(role.line_of("another policy", 0, None), None);
    }
    // The bucket's policy has three more.
    assert_eq!(found, source.matches("Effect: Allow").count() + source.matches("\"Effect\": \"Allow\"").count() - 3);
}

#[test]
fn a_condition_decides_what_is_there() {
    let (source, _) =
        mutated("    Type: AWS::IAM::OIDCProvider\n", "    Type: AWS::IAM::OIDCProvider\n    Condition: Nowhere\n");
    let nowhere = "\nConditions:\n  Nowhere: !Not [!Equals [!Ref AWS::Region, us-east-1]]\n";
    let source = source.replacen("\nConditions:\n", nowhere, 1);
    let error = parse(&source).unwrap_err();
    assert!(error.message.contains("Issuer"), "{error}");
}

#[test]
fn functions_give_what_cloudformation_gives() {
    let value = |expression: &str| {
        let source = format!("{}  Probe:\n    Value: {expression}\n", source());
        parse(&source).unwrap().outputs.get("Probe").cloned()
    };
    let check = |expression: &str, expected: &str| assert_eq!(value(expression).as_deref(), Some(expected));
    check("!Sub 'a ${AWS::Region} ${!Literal} ${Api}'", "a us-east-1 ${Literal} localstack");
    check("!Sub ['${x}-${AdminRole}', {x: !Ref StageName}]", "test-auth0-api-role");
    check("!Join ['|', [a, !Ref StageName]]", "a|test");
    check("!Select [1, !Split [',', 'a,b,c']]", "b");
    check("{'Fn::Select': ['0', {Ref: SocialConnections}]}", "amazon");
    check("!GetAtt [AdminRole, Arn]", "arn:aws:iam::123456789012:role/auth0-api-role");
    assert_eq!(value("!If [Missing, a, b]"), None);
}

impl Template {
    /// The roles that only this project's people get; the others are functions' and API Gateway's.
    fn people(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(|role| role.name.starts_with("auth0-"))
    }

    fn decisions(&self, decide: impl Fn(&Role) -> bool) -> Vec<bool> {
        self.people().map(decide).collect()
    }
}

#[test]
fn references_that_multiply_end_the_reading() {
    let line = |name: &str, next: &str| {
        let many = format!("${{{next}}}").repeat(10);
        format!("  {name}: {{Type: AWS::Lambda::Function, Properties: {{FunctionName: !Sub '{many}'}}}}\n")
    };
    let names: String = (0..12).map(|at| line(&format!("N{at}"), &format!("N{}", at + 1))).collect();
    let last = "  N12: {Type: AWS::Lambda::Function, Properties: {FunctionName: x}}\n";
    let probe = "Outputs:\n  Probe:\n    Value: !Ref N0\n";
    let many = source().replacen("\nOutputs:\n", &format!("\n{names}{last}{probe}"), 1);
    assert!(parse(&many).unwrap_err().message.contains("references multiply"));

    let all = |next: usize| vec![format!("!Condition C{next}"); 10].join(", ");
    let conditions: String = (0..9).map(|at| format!("  C{at}: !And [{}]\n", all(at + 1))).collect();
    let (many, _) = mutated("\nConditions:\n", &format!("\nConditions:\n{conditions}  C9: !Equals [a, a]\n"));
    let many =
        many.replacen("    Type: AWS::IAM::OIDCProvider\n", "    Type: AWS::IAM::OIDCProvider\n    Condition: C0\n", 1);
    assert!(parse(&many).unwrap_err().message.contains("references multiply"));
}
