//! Answers to reads that would be the same again, because nothing was written since: pages that many people look at are
//! read once. An answer counts for one state of the data and for exactly the same question, and is forgotten with the
//! next write, whatever that writes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::value::RawValue;

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

/// The question with its members in order. The SDK writes a map's in another order each time, so that one question would
/// look like many. What isn't as the SDK writes it stays as it is.
pub(super) fn in_order(body: Vec<u8>) -> Vec<u8> {
    // Of the same length: nothing was there twice, and nothing between the members.
    sorted(&body).filter(|sorted| sorted.len() == body.len()).unwrap_or(body)
}

fn sorted(body: &[u8]) -> Option<Vec<u8>> {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_slice(body).ok()?;
    let mut sorted = Vec::with_capacity(body.len());
    write(&members, &mut sorted, |value, sorted| match serde_json::from_str::<BTreeMap<&str, &RawValue>>(value) {
        Ok(members) => write(&members, sorted, |value, sorted| sorted.extend_from_slice(value.as_bytes())),
        Err(_) => sorted.extend_from_slice(value.as_bytes()),
    });
    Some(sorted)
}

/// An object of these members. Names that would have to be escaped aren't read.
fn write(members: &BTreeMap<&str, &RawValue>, object: &mut Vec<u8>, value: impl Fn(&str, &mut Vec<u8>)) {
    object.push(b'{');
    for (number, (name, text)) in members.iter().enumerate() {
        let before: &[u8] = if number == 0 { b"\"" } else { b",\"" };
        for part in [before, name.as_bytes(), b"\":"] {
            object.extend_from_slice(part);
        }
        value(text.get(), object);
    }
    object.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_the_same_in_any_order() {
        let one = in_order(br##"{"b":{"#x":"1","#a":{"S":"{}"}},"a":[3,1],"c":"\u00e9"}"##.to_vec());
        let same = in_order(br##"{"c":"\u00e9","a":[3,1],"b":{"#a":{"S":"{}"},"#x":"1"}}"##.to_vec());
        assert_eq!(
            String::from_utf8(one.clone()).unwrap(),
            r##"{"a":[3,1],"b":{"#a":{"S":"{}"},"#x":"1"},"c":"\u00e9"}"##
        );
        assert_eq!(one, same);
    }

    #[test]
    fn what_the_sdk_would_not_write_stays_as_it_is() {
        for body in
            [r#"{"b":1,"b":1}"#, r#"{"b":1, "a":2}"#, r#"{"b":{"a":1,"a":2}}"#, r#"{"\u0062":1,"a":2}"#, "[2]", "{", ""]
        {
            assert_eq!(in_order(body.into()), body.as_bytes());
        }
    }

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
