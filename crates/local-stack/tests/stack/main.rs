//! The whole stack over HTTP: started in process on a free port, asked by a client that sends exactly the bytes it is
//! told to, with tokens of an issuer whose key the tests have, so that every wrong token can be made.

#![expect(clippy::unwrap_used, reason = "tests")]

mod by_hand;
mod client;
mod crash;
mod decisions;
mod disguise;
mod explain_url;
mod explained;
mod forgery;
mod gateway;
mod issuer;
mod meaning;
mod mutation;
mod parameters;
mod signature;
mod signer;
mod site;
mod start;
mod sts;
mod template;
mod world;
