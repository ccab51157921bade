//! Until when something is good, and from when on it is renewed. Both by the true time, in milliseconds since 1970.

/// The life of a token, or of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    from_ms: i64,
    until_ms: i64,
    renew_ms: i64,
}

impl Life {
    /// A life that begins at `now_ms`. It is renewed in its last quarter and at most two minutes before its end; `dice`, from 0
    /// to 1, says how early, so that what began together is not renewed in the same second.
    pub(super) fn new(now_ms: i64, until_ms: i64, dice: f64) -> Self {
        let most = until_ms.saturating_sub(now_ms) / 4;
        let ahead = most.clamp(0, MOST_AHEAD_MS) as f64 * (0.5 + dice / 2.0);
        Self { from_ms: now_ms, until_ms, renew_ms: until_ms - ahead as i64 }
    }

    /// One that is over: somebody who knows said so.
    pub(super) fn over() -> Self {
        Self { from_ms: i64::MIN, until_ms: i64::MIN, renew_ms: i64::MIN }
    }

    /// Whether it is still good.
    pub(super) fn lasts(self, now_ms: i64) -> bool {
        now_ms < self.until_ms
    }

    /// Whether it is good for a while, and needs no renewal yet.
    pub(super) fn is_fresh(self, now_ms: i64) -> bool {
        now_ms < self.renew_ms
    }

    pub(super) fn began_ms(self) -> i64 {
        self.from_ms
    }

    pub(super) fn until_ms(self) -> i64 {
        self.until_ms
    }

    pub(super) fn renew_ms(self) -> i64 {
        self.renew_ms
    }
}

const MOST_AHEAD_MS: i64 = 120_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_renewed_in_its_last_quarter_and_at_most_two_minutes_ahead() {
        for (life_ms, latest_ms, earliest_ms) in
            [(5_000, 625, 1_250), (480_000, 60_000, 120_000), (86_400_000, 60_000, 120_000)]
        {
            assert_eq!(Life::new(1_000, 1_000 + life_ms, 0.0).renew_ms, 1_000 + life_ms - latest_ms);
            assert_eq!(Life::new(1_000, 1_000 + life_ms, 1.0).renew_ms, 1_000 + life_ms - earliest_ms);
        }
        let over = Life::new(1_000, 500, 0.5);
        assert!(!over.lasts(1_000) && !over.is_fresh(1_000));
        assert!(!Life::over().lasts(i64::MIN));
    }
}
