//! What one round of many requests took, and many rounds together.

use std::time::Duration;

use crate::{
    summary::{Summary, quantile},
    table::Cell,
};

/// One round.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Requests in a second.
    pub per_second: f64,
    /// Half of the requests took less, in milliseconds.
    pub p50: f64,
    /// 99 of 100 requests took less, in milliseconds.
    pub p99: f64,
}

impl Round {
    /// A round of at least one request.
    pub fn new(whole: Duration, times: Vec<Duration>) -> Self {
        let mut millis: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        millis.sort_by(f64::total_cmp);
        Self {
            per_second: millis.len() as f64 / whole.as_secs_f64(),
            p50: quantile(&millis, 0.5),
            p99: quantile(&millis, 0.99),
        }
    }
}

/// The rounds of one thing that is measured.
#[derive(Clone, Debug, Default)]
pub struct Rounds(Vec<Round>);

impl Rounds {
    /// The columns of [`Self::cells`].
    pub const COLUMNS: [&str; 3] = ["a second", "p50, ms", "p99, ms"];

    /// The columns of [`Self::by`].
    pub const RATIOS: [&str; 3] = ["a second", "p50", "p99"];

    /// One more.
    pub fn push(&mut self, round: Round) {
        self.0.push(round);
    }

    /// The cells of a table's line.
    pub fn cells(&self) -> Vec<Cell> {
        MEASURES.map(|measure| Cell::Measured(self.summary(measure))).into()
    }

    /// How many times as much as another, round by round, for each of the columns.
    pub fn by(&self, other: &Self) -> [Summary; 3] {
        let pairs = || self.0.iter().zip(&other.0);
        MEASURES.map(|measure| {
            Summary::of(&pairs().map(|(ours, others)| measure(ours) / measure(others)).collect::<Vec<_>>())
        })
    }

    fn summary(&self, measure: impl Fn(&Round) -> f64) -> Summary {
        Summary::of(&self.0.iter().map(measure).collect::<Vec<_>>())
    }
}

/// What the columns are of.
const MEASURES: [fn(&Round) -> f64; 3] = [|round| round.per_second, |round| round.p50, |round| round.p99];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_counts_by_the_time_of_all_and_not_by_the_sum() {
        let times = (1..=101).map(Duration::from_millis).collect();
        let round = Round::new(Duration::from_millis(500), times);
        assert_eq!((round.per_second, round.p50, round.p99), (202.0, 51.0, 100.0));
    }

    #[test]
    fn rounds_are_told_by_their_median() {
        let mut rounds = Rounds::default();
        for millis in [30, 10, 20] {
            rounds.push(Round::new(Duration::from_secs(1), vec![Duration::from_millis(millis)]));
        }
        assert_eq!(rounds.summary(|round| round.p50).median, 20.0);
    }
}
