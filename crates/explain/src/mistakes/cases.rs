//! The common mistakes, each as an edit of the deployed template, and what the explanation has to say. The unit tests ask
//! the library, the tests of the program ask the program.

/// A mistake.
pub struct Case {
    /// What is replaced in the template, everywhere, by what.
    pub edit: &'static [(&'static str, &'static str)],
    /// Who asks.
    pub sub: &'static str,
    /// `--aud`, `--issuer`, `--role`
    pub more: &'static [(&'static str, &'static str)],
    /// For what.
    pub call: &'static str,
    /// Whether it is allowed all the same.
    pub allowed: bool,
    /// What the advice says.
    pub says: &'static str,
    /// What is in the remedy.
    pub remedy: &'static str,
    /// What is on the line that it points at.
    pub at: &'static str,
}

impl Case {
    /// The template with the mistake in it.
    pub fn source(&self, template: &str) -> String {
        self.edit.iter().fold(template.to_owned(), |source, (from, to)| {
            assert!(source.contains(from), "{from} isn't in the template");
            source.replace(from, to)
        })
    }
}

const FRED: Case = Case {
    edit: &[],
    sub: "amazon|fred",
    more: &[],
    call: "POST /pets/purchase",
    allowed: false,
    says: "",
    remedy: "",
    at: "",
};

const BETTY: Case = Case { sub: "auth0|betty", call: "DELETE /pets/1", ..FRED };

