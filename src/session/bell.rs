//! Something happened: whoever waits looks again.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    task::{Poll, Waker},
};

/// A bell in one thread.
#[derive(Default)]
pub(super) struct Bell {
    rings: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Bell {
    /// Wakes whoever waits.
    pub(super) fn ring(&self) {
        self.rings.set(self.rings.get() + 1);
        self.wake();
    }

    /// How often it has rung.
    pub(super) fn rings(&self) -> u64 {
        self.rings.get()
    }

    /// Waits for `work`, and lets go of it (nothing) if a ring comes first after which `over` holds.
    pub(super) async fn cut_short<T>(&self, over: impl Fn() -> bool, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if over() {
                return Poll::Ready(None);
            }
            let polled = work.as_mut().poll(context).map(Some);
            if polled.is_pending() {
                // What `work` did may have been it.
                if over() {
                    return Poll::Ready(None);
                }
                self.listen(context.waker());
            }
            polled
        })
        .await
    }

    fn listen(&self, waker: &Waker) {
        if self.waiting.borrow().iter().any(|waiting| waiting.will_wake(waker)) {
            return;
        }
        // Many of them have gone without a ring. Who is still there listens anew.
        if self.waiting.borrow().len() >= CROWD {
            self.wake();
        }
        self.waiting.borrow_mut().push(waker.clone());
    }

    fn wake(&self) {
        let waiting = self.waiting.take();
        waiting.into_iter().for_each(Waker::wake);
    }
}

const CROWD: usize = 64;
