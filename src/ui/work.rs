//! Something that is under way and will be answered: a list that is loaded, a button that was pressed. What the framework
//! has for it (resources, actions, suspense) also serves servers and streams; this is in the page at a tenth of its size.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, task::spawn_local};

/// Work and what came of it last.
pub struct Work<T: 'static> {
    answer: RwSignal<Option<T>>,
    pending: RwSignal<bool>,
    /// How often it was begun: only the latest answer counts.
    begun: StoredValue<u32>,
}

impl<T> Clone for Work<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Work<T> {}

impl<T: Clone + Send + Sync + 'static> Work<T> {
    /// Nothing under way.
    #[expect(clippy::new_without_default, reason = "it belongs to the view that makes it, which no default should")]
    pub fn new() -> Self {
        Self { answer: RwSignal::new(None), pending: RwSignal::new(false), begun: StoredValue::new(0) }
    }

    /// Work that begins at once, and anew whenever something changes that `begin` reads before its future.
    pub fn following<F: Future<Output = T> + 'static>(begin: impl Fn() -> F + 'static) -> Self {
        let work = Self::new();
        Effect::new(move |_| work.begin(begin()));
        work
    }

    /// Begins. What is under way goes on, and its answer is nobody's any more.
    pub fn begin(&self, work: impl Future<Output = T> + 'static) {
        self.spawn(Box::pin(work));
    }

    fn spawn(self, work: Pin<Box<dyn Future<Output = T>>>) {
        let turn = self.begun.get_value().wrapping_add(1);
        self.begun.set_value(turn);
        self.pending.set(true);
        spawn_local(async move {
            let answer = work.await;
            // The view may have gone meanwhile.
            if self.begun.try_get_value() == Some(turn) {
                self.answer.set(Some(answer));
                self.pending.set(false);
            }
        });
    }

    /// The last answer; follows it. It stays while the next one is under way.
    pub fn answer(&self) -> Option<T> {
        self.answer.get()
    }

    /// The same, without a copy.
    pub fn with<R>(&self, read: impl FnOnce(Option<&T>) -> R) -> R {
        self.answer.with(|answer| read(answer.as_ref()))
    }

    /// Whether something is under way; follows it.
    pub fn is_pending(&self) -> bool {
        self.pending.get()
    }
}