pub const ISSUER_SLASH_IN_KEYS: Case = Case {
    edit: &[("${Auth0Domain}${IssuerPath}:", "${Auth0Domain}:")],
    says: "The issuer's trailing slash is missing in the condition keys tenant.auth0.com:…",
    remedy: "tenant.auth0.com/:…",
    at: "StringEquals",
    ..FRED
};
pub const ISSUER_SLASH_IN_URL: Case = Case {
    edit: &[("Url: !Sub https://${Auth0Domain}${IssuerPath}", "Url: !Sub https://${Auth0Domain}")],
    more: &[("--issuer", "https://tenant.auth0.com/")],
    says: "The trailing slash is missing in the provider's Url",
    remedy: "Url: https://tenant.auth0.com/",
    at: "Issuer:",
    ..FRED
};
/// As it is seen by somebody whose token has no slash either.
pub const ISSUER_SLASH_IN_KEYS_ONLY: Case = Case {
    more: &[("--issuer", "https://tenant.auth0.com")],
    says: "The condition keys tenant.auth0.com/:… have a trailing slash, and the provider's Url has none",
    remedy: "Give the provider's Url the slash, if the token's iss has one",
    at: "StringEquals",
    ..ISSUER_SLASH_IN_URL
};
pub const ISSUER_SLASH_IN_ISS: Case = Case {
    more: &[("--issuer", "https://tenant.auth0.com")],
    says: "The trailing slash is missing in the token's iss",
    remedy: "https://tenant.auth0.com/",
    at: "Issuer:",
    ..FRED
};
pub const ISSUER_OF_ANOTHER_TENANT: Case = Case {
    edit: &[("${Auth0Domain}${IssuerPath}:", "old.auth0.com/:")],
    says: "The condition keys old.auth0.com/:… are of another issuer",
    remedy: "tenant.auth0.com/:…",
    at: "StringEquals",
    ..FRED
};
pub const AUDIENCE_FORGOTTEN: Case = Case {
    edit: &[("\"StringEquals\": { \"${Auth0Domain}${IssuerPath}:aud\": \"${Auth0ClientId}\" },", "")],
    allowed: true,
    says: "The audience is forgotten in SocialConnections",
    remedy: "\"StringEquals\": { \"tenant.auth0.com/:aud\": \"pets-spa\" }",
    at: "\"Condition\"",
    ..FRED
};
pub const AUDIENCE_NOT_LISTED: Case = Case {
    edit: &[("ClientIdList: [!Ref Auth0ClientId]", "ClientIdList: [console]")],
    more: &[("--aud", "pets-spa")],
    says: "The token is for the client pets-spa, and the provider's ClientIdList has console",
    remedy: "Add pets-spa to ClientIdList",
    at: "Issuer:",
    ..FRED
};
pub const AUDIENCE_NOT_TRUSTED: Case = Case {
    edit: &[("ClientIdList: [!Ref Auth0ClientId]", "ClientIdList: [!Ref Auth0ClientId, console]")],
    more: &[("--aud", "console")],
    says: "The token is for the client console, and the trust policy wants pets-spa",
    remedy: "Add console to tenant.auth0.com/:aud",
    at: "\"StringEquals\"",
    ..FRED
};
pub const WILDCARD_TO_THE_LETTER: Case = Case {
    edit: &[(
        "\"${Auth0ClientId}\" },\n                \"StringLike\": { \"${Auth0Domain}${IssuerPath}:sub\": \"auth0|*\" }",
        "\"${Auth0ClientId}\", \"${Auth0Domain}${IssuerPath}:sub\": \"auth0|*\" }",
    )],
    says: "StringEquals takes the * of auth0|* to the letter; the statement would match otherwise",
    remedy: "Put tenant.auth0.com/:sub under StringLike",
    at: "StringEquals",
    ..BETTY
};
pub const SUBJECT_WITHOUT_A_STAR: Case = Case {
    edit: &[("\"auth0|*\"", "\"auth0\"")],
    says: "The pattern auth0 lacks |*",
    remedy: "Write auth0|* in place of auth0",
    at: "StringLike",
    ..BETTY
};
pub const SUBJECT_IN_ANOTHER_CASE: Case = Case {
    edit: &[("\"auth0|*\"", "\"Auth0|*\"")],
    says: "The pattern Auth0|* differs from sub in upper and lower case",
    remedy: "Write auth0|* in place of Auth0|*",
    at: "StringLike",
    ..BETTY
};
pub const ACTION_OF_STS: Case = Case {
    edit: &[("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole")],
    says: "The Action sts:AssumeRoleWithWebIdentity is missing",
    remedy: "Action: sts:AssumeRoleWithWebIdentity",
    at: "\"Action\"",
    ..FRED
};
pub const PRINCIPAL_OF_ANOTHER_PROVIDER: Case = Case {
    edit: &[("\"Federated\": \"${Issuer}\"", "\"Federated\": \"cognito-identity.amazonaws.com\"")],
    says: "The Federated principal cognito-identity.amazonaws.com is another than the token's provider",
    remedy: "\"Federated\": \"arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/\"",
    at: "\"Principal\"",
    ..FRED
};
pub const PRINCIPAL_WITHOUT_A_PROVIDER: Case = Case {
    edit: &[("\"Federated\": \"${Issuer}\"", "\"AWS\": \"${AWS::AccountId}\"")],
    says: "and no Federated one",
    remedy: "\"Federated\": \"arn:aws:iam::123456789012:oidc-provider/tenant.auth0.com/\"",
    at: "\"Principal\"",
    ..FRED
};
pub const STAGE: Case = Case {
    edit: &[("${StageName}/POST/pets/purchase", "prod/POST/pets/purchase")],
    says: "The stage in the ARN is prod, and the API's is test",
    remedy: "- !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
    at: "prod/POST/pets/purchase",
    ..FRED
};
pub const API_ID: Case = Case {
    edit: &[("${Api}/${StageName}/POST/pets/purchase", "a1b2c3/${StageName}/POST/pets/purchase")],
    says: "The API id in the ARN is a1b2c3",
    remedy: "- !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
    at: "a1b2c3",
    ..FRED
};
pub const REGION: Case = Case {
    edit: &[(
        "${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
        "eu-west-1:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
    )],
    says: "The region in the ARN is eu-west-1",
    remedy: "--parameter AWS::Region=eu-west-1",
    at: "eu-west-1",
    ..FRED
};
pub const ACCOUNT: Case = Case {
    edit: &[(
        "${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
        "210987654321:${Api}/${StageName}/POST/pets/purchase",
    )],
    says: "The account in the ARN is 210987654321",
    remedy: "--parameter AWS::AccountId=210987654321",
    at: "210987654321",
    ..FRED
};
pub const METHOD_IN_LOWER_CASE: Case = Case {
    edit: &[("/POST/pets/purchase", "/post/pets/purchase")],
    says: "The method in the ARN is post; it is compared with its case",
    remedy: "- !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
    at: "/post/pets/purchase",
    ..FRED
};
pub const METHOD_MISSING: Case = Case {
    edit: &[("/POST/pets/purchase", "/pets/purchase")],
    says: "The method is missing in the ARN",
    remedy: "${StageName}/POST/pets/purchase",
    at: "${StageName}/pets/purchase",
    ..FRED
};
pub const STAGE_MISSING: Case = Case {
    edit: &[("${StageName}/POST/pets/purchase", "POST/pets/purchase")],
    says: "The stage is missing in the ARN",
    remedy: "${StageName}/POST/pets/purchase",
    at: "${Api}/POST/pets/purchase",
    ..FRED
};
pub const DOUBLE_SLASH: Case = Case {
    edit: &[("/POST/pets/purchase", "/POST//pets/purchase")],
    says: "The path in the ARN has an empty segment",
    remedy: "${StageName}/POST/pets/purchase",
    at: "/POST//pets/purchase",
    ..FRED
};
pub const DOUBLE_SLASH_BEHIND_THE_STAGE: Case = Case {
    edit: &[("/POST/pets/purchase", "//POST/pets/purchase")],
    says: "The ARN has an empty segment behind the stage",
    remedy: "${StageName}/POST/pets/purchase",
    at: "//POST/pets/purchase",
    ..FRED
};
pub const PARAMETER_BY_NAME: Case = Case {
    edit: &[("/DELETE/pets/*", "/DELETE/pets/{petId}")],
    says: "The path in the ARN has a parameter's name",
    remedy: "${StageName}/DELETE/pets/*",
    at: "/DELETE/pets/{petId}",
    ..BETTY
};
pub const ACTION_OF_THE_CALL: Case = Case {
    edit: &[("Action: execute-api:Invoke\n", "Action: execute-api:ManageConnections\n")],
    says: "The Action execute-api:Invoke is missing",
    remedy: "Action: execute-api:Invoke",
    at: "Action:",
    ..FRED
};
pub const DENY_THAT_SHADOWS: Case = Case {
    edit: &[(
        "              - Sid: BuyPets\n",
        "              - { Sid: Closed, Effect: Deny, Action: execute-api:*, Resource: '*' }\n              - Sid: BuyPets\n",
    )],
    says: "The Deny Closed shadows BuyPets, which would allow it",
    remedy: "narrow its Action, Resource or Condition",
    at: "Sid: Closed",
    ..FRED
};
pub const DENY_WITH_A_WILDCARD_TO_THE_LETTER: Case = Case {
    edit: &[(
        "              - Sid: BuyPets\n",
        "              - Sid: OnlyAmazon\n                Effect: Deny\n                Action: execute-api:*\n                Resource: '*'\n                Condition:\n                  StringNotEquals: { 'tenant.auth0.com/:sub': 'amazon|*' }\n              - Sid: BuyPets\n",
    )],
    says: "StringNotEquals takes the * of amazon|* to the letter; the Deny wouldn't apply otherwise",
    remedy: "under StringNotLike",
    at: "StringNotEquals",
    ..FRED
};
pub const TWO_AT_ONCE: Case = Case {
    edit: &[("${StageName}/POST/pets/purchase", "prod/post/pets/purchase")],
    says: "The stage in the ARN is prod, and the API's is test; the statement would match without this and 1 more.",
    remedy: "${StageName}/POST/pets/purchase",
    at: "prod/post/pets/purchase",
    ..FRED
};
pub const NOT_IN_THE_POLICY: Case = Case {
    says: "Nearest is ManagePets with /POST/pets: it differs in the path (/pets, and the call has /pets/purchase)",
    remedy: "- !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/POST/pets/purchase",
    at: "/POST/pets",
    call: "POST /pets/purchase",
    ..BETTY
};
pub const NOT_IN_THE_POLICY_BY_PARAMETER: Case = Case {
    says: "Nearest is BuyPets",
    remedy: "- !Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${StageName}/DELETE/pets/*",
    at: "/pets/purchase",
    call: "DELETE /pets/1",
    ..FRED
};
pub const ANOTHER_ROLE: Case = Case {
    more: &[("--role", "auth0-api-role")],
    call: "DELETE /pets/1",
    says: "auth0-api-social-role lets this person in",
    remedy: "Ask for auth0-api-social-role",
    at: "Condition",
    ..FRED
};

