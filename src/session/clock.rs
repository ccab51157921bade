//! The true time. A device's clock may be wrong by hours, and AWS refuses a signature that is five minutes off; every
//! answer's `Date` tells how far off it is (RFC 9110, section 6.6.1). What was learnt holds until the clock does
//! what no clock does: it goes backwards, or further than was waited. A device that slept looks the same, so then a
//! server has to be asked again.

use std::cell::Cell;

/// How far the device's clock is off, once a server has said so.
#[derive(Default)]
pub(super) struct Clock {
    offset_ms: Cell<Option<i64>>,
    /// Whether a server was asked, and nothing odd has happened since.
    sure: Cell<bool>,
    wait: Cell<Option<Wait>>,
    /// How much later than it should have been it was after the waits since a server told the time.
    late_ms: Cell<i64>,
}

#[derive(Clone, Copy)]
struct Wait {
    began_ms: i64,
    ms: i64,
    /// Within this the device's clock is believed.
    span: Span,
}

/// A while by the device's clock.
#[derive(Clone, Copy)]
struct Span {
    from_ms: i64,
    most_ms: i64,
}

impl Span {
    /// Whether a clock that nobody touched could show this time within it.
    fn allows(self, device_ms: i64) -> bool {
        (self.from_ms - SLACK_MS..=self.from_ms + self.most_ms).contains(&device_ms)
    }
}

impl Clock {
    /// Takes over the time of an answer, if it tells one that makes sense. It was asked for and it came at these times by the device's clock, and no
    /// request takes longer than `most_ms`.
    pub(super) fn observe(&self, date_ms: Option<i64>, asked_ms: i64, came_ms: i64, most_ms: i64) {
        let sound = self.check(asked_ms, came_ms, most_ms);
        let Some(server_ms) = date_ms.filter(|ms| (0..=LAST_MS).contains(ms)) else { return };
        // A date has whole seconds, and is from some moment between the question and its answer.
        let (least, most) = (server_ms - came_ms, server_ms + 1_000 - asked_ms);
        match self.offset_ms.get() {
            Some(offset) if (least..=most).contains(&offset) => {}
            // Slept in between, or set forward: the answer may be as old as that.
            Some(_) if !sound && came_ms > asked_ms => return,
            _ if sound => self.offset_ms.set(Some(least.midpoint(most))),
            _ => self.offset_ms.set(Some(least + 500)),
        }
        if sound || came_ms < asked_ms {
            self.settle();
            if let Some(mut wait) = self.wait.get() {
                wait.span.from_ms = came_ms;
                self.wait.set(Some(wait));
            }
        }
    }

    /// Whether what happened between these two times by the device's clock can have taken no longer than `most_ms`.
    pub(super) fn check(&self, from_ms: i64, to_ms: i64, most_ms: i64) -> bool {
        let sound = Span { from_ms, most_ms: most_ms + LATE_MS }.allows(to_ms);
        if !sound {
            self.sure.set(false);
        }
        sound
    }

    /// From now on so long somebody waits, and will call [`Clock::waited`]. Nothing: nobody watches the clock for now, and
    /// it is believed for a little while after each answer.
    pub(super) fn wait(&self, device_ms: i64, ms: u32) {
        let ms = i64::from(ms);
        let span = Span { from_ms: device_ms, most_ms: ms + LATE_MS };
        self.wait.set(Some(Wait { began_ms: device_ms, ms, span }));
    }

    /// The wait is over: to its end (`whole`), or cut short.
    pub(super) fn waited(&self, device_ms: i64, whole: bool) {
        self.is_sure(device_ms);
        if let Some(wait) = self.wait.take()
            && whole
        {
            let late_ms = device_ms.saturating_sub(wait.began_ms + wait.ms);
            self.late_ms.set(self.late_ms.get() + late_ms.max(0));
            if late_ms < -SLACK_MS || self.late_ms.get() > MOST_LATE_MS {
                self.sure.set(false);
            }
        }
    }

    /// Whether the device's clock has done nothing odd since a server told the time.
    pub(super) fn is_sure(&self, device_ms: i64) -> bool {
        if self.wait.get().is_some_and(|wait| !wait.span.allows(device_ms)) {
            self.sure.set(false);
        }
        self.sure.get()
    }

    /// What the device's clock should have said.
    pub(super) fn correct(&self, device_ms: i64) -> i64 {
        device_ms.saturating_add(self.offset_ms.get().unwrap_or(0))
    }

