//! The service as its callers see it: the store on a real engine, tokens of a real issuer's shape, the router in
//! process.

#![expect(clippy::unwrap_used, reason = "tests")]

mod conformance;
mod embedded;
mod faults;
mod issuer;
mod killed;
mod ministack;
mod repeating;
mod router;
mod token;
