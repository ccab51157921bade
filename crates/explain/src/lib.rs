//! Why somebody may do what they may. It holds the questions that STS and the gateway ask of a template's documents
//! (`question`), so that what is explained is what is asked, and gives the answers in words: the five steps of a person's
//! rights (`journey`), every call by every role (`table`), and what is probably meant otherwise (`mistakes`).
//!
//! It reads documents and nothing else: no server, no clock, no token. It decides nothing; `iam` does. The local stack
//! asks and logs with it, and the program of `cargo xtask explain` prints it.

mod call;
mod journey;
mod mistakes;
mod question;
mod table;
mod words;

pub use call::{Call, NotACall};
pub use journey::{access, journey, provider_of, unsigned};
pub use question::{ASSUME, CallSession, INVOKE, Person, call_question, circumstances, session_arn, trust_question};
pub use table::table;
pub use words::{Decided, OPEN, UNSIGNED, no_method, sentence, statements};