/// Makes a test of each.
macro_rules! each_mistake {
    ($test:ident) => {
        $test! {
            a_missing_slash_in_the_condition_keys: ISSUER_SLASH_IN_KEYS,
            a_missing_slash_in_the_providers_url: ISSUER_SLASH_IN_URL,
            a_slash_in_the_condition_keys_only: ISSUER_SLASH_IN_KEYS_ONLY,
            a_missing_slash_in_the_tokens_issuer: ISSUER_SLASH_IN_ISS,
            condition_keys_of_another_issuer: ISSUER_OF_ANOTHER_TENANT,
            a_forgotten_audience: AUDIENCE_FORGOTTEN,
            a_client_that_the_provider_does_not_list: AUDIENCE_NOT_LISTED,
            a_client_that_the_trust_policy_does_not_want: AUDIENCE_NOT_TRUSTED,
            string_equals_with_a_wildcard: WILDCARD_TO_THE_LETTER,
            a_subject_pattern_without_its_end: SUBJECT_WITHOUT_A_STAR,
            a_subject_pattern_in_another_case: SUBJECT_IN_ANOTHER_CASE,
            a_missing_sts_action: ACTION_OF_STS,
            the_principal_of_another_provider: PRINCIPAL_OF_ANOTHER_PROVIDER,
            a_principal_without_a_provider: PRINCIPAL_WITHOUT_A_PROVIDER,
            a_wrong_stage: STAGE,
            a_wrong_api: API_ID,
            a_wrong_region: REGION,
            a_wrong_account: ACCOUNT,
            a_method_in_lower_case: METHOD_IN_LOWER_CASE,
            a_missing_method: METHOD_MISSING,
            a_missing_stage: STAGE_MISSING,
            a_double_slash: DOUBLE_SLASH,
            a_double_slash_behind_the_stage: DOUBLE_SLASH_BEHIND_THE_STAGE,
            a_parameter_by_its_name: PARAMETER_BY_NAME,
            a_wrong_action_of_a_call: ACTION_OF_THE_CALL,
            a_deny_that_shadows: DENY_THAT_SHADOWS,
            a_deny_with_a_wildcard_to_the_letter: DENY_WITH_A_WILDCARD_TO_THE_LETTER,
            two_mistakes_at_once: TWO_AT_ONCE,
            a_call_that_is_in_no_statement: NOT_IN_THE_POLICY,
            a_call_with_a_parameter_that_is_in_no_statement: NOT_IN_THE_POLICY_BY_PARAMETER,
            a_role_that_is_another_connections: ANOTHER_ROLE,
        }
    };
}
pub(crate) use each_mistake;
