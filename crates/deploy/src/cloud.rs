//! The account that is deployed to: who we are there, and the services' clients. Profile, SSO, environment, machine roles
//! and `AWS_ENDPOINT_URL` are the SDK's business, so they work as in AWS's own tools. Before anything else happens, the
//! credentials are shown to STS: who can't say who they are is told here, and nowhere later.

mod call;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, profile::ProfileFileCredentialsProvider, provider_config::ProviderConfig,
    retry::RetryConfig,
};
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider, error::CredentialsError};
use aws_smithy_http_client::{Builder, tls};

pub use call::failed;

use crate::{
    error::{Error, Result},
    options::Options,
};

/// The account, and the clients.
pub struct Cloud {
    /// CloudFormation.
    pub stacks: aws_sdk_cloudformation::Client,
    /// S3.
    pub objects: aws_sdk_s3::Client,
    /// DynamoDB, for the table that a stack leaves behind.
    pub tables: aws_sdk_dynamodb::Client,
    /// Signs for CloudFront.
    pub credentials: SharedCredentialsProvider,
    /// Twelve digits.
    pub account: String,
    /// Such as `eu-central-1`.
    pub region: String,
    /// One endpoint for everything, where `AWS_ENDPOINT_URL` or the profile has one.
    pub endpoint: Option<String>,
}

impl Cloud {
    /// Finds credentials and region, and asks STS who that is.
    pub async fn connect(options: &Options) -> Result<Self> {
        let client = Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(client.build_https())
            .retry_config(RetryConfig::standard().with_max_attempts(5));
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let mut config = loader.load().await;
        let profile = profile(options.profile.as_deref());
        if let Some(profile) = &profile {
            config = with_credentials_of(&config, profile);
        }
        let region = config.region().map(ToString::to_string).filter(|region| !region.is_empty());
        let region = region.ok_or(Error::Region)?;
        let credentials = credentials(&config, profile.as_deref()).await?;
        let account = account(&config, profile.as_deref()).await?;
        let endpoint = config.endpoint_url().map(str::to_owned);
        let by_path = options.path_style || endpoint.as_deref().is_some_and(is_this_machine);
        let objects = aws_sdk_s3::config::Builder::from(&config).force_path_style(by_path).build();
        Ok(Self {
            stacks: aws_sdk_cloudformation::Client::new(&config),
            objects: aws_sdk_s3::Client::from_conf(objects),
            tables: aws_sdk_dynamodb::Client::new(&config),
            credentials,
            account,
            region,
            endpoint,
        })
    }
}

/// The profile whose credentials are meant: one that is named goes over keys in the environment, `AWS_PROFILE` doesn't.
fn profile(named: Option<&str>) -> Option<String> {
    let of_environment = || {
        let has_keys = std::env::var_os("AWS_ACCESS_KEY_ID").is_some();
        std::env::var("AWS_PROFILE").ok().filter(|profile| !profile.is_empty() && !has_keys)
    };
    named.map(str::to_owned).or_else(of_environment)
}

/// The profile's credentials and no others: the SDK's own chain goes on from a profile that isn't there to whatever the
/// machine has, and that may be another account.
fn with_credentials_of(config: &SdkConfig, profile: &str) -> SdkConfig {
    let mut provider = ProviderConfig::without_region().with_region(config.region().cloned());
    if let Some(client) = config.http_client() {
        provider = provider.with_http_client(client);
    }
    let provider = ProfileFileCredentialsProvider::builder().configure(&provider).profile_name(profile).build();
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// Credentials that exist, before they are shown to anybody.
async fn credentials(config: &SdkConfig, profile: Option<&str>) -> Result<SharedCredentialsProvider> {
    let missing = |reason: String| Error::Credentials { reason, remedy: sign_in(profile) };
    let provider = config.credentials_provider().ok_or_else(|| missing("none are configured".into()))?;
    provider.provide_credentials().await.map_err(|error| match (&error, profile) {
        (CredentialsError::CredentialsNotLoaded(_), None) => missing("none were found".into()),
        _ => missing(call::chain(&error).trim_end_matches('.').to_owned()),
    })?;
    Ok(provider)
}

/// Whose credentials they are.
async fn account(config: &SdkConfig, profile: Option<&str>) -> Result<String> {
    let answer = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
    let identity =
        answer.map_err(|error| match error.as_service_error().and_then(|service| service.meta().code()) {
            Some(code) => refused(code, profile),
            None => failed("ask AWS whose credentials these are")(error),
        })?;
    let is_account = |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let account = identity.account().filter(is_account).map(str::to_owned);
    account.ok_or_else(|| refused("no account in the answer", profile))
}

fn refused(code: &str, profile: Option<&str>) -> Error {
    let remedy = match code {
        "ExpiredToken" | "ExpiredTokenException" => format!("They have expired. {}", sign_in(profile)),
        "RequestExpired" | "RequestTimeTooSkewed" | "RequestInTheFuture" => {
            "The clock of this machine is wrong: set it, then run it again.".into()
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" => {
            format!("It doesn't know the key. {}", sign_in(profile))
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            format!("The secret key doesn't belong to the key id. {}", sign_in(profile))
        }
        _ => sign_in(profile),
    };
    Error::Refused { code: code.to_owned(), remedy }
}

fn sign_in(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!(
            "Look at the profile {profile} in the AWS configuration; with SSO, sign in by `aws sso login --profile \
             {profile}`."
        ),
        None => {
            "Choose a profile with --profile or AWS_PROFILE; with SSO, sign in by `aws sso login --profile NAME`; or \
                 set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                .into()
        }
    }
}

/// Whether an endpoint is an emulator here, which no name of a bucket can stand in front of.
fn is_this_machine(endpoint: &str) -> bool {
    match url::Url::parse(endpoint).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_remedy() {
        for (code, remedy) in [
            ("ExpiredToken", "aws sso login --profile shop"),
            ("InvalidClientTokenId", "doesn't know the key"),
            ("SignatureDoesNotMatch", "secret key"),
            ("RequestExpired", "clock"),
            ("AccessDenied", "profile shop"),
        ] {
            let text = refused(code, Some("shop")).to_string();
            assert!(text.contains(remedy) && text.contains(code), "{text}");
        }
        assert!(sign_in(None).contains("AWS_PROFILE"));
    }

    #[test]
    fn buckets_of_an_emulator_are_addressed_by_path() {
        for here in ["http://127.0.0.1:4666", "http://localhost:4666/", "http://[::1]:1"] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in ["https://s3.eu-central-1.amazonaws.com", "http://10.0.0.1", "localhost"] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
