//! How long something is still good, in words that change once a second at most and are never read out by themselves.

use std::time::Duration;

use leptos::prelude::*;

use crate::{session::Holding, visit::use_visit};

/// What is held for the person, looked at every second as long as the view is there.
pub fn use_holding() -> Memo<Holding> {
    let visit = use_visit();
    let holding = RwSignal::new(visit.shop().session().holding());
    let look = move || holding.set(visit.shop().session().holding());
    if let Ok(timer) = set_interval_with_handle(look, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    Memo::new(move |_| holding.get())
}

/// Minutes and seconds in the last hour, hours and minutes before.
pub fn countdown(ms: Option<i64>) -> String {
    let Some(seconds) = ms.map(|ms| ms / 1000).filter(|seconds| *seconds > 0) else { return "ended".to_owned() };
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours} h {minutes:02} min") } else { format!("{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_is_short_and_ends() {
        let check = |ms: Option<i64>, text: &str| assert_eq!(countdown(ms), text);
        check(None, "ended");
        check(Some(-1), "ended");
        check(Some(999), "ended");
        check(Some(61_000), "01:01");
        check(Some(3_599_999), "59:59");
        check(Some(3_600_000), "1 h 00 min");
        check(Some(90_061_000), "25 h 01 min");
    }
}
