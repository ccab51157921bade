//! Brings the shop into an AWS account, and takes it down: `deploy` and `destroy`. The journey of a deploy is
//! `preflight` (what can be known to be wrong), `plan` (what is going to happen), `deploy` (in which order); each of the
//! others is one thing that they need. It must never change anything before it has shown the plan, never put a page in
//! place that names what isn't there, and never show a key or a token.

/// Says a line. A reader who has gone is no reason to stop half way.
macro_rules! say {
    () => { $crate::say(format_args!("")) };
    ($($words:tt)*) => { $crate::say(format_args!($($words)*)) };
}

mod artifacts;
mod ask;
mod bucket;
mod cloud;
mod config_file;
pub mod deploy;
pub mod destroy;
pub mod error;
mod history;
mod invalidation;
pub mod options;
mod parameters;
mod plan;
mod preflight;
mod site;
mod stack;
mod template;

fn say(words: std::fmt::Arguments<'_>) {
    let _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{words}\n"));
}
