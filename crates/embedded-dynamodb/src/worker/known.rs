//! Answers to reads that would be the same again, because nothing was written since: pages that many people look at are
//! read once. An answer counts for one state of the data and for exactly the same question, and is forgotten with the
//! next write, whatever that writes.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Answer;

/// All questions and answers together have at most so many bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The answers of one state of the data.
#[derive(Default)]
pub(super) struct Known(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    /// How many writes had begun.
    writes: usize,
    bytes: usize,
    /// By operation and body.
    bodies: HashMap<(String, Vec<u8>), String>,
}

impl Known {
    /// The answer, if it is known for the data as they are after so many writes.
    pub(super) fn answer(&self, writes: usize, operation: &str, body: &[u8]) -> Option<Answer> {
        let answers = self.answers();
        if answers.writes != writes {
            return None;
        }
        let body = answers.bodies.get(&(operation.to_owned(), body.to_owned()))?;
        Some((200, body.clone()))
    }

    /// Keeps an answer that was read when all of so many writes were done and no other had begun.
    pub(super) fn keep(&self, writes: usize, operation: String, body: Vec<u8>, (status, text): &Answer) {
        if *status != 200 {
            return;
        }
        let size = operation.len() + body.len() + text.len();
        let mut answers = self.answers();
        if answers.writes != writes || answers.bytes + size > MOST_BYTES {
            *answers = Answers { writes, ..Answers::default() };
        }
        if size <= MOST_BYTES && answers.bodies.insert((operation, body), text.clone()).is_none() {
            answers.bytes += size;
        }
    }

    /// Whole after each change, whatever panics elsewhere.
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_to_its_own_question_and_of_its_own_state() {
        let known = Known::default();
        known.keep(1, "Query".into(), b"a".into(), &(200, "A".into()));
        known.keep(1, "Query".into(), b"b".into(), &(200, "B".into()));
        let answer = |writes, operation, body: &[u8]| known.answer(writes, operation, body).map(|(_, text)| text);
        assert_eq!(answer(1, "Query", b"a").unwrap(), "A");
        assert_eq!(answer(1, "Query", b"b").unwrap(), "B");
        for (writes, operation, body) in [(2, "Query", b"a"), (0, "Query", b"a"), (1, "Scan", b"a"), (1, "Query", b"c")]
        {
            assert!(answer(writes, operation, body).is_none());
        }
        known.keep(2, "Query".into(), b"b".into(), &(200, "new".into()));
        assert!(answer(2, "Query", b"a").is_none() && answer(1, "Query", b"a").is_none());
        assert_eq!(answer(2, "Query", b"b").unwrap(), "new");
    }

    #[test]
    fn a_refusal_is_asked_for_again() {
        let known = Known::default();
        known.keep(1, "Query".into(), b"a".into(), &(400, "no".into()));
        assert!(known.answer(1, "Query", b"a").is_none());
    }

    #[test]
    fn memory_is_bounded_whatever_is_asked() {
        let known = Known::default();
        let half = "x".repeat(MOST_BYTES / 2);
        for number in 0..10_u8 {
            known.keep(1, "Query".into(), vec![number], &(200, half.clone()));
            assert!(known.answers().bytes <= MOST_BYTES && known.answers().bodies.len() <= 2);
            assert!(known.answer(1, "Query", &[number]).is_some());
        }
        known.keep(1, "Query".into(), vec![99], &(200, half.repeat(3)));
        assert!(known.answer(1, "Query", &[99]).is_none());
    }
}
