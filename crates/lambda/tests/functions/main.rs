//! The three functions as Lambda runs them: processes that ask the runtime interface for events. Everything around them
//! is in this process, each on a loopback port of its own: the runtime interface, the issuer, the table. The binaries
//! are those of this build; where `PETS_FUNCTION_ZIPS` names a folder, those out of its `list.zip` and so on.

#![expect(clippy::unwrap_used, reason = "tests")]

mod answering;
mod archive;
mod environment;
mod event;
mod hostile;
mod issuer;
mod keys;
mod logging;
mod process;
mod server;
mod table;

use std::collections::BTreeMap;

use service::Store;

use event::Event;
use issuer::Issuer;
use process::Process;
use table::Table;

/// What a function needs around it, with an empty shop.
struct Cloud {
    table: Table,
    issuer: Issuer,
}

impl Cloud {
    async fn start() -> Self {
        Self { table: Table::start().await, issuer: Issuer::start().await }
    }

    fn store(&self) -> &Store {
        &self.table.store
    }

    /// What the template and Lambda put into a function's environment.
    fn environment(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("TABLE_NAME", table::NAME.to_owned()),
            ("ISSUER", self.issuer.url.clone()),
            ("CLIENT_ID", issuer::CLIENT.to_owned()),
            ("BUYER_IDENTITY", "verified".to_owned()),
            ("ALLOWED_ORIGIN", "https://pets.example.com".to_owned()),
            ("SOCIAL_CONNECTIONS", "amazon,google-oauth2".to_owned()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAFUNCTION".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "SECRET-KEY-OF-THE-FUNCTION".to_owned()),
            ("AWS_SESSION_TOKEN", "SESSION-TOKEN-OF-THE-FUNCTION".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.table.url.clone()),
            ("AWS_LAMBDA_FUNCTION_NAME", "pets".to_owned()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ])
    }

    async fn run(&self, function: &str) -> Process {
        Process::start(function, self.environment()).await
    }
}
