//! Time that passes when nobody has anything else to do, and chance that can be had again.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::poll_fn,
    task::{Poll, Waker},
};

use futures::executor::LocalPool;

/// The true time, which the servers have, and whoever waits for some of it.
#[derive(Default)]
pub(super) struct Time {
    now_ms: Cell<i64>,
    count: Cell<u64>,
    waiting: RefCell<BTreeMap<(i64, u64), Waker>>,
}

impl Time {
    pub(super) fn begin_at(&self, ms: i64) {
        self.now_ms.set(ms);
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }

    pub(super) async fn until(&self, due_ms: i64) {
        self.count.set(self.count.get() + 1);
        let key = (due_ms, self.count.get());
        let waiting = Waiting { time: self, key };
        poll_fn(|context| {
            if self.now_ms() >= due_ms {
                return Poll::Ready(());
            }
            self.waiting.borrow_mut().insert(key, context.waker().clone());
            Poll::Pending
        })
        .await;
        drop(waiting);
    }

    pub(super) async fn pass(&self, ms: i64) {
        self.until(self.now_ms() + ms).await;
    }

    /// Runs everything until this moment. Bounded in what happens at one moment: that much is an endless loop.
    pub(super) fn run(&self, pool: &mut LocalPool, until_ms: i64) {
        let mut at_once = 0;
        loop {
            pool.run_until_stalled();
            let Some((key, waker)) = self.waiting.borrow_mut().pop_first() else { return };
            if key.0 > until_ms {
                return;
            }
            at_once = if key.0 > self.now_ms() { 0 } else { at_once + 1 };
            assert!(at_once < 10_000, "nothing gets on");
            self.now_ms.set(self.now_ms().max(key.0));
            waker.wake();
        }
    }
}

/// Takes its timer away when whoever waited is gone.
struct Waiting<'a> {
    time: &'a Time,
    key: (i64, u64),
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.time.waiting.borrow_mut().remove(&self.key);
    }
}

/// Numbers from a seed (Steele, Lea, Flood: SplitMix64).
pub(super) struct Chance(Cell<u64>);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    pub(super) fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut mixed = self.0.get();
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to before `most`.
    pub(super) fn between(&self, least: i64, most: i64) -> i64 {
        least + (self.next() % (most - least).max(1).unsigned_abs()) as i64
    }

    pub(super) fn percent(&self, percent: i64) -> bool {
        self.between(0, 100) < percent
    }

    pub(super) fn one_of<T: Copy>(&self, all: &[T]) -> T {
        all[self.between(0, all.len() as i64) as usize]
    }
}
