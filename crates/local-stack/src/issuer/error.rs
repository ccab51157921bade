//! Why an issuer could not start. What a caller did wrong later is an answer, not an error.

use std::io;
use std::path::PathBuf;

/// A reason not to start, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The issuer's URL can't be an issuer's.
    #[error(
        "the issuer URL `{url}` {problem}; it must be an http(s) URL with a path that ends in `/`, such as \
         http://localhost:9000/idp/"
    )]
    IssuerUrl {
        /// What was given.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An app's origin isn't one.
    #[error("the app origin `{origin}` is no origin; write scheme, host and port only, such as http://localhost:8080")]
    AppOrigin {
        /// What was given.
        origin: String,
    },
    /// The client id is empty or has characters that no client id has.
    #[error("the client id `{client_id}` must be 1 to 128 visible ASCII characters")]
    ClientId {
        /// What was given.
        client_id: String,
    },
    /// The key file, or its folder, can't be read or written.
    #[error("the issuer's key file {} can't be {doing}: {source}; check the data folder's permissions", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// "read" or "written".
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The key file holds something else than a usable key.
    #[error(
        "the issuer's key file {} {problem}; restore it, or remove it to get a new key (tokens signed with the old \
         one are then refused)",
        path.display()
    )]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No key could be made.
    #[error("the issuer's signing key can't be made: {0}")]
    Generate(#[from] rsa::Error),
    /// A key that was made can't be used.
    #[error("the issuer's signing key can't be used: {0}")]
    Use(#[from] jsonwebtoken::errors::Error),
}
