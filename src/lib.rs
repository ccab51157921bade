//! The single-page app as a library: what it reads, how a person signs in, and the calls that it makes.
//!
//! [`session`] and [`api`] know nothing of Leptos or the DOM and are tested on the host; [`browser`] is the only place
//! that touches `web-sys` for them.

pub mod api;
pub mod browser;
pub mod config;
pub mod session;
