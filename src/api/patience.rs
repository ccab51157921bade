//! How long a call is tried again while a person waits: what passes by itself (no network, no answer, a server that
//! can't at the moment) is given some time, and then it is said. Only for calls that may be done twice.

use super::CallError;
use crate::session::{Answer, NetworkError, Platform, SessionError, dice};

/// What is left of it for one call.
pub(super) struct Patience {
    began_ms: i64,
    failures: u32,
    repeatable: bool,
}

impl Patience {
    pub(super) fn new(repeatable: bool, platform: &impl Platform) -> Self {
        Self { began_ms: platform.now_ms(), failures: 0, repeatable }
    }

    /// How long to wait before another try; nothing if this is what came of it. The pause is longer with each failure,
    /// and as long as chance says up to that, so that those who failed together don't come back together.
    pub(super) fn next(&mut self, platform: &impl Platform, attempted: &Result<Answer, CallError>) -> Option<u32> {
        self.failures += 1;
        let offline = matches!(attempted, Err(CallError::Network(NetworkError::Offline)));
        // Waiting for the network costs nobody anything.
        let tries = if offline { MOST_OFFLINE } else { MOST_TRIES };
        let waited_ms = platform.now_ms().saturating_sub(self.began_ms);
        // A clock that was set says nothing: then the number of tries alone counts.
        let in_time = waited_ms < LONGEST_MS;
        if !self.repeatable || !passes(attempted) || self.failures >= tries || !in_time {
            return None;
        }
        if offline {
            return Some(OFFLINE_STEP_MS);
        }
        let most = FIRST_MS << self.failures.min(4);
        Some(LEAST_MS + (f64::from(most) * dice(platform)) as u32)
    }
}

fn passes(attempted: &Result<Answer, CallError>) -> bool {
    match attempted {
        Ok(answer) => matches!(answer.status, 429 | 500 | 502 | 503 | 504),
        Err(CallError::Network(error)) => SessionError::Network(*error).is_passing(),
        Err(CallError::Session(error)) => error.is_passing(),
        Err(CallError::Refused(refusal)) => SessionError::Sts(refusal.clone()).is_passing(),
        Err(_) => false,
    }
}

const MOST_TRIES: u32 = 4;
const MOST_OFFLINE: u32 = 6;
const OFFLINE_STEP_MS: u32 = 2_000;
const LEAST_MS: u32 = 100;
const FIRST_MS: u32 = 250;

/// After this there is no further try: one that began may still take its time.
const LONGEST_MS: i64 = 25_000;
