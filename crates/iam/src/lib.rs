//! IAM policy documents as AWS writes them: parsed, evaluated and explained, without I/O or a clock.
//!
//! ```
//! use iam::{Context, Policy, Principal, Request};
//!
//! let policies = [Policy::permissions("buyer", r#"{
//!     "Version": "2012-10-17",
//!     "Statement": {
//!         "Sid": "Buy",
//!         "Effect": "Allow",
//!         "Action": "execute-api:Invoke",
//!         "Resource": "arn:aws:execute-api:us-east-1:123456789012:pets/test/POST/pets/purchase"
//!     }
//! }"#)?];
//! let request = Request {
//!     principal: Principal::Anonymous, // permissions policies don't read it
//!     action: "execute-api:Invoke".into(),
//!     resource: "arn:aws:execute-api:us-east-1:123456789012:pets/test/POST/pets/purchase".into(),
//!     context: Context::new().with("aws:SourceIp", "127.0.0.1"),
//! };
//! let decision = iam::decide(&policies, &request);
//! assert!(decision.is_allowed());
//! assert_eq!(decision.to_string(), "allowed by statement 0 (Buy) of policy buyer");
//! println!("{}", iam::explain(&policies, &request)); // statement by statement, with the values compared
//! # Ok::<(), iam::PolicyError>(())
//! ```
//!
//! - [`Policy::permissions`] and [`Policy::trust`] load a document from text (`&str`) or from a `&serde_json::Value`.
//!   What they don't know they refuse, with the place ([`PolicyError`]). Text has duplicate keys refused too; a
//!   `Value` has lost them, so whoever made it from text must have refused them.
//! - [`decide`] gives a [`Decision`]: the outcome, and as the reason the deciding statement or what each allowing
//!   statement was missing. [`explain`] gives the same decision with every comparison. Both serialise and print.
//!
//! The source is the IAM User Guide's policy reference (elements, grammar, condition operators, variables). Where it
//! leaves a meaning open ([`Verdict::Undecidable`]) an allow doesn't apply and a deny does. There is no crate to use
//! instead: `iam-rs` lets a variable's `*` act as a wildcard and its absence match the empty string, and
//! `scratchstack-aspen` lets an allow win over a deny behind it. Where they are right they are asked all the same,
//! thousands of times, in `tests/differential`.

mod condition;
mod decision;
mod document;
mod error;
mod evaluate;
mod glob;
mod pattern;
mod policy;
mod principal;
mod request;
mod trace;

pub use decision::{Decision, Miss, Outcome, Reason, StatementRef};
pub use document::Document;
pub use error::{Place, PolicyError, Problem};
pub use evaluate::{decide, explain};
pub use policy::Policy;
pub use request::{Context, Principal, Request};
pub use trace::{Check, Effect, Element, Explanation, Note, StatementTrace, Verdict, Wanted};
