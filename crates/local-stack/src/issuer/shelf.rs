//! A map that can't grow without end: every entry has a time at which it is gone, and at the limit the oldest makes
//! room. Everything that a stranger can make the issuer remember lies on one.

use std::collections::{BTreeMap, HashMap};

use time::OffsetDateTime;

/// Values by key, bounded in number and time.
#[derive(Debug)]
pub(super) struct Shelf<V> {
    limit: usize,
    entries: HashMap<String, Entry<V>>,
    by_age: BTreeMap<u64, String>,
    next: u64,
}

#[derive(Debug)]
struct Entry<V> {
    number: u64,
    until: OffsetDateTime,
    value: V,
}

impl<V> Shelf<V> {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, entries: HashMap::new(), by_age: BTreeMap::new(), next: 0 }
    }

    /// Puts a value there until `until`, as the youngest. What is over goes, oldest first, and at the limit the oldest.
    pub(super) fn put(&mut self, key: String, value: V, until: OffsetDateTime, now: OffsetDateTime) {
        self.remove(&key);
        while let Some((&number, oldest)) = self.by_age.first_key_value() {
            let over = self.entries.get(oldest).is_none_or(|entry| entry.until <= now);
            if !over && self.entries.len() < self.limit {
                break;
            }
            self.entries.remove(oldest);
            self.by_age.remove(&number);
        }
        self.by_age.insert(self.next, key.clone());
        self.entries.insert(key, Entry { number: self.next, until, value });
        self.next += 1;
    }

    /// The value, unless its time is over.
    pub(super) fn get(&mut self, key: &str, now: OffsetDateTime) -> Option<&mut V> {
        if self.entries.get(key)?.until <= now {
            self.remove(key);
            return None;
        }
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// When the value's time is over.
    pub(super) fn until(&self, key: &str) -> Option<OffsetDateTime> {
        self.entries.get(key).map(|entry| entry.until)
    }

    /// Takes the value away, over or not.
    pub(super) fn remove(&mut self, key: &str) -> Option<V> {
        let entry = self.entries.remove(key)?;
        self.by_age.remove(&entry.number);
        Some(entry.value)
    }

    /// Keeps only the values for which `keep` holds.
    pub(super) fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, entry| keep(&entry.value));
        self.by_age.retain(|_, key| self.entries.contains_key(key));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.entries.len(), self.by_age.len());
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn at(seconds: i64) -> OffsetDateTime {
        START + Duration::seconds(seconds)
    }

    #[test]
    fn at_the_limit_the_oldest_makes_room() {
        let mut shelf = Shelf::new(3);
        for number in 0..10 {
            shelf.put(number.to_string(), number, at(100), START);
            assert!(shelf.len() <= 3);
        }
        assert_eq!(shelf.get("6", START), None);
        assert_eq!(shelf.get("7", START), Some(&mut 7));
        assert_eq!(shelf.get("9", START), Some(&mut 9));
    }

    #[test]
    fn what_is_over_is_not_found_and_is_dropped() {
        let mut shelf = Shelf::new(10);
        shelf.put("short".into(), 1, at(5), START);
        shelf.put("long".into(), 2, at(50), START);
        assert_eq!(shelf.get("short", at(4)), Some(&mut 1));
        assert_eq!(shelf.get("short", at(5)), None);
        assert_eq!(shelf.len(), 1);
        shelf.put("later".into(), 3, at(99), at(50));
        assert_eq!(shelf.len(), 1);
    }

    #[test]
    fn putting_again_and_removing_leave_nothing_behind() {
        let mut shelf = Shelf::new(2);
        for _ in 0..5 {
            shelf.put("same".into(), 1, at(5), START);
        }
        assert_eq!(shelf.len(), 1);
        assert_eq!(shelf.remove("same"), Some(1));
        assert_eq!(shelf.remove("same"), None);
        shelf.put("a".into(), 1, at(5), START);
        shelf.put("b".into(), 2, at(5), START);
        shelf.retain(|value| *value == 2);
        assert_eq!(shelf.len(), 1);
    }
}
