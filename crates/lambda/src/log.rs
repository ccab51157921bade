//! The log: one JSON object a line on standard output, where Lambda picks it up. Only what this project says is shown,
//! and warnings of others. Those who log what they were given, events or headers, do so below that level; the one that
//! doesn't is silenced.

use std::panic;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Once, before anything else.
pub(crate) fn init() {
    let shown = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets([("lambda", LevelFilter::INFO), ("service", LevelFilter::INFO)])
        // It repeats a panic's message, which may carry a piece of what was worked on.
        .with_target("lambda_runtime::layers::panic", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false);
    tracing_subscriber::registry().with(lines).with(shown).init();
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}