    /// A server was asked, and whether it said the time or not: there is no more to be learnt.
    pub(super) fn settle(&self) {
        self.sure.set(true);
        self.late_ms.set(0);
    }
}

/// Clocks are set by so much all day long.
const SLACK_MS: i64 = 1_000;

/// Timers of a page in the background are so late. To believe that it is later than it is does no harm.
const LATE_MS: i64 = 90_000;

/// And all of them together so much, lest it comes near AWS's five minutes.
const MOST_LATE_MS: i64 = 180_000;

/// The end of the year 9999: sums with what is later could overflow.
pub(super) const LAST_MS: i64 = 253_402_300_799_999;

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn dated(clock: &Clock, date_ms: i64, asked_ms: i64, came_ms: i64) {
        clock.observe(Some(date_ms), asked_ms, came_ms, 20_000);
    }

    /// A clock that is right, and known to be.
    fn right() -> Clock {
        let clock = Clock::default();
        dated(&clock, 0, 500, 500);
        assert_eq!(clock.correct(1_000), 1_000);
        clock
    }

    #[test]
    fn a_servers_date_corrects_the_device() {
        let clock = Clock::default();
        for nonsense in [None, Some(-1), Some(i64::MIN), Some(i64::MAX), Some(LAST_MS + 1)] {
            clock.observe(nonsense, 5, 5, 20_000);
            assert_eq!((clock.correct(1_000), clock.is_sure(1_000)), (1_000, false), "{nonsense:?}");
        }
        dated(&clock, HOUR_MS, 0, 0);
        assert_eq!(clock.correct(10_000), 3_610_500);
    }

    #[test]
    fn a_slow_answer_does_not_spoil_what_a_quick_one_told() {
        let clock = right();
        dated(&clock, 10_000, 10_500, 28_000);
        assert_eq!(clock.correct(0), 0);
        let clock = Clock::default();
        dated(&clock, 10_000, 10_500, 28_000);
        assert!(clock.correct(0).abs() < 10_000);
        dated(&clock, 30_000, 30_200, 30_700);
        assert!(clock.correct(0).abs() < 1_000);
    }

    #[test]
    fn a_clock_that_goes_backwards_or_too_far_is_doubted_until_a_server_was_asked() {
        for (wakes_ms, whole, sure) in [
            (31_000, true, true),
            (85_000, true, true),
            (5_000, false, true),
            (5_000, true, false),
            (-HOUR_MS, true, false),
            (-HOUR_MS, false, false),
            (HOUR_MS, true, false),
        ] {
            let clock = right();
            clock.wait(1_000, 30_000);
            clock.waited(1_000 + wakes_ms, whole);
            assert_eq!(clock.is_sure(1_000 + wakes_ms), sure, "{wakes_ms} {whole}");
            clock.settle();
            assert!(clock.is_sure(0));
        }
        let clock = right();
        clock.wait(1_000, 30_000);
        assert!(!clock.is_sure(-HOUR_MS), "seen while somebody waits");
    }

    #[test]
    fn small_steps_forward_are_added_up() {
        let clock = right();
        let mut device_ms = 0;
        for late in 1..=3 {
            clock.wait(device_ms, 30_000);
            device_ms += 30_000 + 80_000;
            clock.waited(device_ms, true);
            assert_eq!(clock.is_sure(device_ms), late < 3);
        }
    }

    #[test]
    fn a_clock_that_nobody_watches_is_believed_for_a_little_while_after_an_answer() {
        let clock = right();
        clock.wait(0, 0);
        assert!(clock.is_sure(80_000));
        dated(&clock, 80_000, 80_200, 80_500);
        assert!(clock.is_sure(160_000));
        assert!(!clock.is_sure(200_000));
    }

    #[test]
    fn an_answer_from_before_a_sleep_tells_no_time() {
        let clock = right();
        dated(&clock, 10_000, 10_000, 10_000 + HOUR_MS);
        assert_eq!((clock.correct(0), clock.is_sure(0)), (0, false));
        // The clock was set back by an hour while the answer was on its way.
        dated(&clock, 3_610_000, HOUR_MS + 10_000, 11_000);
        assert!((clock.correct(11_000) - HOUR_MS - 10_000).abs() <= 1_000);
        assert!(clock.is_sure(11_000));
    }
}
