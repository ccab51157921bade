//! Deploys into an AWS that others made, by the program itself: what is there afterwards, what each run changed, and what
//! is left when it is killed between any two of its changes. The shop's own template goes in; see `overlay` for what the
//! emulator can't take of it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod deploys;
mod destroys;
mod front;
mod killed;
mod overlay;
mod world;
