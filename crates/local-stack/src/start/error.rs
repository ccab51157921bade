//! Why a stack can't start, each in one sentence with the remedy.

use std::{io, net::SocketAddr, path::PathBuf};

use service::{KeySourceError, StoreError};

use crate::{issuer, site};

/// Why a stack can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the address isn't ours.
    #[error("{address} can't be listened on ({source}); stop what uses it, or choose another with --listen")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The template can't be obeyed.
    #[error(transparent)]
    Template(#[from] template::Error),
    /// The template lacks an output that the page's configuration needs.
    #[error("the template has no usable output {0}, which the page's config.json needs")]
    Output(&'static str),
    /// A function lacks a setting, or has one that isn't known.
    #[error("the function {function} of the template has no usable {variable} in its environment")]
    Environment {
        /// The logical id.
        function: String,
        /// The variable.
        variable: &'static str,
    },
    /// A table of the template isn't what the shop's code needs.
    #[error("line {line} of the template: the table {name} has other keys or indexes than the shop's code needs")]
    Table {
        /// Where it is described.
        line: usize,
        /// Its name.
        name: String,
    },
    /// No provider of the template is the issuer's.
    #[error("the template has no AWS::IAM::OIDCProvider for the issuer {0}")]
    Provider(String),
    /// There is no page to serve.
    #[error(transparent)]
    Site(#[from] site::Error),
    /// The data folder can't be used.
    #[error("{0} with --data")]
    Data(#[from] embedded_dynamodb::OpenError),
    /// The key of session credentials can't be used.
    #[error("the key of session credentials {} can't be used ({source}); choose another folder with --data, or mend it", file.display())]
    SessionKey {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The table can't be used.
    #[error("the data can't be used: {0}; move the data folder away, or choose another one with --data")]
    Store(#[from] StoreError),
    /// The built-in issuer has no usable Action to run.
    #[error("{0}; choose the tenant's Action with --action")]
    Action(#[from] post_login::LoadError),
    /// The built-in issuer can't start.
    #[error(transparent)]
    Issuer(#[from] issuer::Error),
    /// The other issuer can't be asked.
    #[error("the issuer can't be used: {0}")]
    Keys(#[from] KeySourceError),
    /// The samples are wrong.
    #[error("the sample pets can't be used: {0}")]
    Samples(#[from] domain::Invalid),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A part could not be started.
    #[error("a part of the stack stopped while it was starting: {0}")]
    Task(#[from] tokio::task::JoinError),
}
