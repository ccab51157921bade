//! The tabs of one browser: what they have together, and tabs that open and close at any moment, even in the middle of a
//! renewal. Each has a session of its own, and people who shop in it.

use std::{
    cell::{Cell, RefCell},
    future::pending,
    rc::Rc,
    sync::Arc,
};

use async_lock::Mutex;
use futures::future::{join3, select};

use super::{
    super::{Secret, Session, Share, bell::Bell, fake},
    people::{Shopping, shop_around},
    world::{Device, World},
};
use crate::api::Shop;

/// What `public/shelf.js` does.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) turn: Arc<Mutex<()>>,
    count: Cell<u64>,
    session: RefCell<Option<Secret>>,
    bell: Bell,
}

/// One tab's way to it: the count that it has seen.
#[derive(Clone, Default)]
pub(super) struct Tab(Rc<Cell<u64>>);

impl Shelf {
    pub(super) fn get(&self, tab: &Tab) -> Option<Secret> {
        tab.0.set(self.count.get());
        self.session.borrow().clone()
    }

    pub(super) fn put(&self, tab: &Tab, session: Option<&str>, why: Share) {
        if why == Share::Person || tab.0.get() == self.count.get() {
            *self.session.borrow_mut() = session.map(|text| text.to_owned().into());
            self.count.set(self.count.get() + 1);
            tab.0.set(self.count.get());
        }
        self.bell.ring();
    }
}

/// Takes over what other tabs put there, a moment later.
pub(super) async fn follow(session: &Session<Device>, device: &Device) {
    let Device(world, tab) = device;
    let shelf = &world.shelf;
    loop {
        shelf.bell.cut_short(|| tab.0.get() != shelf.count.get(), pending::<()>()).await;
        world.time.pass(world.chance.between(1, 30)).await;
        world.awake().await;
        let shared = shelf.get(tab);
        session.adopt(shared.as_ref().map(|text| text.as_str()));
    }
}

/// Another tab, again and again.
pub(super) async fn open_and_close(world: Rc<World>, span_ms: i64, place: u64) {
    for opening in 1.. {
        world.time.pass(world.chance.between(1, span_ms / 10)).await;
        world.awake().await;
        let device = Device(Rc::clone(&world), Tab::default());
        let shopping = Rc::new(Shopping::new(Shop::new(fake::session_on(device.clone())), Rc::clone(&world), span_ms));
        // Calls are known by their numbers.
        shopping.numbers.set((place * 1_000 + opening) * 10_000);
        shopping.watch();
        let session = shopping.shop.session();
        if let Some(shared) = world.shelf.get(&device.1) {
            session.adopt(Some(&shared));
        }
        let open = join3(session.keep_fresh(), follow(session, &device), shop_around(Rc::clone(&shopping)));
        let closes = world.time.pass(world.chance.between(1, span_ms / 5));
        select(std::pin::pin!(open), std::pin::pin!(closes)).await;
    }
}
