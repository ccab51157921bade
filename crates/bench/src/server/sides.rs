//! Those that are compared. In every round each has its turn, and another begins, so that a noisy minute hits all alike
//! and nobody always comes after the same one. Who fails takes no further part; what the others took is not lost.

use super::{
    Setting,
    timing::{Round, Rounds},
};
use crate::{
    failure::{Failure, Result},
    table::{Cell, Table},
};

/// With how many clients at once.
pub const CLIENTS: [usize; 3] = [1, 8, 64];

/// Requests of one round, shared by its clients.
pub fn requests(clients: usize, setting: &Setting) -> usize {
    let many = if setting.quick { 640 } else { 1280 };
    if clients == 1 { many / 4 } else { many }
}

/// Everybody's number in the order of this round.
pub fn turn(all: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..all).map(move |place| (place + round) % all)
}

/// One that is compared, with its rounds at each number of clients.
pub struct Side<T> {
    /// Its name in the tables.
    pub name: String,
    /// What it is.
    pub of: T,
    rounds: [Rounds; CLIENTS.len()],
    failure: Option<Failure>,
}

impl<T> Side<T> {
    /// One that wasn't measured yet.
    pub fn new(name: impl Into<String>, of: T) -> Self {
        Self { name: name.into(), of, rounds: Default::default(), failure: None }
    }

    /// Whether it hasn't failed.
    pub fn takes_part(&self) -> bool {
        self.failure.is_none()
    }

    /// One more round.
    pub fn add(&mut self, place: usize, round: Result<Round>) {
        match round {
            Ok(round) => self.rounds[place].push(round),
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// Its line at this number of clients.
    pub fn line(&self, table: &mut Table, place: usize) {
        let what = format!("{}, {}", self.name, clients(place));
        match &self.failure {
            None => table.row(what, self.rounds[place].cells()),
            // What it failed at is in none of its lines more than in the others: one is enough.
            Some(failure) if place == 0 => table.failed(self.name.clone(), failure),
            Some(_) => {}
        }
    }

    /// The line that compares its rounds with another's, each with that of the same minute.
    pub fn by<U>(&self, other: &Side<U>, table: &mut Table, place: usize) {
        if self.takes_part() && other.takes_part() {
            let ratios = self.rounds[place].by(&other.rounds[place]);
            let cells = ratios.map(Cell::Measured).into();
            table.row(format!("{} / {}, {}", self.name, other.name, clients(place)), cells);
        }
    }
}

fn clients(place: usize) -> String {
    match CLIENTS[place] {
        1 => "1 client".into(),
        clients => format!("{clients} clients"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn round(millis: u64) -> Round {
        Round::new(Duration::from_secs(1), vec![Duration::from_millis(millis)])
    }

    #[test]
    fn another_begins_each_round() {
        assert_eq!(turn(3, 0).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(turn(3, 4).collect::<Vec<_>>(), [1, 2, 0]);
    }

    #[test]
    fn who_fails_has_one_line_and_no_ratio() {
        let (mut ours, mut other) = (Side::new("ours", ()), Side::new("other", ()));
        for place in 0..CLIENTS.len() {
            ours.add(place, Ok(round(10)));
            other.add(place, if place == 1 { Err(Failure::wrong("it fell")) } else { Ok(round(20)) });
        }
        let (mut table, mut ratios) = (Table::new("T", &Rounds::COLUMNS), Table::new("R", &Rounds::COLUMNS));
        for place in 0..CLIENTS.len() {
            ours.line(&mut table, place);
            other.line(&mut table, place);
            ours.by(&other, &mut ratios, place);
        }
        assert_eq!((table.rows.len(), table.failures.len(), ratios.rows.len()), (4, 1, 0));
    }

    #[test]
    fn a_ratio_is_of_rounds_of_the_same_minute() {
        let (mut ours, mut other) = (Side::new("ours", ()), Side::new("other", ()));
        for (mine, others) in [(10, 20), (100, 200), (30, 60)] {
            ours.add(0, Ok(round(mine)));
            other.add(0, Ok(round(others)));
        }
        let mut ratios = Table::new("R", &Rounds::COLUMNS);
        ours.by(&other, &mut ratios, 0);
        assert!(ratios.to_string().contains("0.500 (0.500 to 0.500)"), "{ratios}");
    }
}
