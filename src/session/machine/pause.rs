//! The pause after a failure: longer with each, and as long as the dice say up to that ("full jitter"), so that those
//! who failed together don't come back together.

use super::Now;

#[derive(Default)]
pub(super) struct Pause {
    failures: u32,
    until_ms: i64,
}

impl Pause {
    /// Another failure.
    pub(super) fn fail(&mut self, now: Now) {
        let most = (FIRST_MS << self.failures.min(10)).min(MOST_MS);
        self.failures += 1;
        self.until_ms = now.ms + LEAST_MS + (most as f64 * now.dice) as i64;
    }

    /// Whether it may be tried again. A pause longer than any is one from before the clock was set back.
    pub(super) fn is_over(&self, now: Now) -> bool {
        now.ms >= self.until_ms || self.until_ms - now.ms > LEAST_MS + MOST_MS
    }

    pub(super) fn until_ms(&self) -> i64 {
        self.until_ms
    }

    /// Ends it, without forgetting the failures.
    pub(super) fn cut_short(&mut self) {
        self.until_ms = 0;
    }
}

const LEAST_MS: i64 = 200;
const FIRST_MS: i64 = 1_000;
const MOST_MS: i64 = 60_000;
