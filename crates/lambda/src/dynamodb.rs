//! The client of the table, with the credentials that Lambda puts into the function's environment. They are good for as
//! long as the process lives, so nothing that looks for credentials elsewhere, or renews them, is brought along: that
//! would be `aws-config`, with the clients of STS and SSO. TLS is rustls with ring, as for the issuer's keys.

use aws_sdk_dynamodb::{
    Client,
    config::{Credentials, Region},
};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use service::Store;

/// Where the table is, and who asks.
pub(crate) struct Aws {
    pub(crate) region: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// Another address than the region's.
    pub(crate) endpoint: Option<String>,
}

pub(crate) fn client(aws: Aws) -> Client {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let credentials = Credentials::new(aws.access_key_id, aws.secret_access_key, aws.session_token, None, "Lambda");
    let mut config =
        Store::client_config().region(Region::new(aws.region)).credentials_provider(credentials).http_client(http);
    config.set_endpoint_url(aws.endpoint);
    Client::from_conf(config.build())
}
