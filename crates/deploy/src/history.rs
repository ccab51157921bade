//! What a site's bucket doesn't tell by itself: since when a file is no longer part of the page, and which addresses
//! CloudFront may still answer from before. (An object's own time says when it came, not when it was retired.) It's kept
//! beside the zips, which is no public place. Losing it costs nothing but that old files stay a grace time longer.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{bucket::Bucket, error::Result, site::File};

/// The history of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Keys that the page no longer names, each with the second since 1970 in which a deploy saw that.
    #[serde(default)]
    pub retired: BTreeMap<String, u64>,
    /// Addresses that changed and that CloudFront wasn't told of yet.
    #[serde(default)]
    pub stale: BTreeSet<String>,
}

impl History {
    /// Reads it. One that can't be understood is none.
    pub async fn read(artifacts: &Bucket<'_>, site: &str) -> Result<Self> {
        let text = artifacts.get(&key(site)).await?;
        Ok(text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default())
    }

    /// Writes it.
    pub async fn write(&self, artifacts: &Bucket<'_>, site: &str) -> Result<()> {
        let body = serde_json::to_vec(self).expect("maps of texts are JSON");
        artifacts.put(&File::stored(key(site), body, "application/json", site_files::REVALIDATED)).await
    }

    /// Of the keys that are `there`, which are over their time; and what is to be remembered of the others. Only names
    /// with a digest are ever retired: another one may be somebody else's, and `config.json` is never old.
    pub fn due(
        &self,
        there: &[String],
        current: &[File],
        now: u64,
        grace: u64,
    ) -> (Vec<String>, BTreeMap<String, u64>) {
        let mut due = Vec::new();
        let mut retired = BTreeMap::new();
        let is_current = |key: &str| current.iter().any(|file| file.key == key);
        for key in there {
            let name = key.rsplit('/').next().unwrap_or_default();
            if !site_files::has_digest(name) || is_current(key) {
                continue;
            }
            let since = self.retired.get(key).copied().unwrap_or(now).min(now);
            if now - since >= grace {
                due.push(key.clone());
            } else {
                retired.insert(key.clone(), since);
            }
        }
        (due, retired)
    }
}

fn key(site: &str) -> String {
    format!("sites/{site}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "pets-0000000000000000.js";
    const NEW: &str = "pets-1111111111111111.js";
    const DAY: u64 = 24 * 60 * 60;

    fn due(history: &History, there: &[&str], now: u64) -> (Vec<String>, BTreeMap<String, u64>) {
        let there: Vec<_> = there.iter().map(|key| (*key).to_owned()).collect();
        history.due(&there, &[File::new(NEW, Vec::new(), false)], now, 7 * DAY)
    }

    #[test]
    fn a_file_goes_a_grace_time_after_it_was_retired_however_old_it_is() {
        let there = [OLD, NEW, "config.json", "index.html", "pictures/dog.svg"];
        let (none, retired) = due(&History::default(), &there, 100 * DAY);
        assert_eq!((none.len(), &retired), (0, &[(OLD.to_owned(), 100 * DAY)].into()));
        let history = History { retired, ..History::default() };
        assert_eq!(due(&history, &there, 107 * DAY - 1), (vec![], history.retired.clone()));
        assert_eq!(due(&history, &there, 107 * DAY), (vec![OLD.to_owned()], BTreeMap::new()));
    }

    #[test]
    fn a_file_that_came_back_or_is_gone_is_forgotten() {
        let history = History { retired: [(NEW.to_owned(), 0), (OLD.to_owned(), 0)].into(), ..History::default() };
        assert_eq!(due(&history, &[NEW], 100 * DAY), (vec![], BTreeMap::new()));
    }

    #[test]
    fn a_clock_that_went_back_keeps_files() {
        let history = History { retired: [(OLD.to_owned(), 200 * DAY)].into(), ..History::default() };
        assert_eq!(due(&history, &[OLD], 100 * DAY), (vec![], [(OLD.to_owned(), 100 * DAY)].into()));
    }
}
