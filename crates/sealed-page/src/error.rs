//! Why a page can't be sealed.

use std::{fmt, io, path::PathBuf};

use crate::Fault;

/// Why a page can't be sealed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file.
    #[error("Failed to {doing} {}: {source}.", path.display())]
    File {
        /// `read`, and so on.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Code inside of the page.
    #[error("index.html, line {line}: {what} with its text inside.\nMove it into a file of its own.")]
    Inline {
        /// From 1.
        line: usize,
        /// What is there.
        what: String,
    },
    /// It refers to another place, or out of the folder.
    #[error("index.html refers to {0}, which is no file beside it.\nName a file of the build: /name.js.")]
    Elsewhere(String),
    /// Nothing to start.
    #[error(
        "index.html has no <script data-wasm>.\nTrunk writes it, told by `pattern_script` in Trunk.toml; a page that is \
         sealed already can't be sealed again."
    )]
    NoBundle,
    /// The policy stands behind it.
    #[error("index.html has no <meta charset>.\nIt comes first in <head>.")]
    NoCharset,
    /// wasm-bindgen writes it otherwise now.
    #[error(
        "{0} has no `export {{ … as default }}`, the function that starts its module.\nLook at what wasm-bindgen wrote."
    )]
    NoStart(String),
    /// It wants a second file, which no hash would pin.
    #[error("{0} imports another script.\nDo without wasm-bindgen's `module` and `inline_js`, and without import().")]
    Imports(String),
    /// A way to make code or markup of a text.
    #[error("{file} has `{sink}`, which makes code of a text; the page's policy forbids that.{}", Found(.markup))]
    Sink {
        /// The script.
        file: String,
        /// What it has.
        sink: &'static str,
        /// Texts of its module that look like markup.
        markup: Vec<String>,
    },
    /// The step before.
    #[error("cargo can't be run: {0}.\nIt brings the page's own tools.")]
    NoCargo(io::Error),
    /// And what it says is said already.
    #[error("It isn't split. Why is above.")]
    NotSplit,
    /// It isn't what it should be now.
    #[error("It has faults: {}.", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<Fault>),
}

impl Error {
    /// With what was done to which file.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }
}

struct Found<'a>(&'a [String]);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            "\nIn a view, nested elements that are literals throughout become markup in a string. Write one text or \
             attribute of each as a block, such as <h2>{{\"Sold\"}}</h2>. These look like it: {}.",
            self.0.join(" ")
        )
    }
}
