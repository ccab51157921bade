//! Policies by their public face: each test is named for the rule of the IAM User Guide that it holds to.

mod actions;
mod check;
mod decisions;
mod documents;
mod operators;
mod principals;
mod properties;
mod resources;
mod sets;
mod variables;
