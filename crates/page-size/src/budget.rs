//! The budget: which files a person's way through the shop asks for, and what they may weigh together.

use serde::Deserialize;

/// The file `docs/size-budget.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Each way, with a limit of its own.
    pub way: Vec<Way>,
    /// What it was, and why it changed; the newest first. For people.
    pub history: Vec<Entry>,
}

/// A way through the shop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Its name, in a few words.
    pub name: String,
    /// The files it asks for, by their names without digest.
    pub files: Vec<String>,
    /// In bytes, all of them together after Brotli.
    pub limit: u64,
}

/// One size that it had.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is read by people; here it only has to be whole")]
pub struct Entry {
    date: String,
    what: String,
    /// In the order of the ways, in bytes.
    bytes: Vec<u64>,
}
