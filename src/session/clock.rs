//! The true time. A device's clock may be wrong by hours, and AWS refuses a signature that is five minutes off; every
//! answer's `Date` header tells how far off it is (RFC 9110, section 6.6.1).

use std::cell::Cell;

use aws_smithy_types::date_time::{DateTime, Format};
use http::{HeaderMap, header::DATE};

/// How far the device's clock is off, once a server has said so.
#[derive(Default)]
pub(super) struct Clock {
    offset_ms: Cell<Option<i64>>,
}

impl Clock {
    /// Takes over the time of an answer that has just come.
    pub(super) fn observe(&self, headers: &HeaderMap, device_ms: i64) {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        if let Some(server_ms) = date.and_then(|date| instant(date, Format::HttpDate)) {
            // A date has whole seconds: on average it is half of one behind.
            self.offset_ms.set(Some(server_ms + 500 - device_ms));
        }
    }

    /// Whether a server has told the time yet.
    pub(super) fn is_known(&self) -> bool {
        self.offset_ms.get().is_some()
    }

    /// What the device's clock should have said.
    pub(super) fn correct(&self, device_ms: i64) -> i64 {
        device_ms + self.offset_ms.get().unwrap_or(0)
    }
}

/// Reads a time into milliseconds since 1970; only years that make sense, so that sums can't overflow.
pub(super) fn instant(text: &str, format: Format) -> Option<i64> {
    let seconds = DateTime::from_str(text, format).ok()?.secs();
    (0..=253_402_300_799).contains(&seconds).then_some(seconds * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_date_corrects_the_device() {
        let clock = Clock::default();
        assert!(!clock.is_known());
        assert_eq!(clock.correct(1_000), 1_000);
        let mut headers = HeaderMap::new();
        for nonsense in ["", "yesterday", "Thu, 01 Jan 99999 00:00:00 GMT", "Mon, 99 Foo 2026 99:99:99 GMT", "\u{1}"] {
            if let Ok(value) = nonsense.parse() {
                headers.insert(DATE, value);
                clock.observe(&headers, 5);
                assert!(!clock.is_known(), "{nonsense}");
            }
        }
        headers.insert(DATE, "Thu, 01 Jan 1970 01:00:00 GMT".parse().unwrap());
        clock.observe(&headers, 0);
        assert_eq!(clock.correct(10_000), 3_610_500);
    }

    #[test]
    fn a_time_is_read_as_sts_writes_it() {
        assert_eq!(instant("2026-01-01T00:00:00Z", Format::DateTime), Some(1_767_225_600_000));
        assert_eq!(instant("2026-01-01T00:00:00.5Z", Format::DateTime), Some(1_767_225_600_000));
        for nonsense in ["", "2026", "2026-13-01T00:00:00Z", "-2026-01-01T00:00:00Z", "99999-01-01T00:00:00Z"] {
            assert_eq!(instant(nonsense, Format::DateTime), None, "{nonsense}");
        }
    }
}
