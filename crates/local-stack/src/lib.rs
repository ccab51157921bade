//! Issuer, STS and API gateway in one process, for a machine without an account or a network. Roles, trust policies,
//! permissions, routes and CORS come out of the deployed template, and are enforced: change a policy in the file, and
//! the behaviour changes. It must never let a call through that it doesn't understand, and knows no magic key.
//!
//! A person's way: `issuer` gives an ID token, `sts` exchanges it for session credentials (`credentials`) as the role's
//! trust policy decides, `gateway` verifies a call's signature and asks the role's permissions, then `service::Router`
//! answers, over a table that `embedded-dynamodb` keeps in the data folder, as far as the function's own role lets it
//! (`function_role`). Each of them puts what it decided on record (`decisions`), and `explained` tells a page of the shop
//! what would be decided about its person.

mod caller;
mod config;
mod credentials;
mod decisions;
mod explained;
mod frame;
mod function_role;
mod gateway;
pub mod issuer;
mod names;
mod options;
mod samples;
mod server;
mod site;
mod start;
mod sts;

pub use decisions::{By, Decision};
pub use options::{Clock, Command, HELP, Options, UsageError};
pub use server::Handle;
pub use start::{StartError, serve};

/// What stands between a stranger's request and the routes, for the fuzz targets alone: it is no part of the interface.
#[doc(hidden)]
pub mod walls {
    pub use crate::gateway::{Refusal, Secret, TARGET, Target, verify};
    pub use template::path::{segments, well_encoded};
}
