//! Why a page can't be split.

use std::{io, path::PathBuf};

/// Why a page can't be split.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or a folder.
    #[error("Failed to {doing} {}: {source}.", path.display())]
    File {
        /// `read`, and so on.
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nothing to split.
    #[error("index.html has no <script data-wasm>.\nTrunk writes it, told by `pattern_script` in Trunk.toml.")]
    NoBundle,
    /// The module could not be made several, or the script not small.
    #[error("{0}.\nLook at what the compiler, wasm-bindgen or the splitter write now.")]
    Unlike(String),
    /// No program to make it small.
    #[error(
        "wasm-opt can't be run: {0}.\nPut it on PATH: `npm install --global binaryen`, or let `cargo xtask` do the build, \
         which brings it along."
    )]
    NoOptimiser(io::Error),
}

impl Error {
    /// With what was done to which file.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}
