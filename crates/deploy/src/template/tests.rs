use super::*;

const API: &str = "\
Parameters:
  Origin: { Type: String, Default: '*' }
  Other: { Type: Number, Default: 3 }
Resources:
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: pets } }
  Get:
    Type: AWS::ApiGateway::Method
    Properties: { HttpMethod: GET, RestApiId: !Ref Api, Header: !Sub \"'${Origin}'\" }
  Deployment: { Type: 'AWS::ApiGateway::Deployment', DependsOn: [Get], Properties: { RestApiId: !Ref Api } }
  Stage:
    Type: AWS::ApiGateway::Stage
    DependsOn: Deployment
    Properties: { DeploymentId: !Ref Deployment, Note: !Sub 'x ${Deployment}', At: !GetAtt Deployment.DeploymentId }
  ListFunction:
    Type: AWS::Lambda::Function
    Properties: { Code: functions/, Timeout: 10, Handler: bootstrap }
  Ready:
    Type: AWS::Lambda::Function
    Properties: { Code: { S3Bucket: b, S3Key: k } }
";

fn packaged(text: &str, parameters: &[(&str, &str)]) -> Value {
    let code = Code { bucket: "b".into(), key: "functions/list-1.zip".into() };
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let sent = Template::parse(text).unwrap().packaged(&[("ListFunction".to_owned(), code)].into(), &parameters);
    serde_json::from_str(&sent).unwrap()
}

fn deployment(document: &Value) -> String {
    let resources = document["Resources"].as_object().unwrap();
    resources.keys().find(|id| id.starts_with("Deployment")).unwrap().clone()
}

#[test]
fn short_forms_become_long_ones_and_texts_stay_texts() {
    let text = "a: !GetAtt X.Y.Z\nb: !Ref P\nc: !If [C, '1', 2]\nd: !Sub 3\ne: 2010-09-09\nf: '010'\ng: true\nh: 1.5\ni: |\n  x: 1\n";
    let expected = serde_json::json!({
        "a": {"Fn::GetAtt": ["X", "Y.Z"]}, "b": {"Ref": "P"}, "c": {"Fn::If": ["C", "1", 2]}, "d": {"Fn::Sub": "3"},
        "e": "2010-09-09", "f": "010", "g": true, "h": 1.5, "i": "x: 1\n",
    });
    assert_eq!(yaml::parse(text).unwrap(), expected);
}

#[test]
fn what_two_readers_could_understand_differently_is_refused_with_its_line() {
    for (text, line) in [
        ("a: 1\nb: on\n", 2),
        ("a: 010\n", 1),
        ("a: 0x1F\n", 1),
        ("a: 12:30\n", 1),
        ("a: 1_000\n", 1),
        ("a: 1\na: 2\n", 2),
        ("a: &x 1\n", 1),
        ("a: 1\n---\nb: 1\n", 3),
        ("a: [1\n", 2),
        ("a: !!set {b}\n", 1),
        ("", 1),
    ] {
        let error = yaml::parse(text).expect_err(text);
        assert!(matches!(error, Error::Template { line: at, .. } if at == line), "{text}: {error}");
    }
    assert!(yaml::parse(&"[".repeat(1000)).is_err());
    assert!(Template::parse("Transform: X\nResources: {}\n").unwrap_err().to_string().contains("Transform"));
    assert!(Template::parse("a: 1\n").unwrap_err().to_string().contains("Resources"));
}

#[test]
fn only_a_local_path_is_replaced_by_a_zip() {
    assert_eq!(Template::parse(API).unwrap().local_functions(), ["ListFunction"]);
    let sent = packaged(API, &[]);
    let function = &sent["Resources"]["ListFunction"]["Properties"];
    assert_eq!(function["Code"], serde_json::json!({"S3Bucket": "b", "S3Key": "functions/list-1.zip"}));
    assert_eq!(function["Timeout"], 10);
    assert_eq!(sent["Resources"]["Ready"]["Properties"]["Code"]["S3Key"], "k");
}

#[test]
fn an_api_that_changed_is_deployed_anew_and_one_that_did_not_is_not() {
    let first = packaged(API, &[("Origin", "*"), ("Other", "3")]);
    let id = deployment(&first);
    assert_eq!(id.len(), "Deployment".len() + 10);
    let stage = &first["Resources"]["Stage"];
    assert_eq!(
        (&stage["DependsOn"], &stage["Properties"]["DeploymentId"]["Ref"]),
        (&id.clone().into(), &id.clone().into())
    );
    assert_eq!(stage["Properties"]["Note"]["Fn::Sub"], format!("x ${{{id}}}"));
    assert_eq!(stage["Properties"]["At"]["Fn::GetAtt"][0], id);
    let again = |text: &str, parameters: &[(&str, &str)]| deployment(&packaged(text, parameters));
    assert_eq!(again(API, &[("Origin", "*"), ("Other", "4")]), id);
    assert_eq!(again(&API.replace("Timeout: 10", "Timeout: 11"), &[("Origin", "*")]), id);
    assert_ne!(again(API, &[("Origin", "https://x"), ("Other", "3")]), id);
    assert_ne!(again(&API.replace("HttpMethod: GET", "HttpMethod: PUT"), &[("Origin", "*")]), id);
}

#[test]
fn the_shops_own_template_is_packaged_whole() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/template.yaml");
    let template = Template::open(&file).unwrap();
    assert_eq!(template.local_functions(), ["ListFunction", "ManageFunction", "PurchaseFunction"]);
    assert!(template.retained().contains(&"PetsTable"));
    let code = template.local_functions().into_iter().map(|id| {
        let code = Code { bucket: "b".repeat(63), key: format!("functions/{id}-{}.zip", "0".repeat(64)) };
        (id.to_owned(), code)
    });
    let sent = template.packaged(&code.collect(), &BTreeMap::new());
    // Up to this size it goes within the call, and a dry run needs no bucket.
    assert!(sent.len() <= crate::stack::MAX_INLINE_TEMPLATE, "{}", sent.len());
    let document: Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(document["Resources"].as_object().unwrap().len(), template.resources().count());
    assert!(deployment(&document).len() > "Deployment".len());
}
