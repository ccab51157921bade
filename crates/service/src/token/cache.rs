//! The keys that were fetched last. They are fetched when there are none, when they are old, and when a token names
//! one that isn't among them; but never twice within a minute, whatever arrives and however the last try ended. All
//! who wait share one fetch.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use super::{Jwks, KeySourceError, TokenError};

/// The least time between two fetches.
const PAUSE: Duration = Duration::MINUTE;
/// After this, keys are fetched again before they are used, so that a key that was withdrawn is forgotten.
const STALE: Duration = Duration::HOUR;
/// Up to this age keys serve while the issuer can't be reached.
const TOO_OLD: Duration = Duration::DAY;
/// A fetch that takes longer has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// What [`KeySource::fetch`] answers.
pub type FetchKeys<'a> = Pin<Box<dyn Future<Output = Result<Jwks, KeySourceError>> + Send + 'a>>;

/// Where an issuer's keys come from. Asked rarely; must bound the size of what it reads.
pub trait KeySource: Send + Sync {
    /// The issuer's keys as they are now.
    fn fetch(&self) -> FetchKeys<'_>;
}

pub(super) struct KeyCache {
    source: Arc<dyn KeySource>,
    current: Mutex<Option<Arc<Fetched>>>,
    /// The last try, held while one is under way.
    last: tokio::sync::Mutex<Option<Try>>,
}

pub(super) struct Fetched {
    keys: Jwks,
    at: OffsetDateTime,
}

struct Try {
    at: OffsetDateTime,
    failure: Option<KeySourceError>,
}

impl std::ops::Deref for Fetched {
    type Target = Jwks;

    fn deref(&self) -> &Jwks {
        &self.keys
    }
}

impl KeyCache {
    pub(super) fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, current: Mutex::new(None), last: tokio::sync::Mutex::new(None) }
    }

    /// The keys to try first.
    pub(super) async fn get(self: &Arc<Self>, now: OffsetDateTime) -> Result<Arc<Fetched>, TokenError> {
        let current = self.current();
        match current {
            Some(keys) if (now - keys.at).abs() < STALE => Ok(keys),
            Some(keys) => match self.newer_than(&keys, now).await {
                Ok(Some(newer)) => Ok(newer),
                Ok(None) | Err(_) if (now - keys.at).abs() < TOO_OLD => Ok(keys),
                Ok(None) => Err(KeySourceError::TimedOut.into()),
                Err(error) => Err(error),
            },
            None => self.fetch(None, now).await?.ok_or_else(|| KeySourceError::Stopped.into()),
        }
    }

    /// Newer keys than these, if they can be had now. `None` where the last fetch is too fresh to repeat.
    pub(super) async fn newer_than(
        self: &Arc<Self>,
        known: &Arc<Fetched>,
        now: OffsetDateTime,
    ) -> Result<Option<Arc<Fetched>>, TokenError> {
        self.fetch(Some(Arc::clone(known)), now).await
    }

    /// A task of its own, so that a caller who goes away takes nobody's keys along.
    async fn fetch(
        self: &Arc<Self>,
        known: Option<Arc<Fetched>>,
        now: OffsetDateTime,
    ) -> Result<Option<Arc<Fetched>>, TokenError> {
        let cache = Arc::clone(self);
        let task = tokio::spawn(async move { cache.fetch_unless_fresh(known, now).await });
        Ok(task.await.map_err(|_| KeySourceError::Stopped)??)
    }

    async fn fetch_unless_fresh(
        &self,
        known: Option<Arc<Fetched>>,
        now: OffsetDateTime,
    ) -> Result<Option<Arc<Fetched>>, KeySourceError> {
        let mut last = self.last.lock().await;
        let current = self.current();
        // Somebody else may have fetched while this one waited for the lock.
        if let Some(current) = current
            && !known.is_some_and(|known| Arc::ptr_eq(&known, &current))
        {
            return Ok(Some(current));
        }
        if let Some(last) = last.as_ref()
            && (now - last.at).abs() < PAUSE
        {
            return last.failure.clone().map_or(Ok(None), Err);
        }

        *last = Some(Try { at: now, failure: Some(KeySourceError::Stopped) });
        let fetched = tokio::time::timeout(PATIENCE, self.source.fetch()).await;
        let fetched = fetched.unwrap_or(Err(KeySourceError::TimedOut));
        *last = Some(Try { at: now, failure: fetched.as_ref().err().cloned() });
        let fetched = Arc::new(Fetched { keys: fetched?, at: now });
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fetched));
        Ok(Some(fetched))
    }

    fn current(&self) -> Option<Arc<Fetched>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
