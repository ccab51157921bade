//! What MiniStack can't take of the template: it has no `AWS::IAM::OIDCProvider` in CloudFormation, so the resource is left
//! out and the provider's ARN stands where the template refers to it. Nothing else is different.

const PROVIDER: &str = "arn:aws:iam::000000000000:oidc-provider/tenant.eu.auth0.com/";

/// The shop's template, as the emulator takes it.
pub fn template() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/template.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    let (before, rest) =
        text.split_once("  Issuer:\n    Type: AWS::IAM::OIDCProvider\n").expect("the provider is there");
    let after: Vec<_> = rest.lines().skip_while(|line| line.starts_with("    ")).collect();
    assert_eq!(text.matches("${Issuer}").count(), 2, "the trust policies name the provider");
    format!("{before}{}\n", after.join("\n")).replace("${Issuer}", PROVIDER)
}
