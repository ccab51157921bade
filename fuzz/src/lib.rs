//! What must hold for every input to the five walls that read what strangers write: policy documents, templates, signed
//! requests, identity tokens and cursors. Each module has one function, `check`, which takes any bytes and panics where
//! its wall breaks a promise; its paragraph lists the promises. The same functions are replayed over the corpus by a
//! normal test run (`tests/replay.rs`) and driven by libFuzzer (`fuzz_targets`, `cargo xtask fuzz`).
//!
//! libFuzzer because the stable compiler instruments for it by itself (`-Cpasses=sancov-module`), where bolero and AFL
//! want another program and a nightly compiler first. Inputs are text, so that a corpus can be read and written by hand.

pub mod cursor;
pub mod policy;
pub mod signature;
pub mod template;
pub mod token;

mod edits;

/// How far an input came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The wall didn't take it.
    Refused,
    /// The wall took it, and every promise about what was taken was kept.
    Taken,
}

/// One fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: of its module, its binary, its corpus and its dictionary.
    pub name: &'static str,
    /// Panics where a promise is broken.
    pub check: fn(&[u8]) -> Outcome,
}

/// Every target.
pub const TARGETS: [Target; 5] = [
    Target { name: "cursor", check: cursor::check },
    Target { name: "policy", check: policy::check },
    Target { name: "signature", check: signature::check },
    Target { name: "template", check: template::check },
    Target { name: "token", check: token::check },
];
