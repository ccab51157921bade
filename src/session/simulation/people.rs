//! People in front of the page: they sign in and out, come back as somebody else, make calls at any moment, and close
//! the tab in the middle of one. And what must hold for each of their calls.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    rc::Rc,
};

use domain::{ListQuery, NewPet, Pet, PetId};

use super::{
    super::{Phase, SessionError, SignIn, Status},
    world::{Device, World},
};
use crate::api::{CallError, Shop};

const BUYERS: [&str; 2] = ["amazon|1", "amazon|2"];
const EVERYBODY: [&str; 4] = ["amazon|1", "amazon|2", "auth0|3", "adfs|4"];

pub(super) struct Shopping {
    pub(super) shop: Shop<Device>,
    pub(super) world: Rc<World>,
    pub(super) span_ms: i64,
    /// When the ID token that was held last ends, by the true time.
    pub(super) until_ms: Cell<i64>,
    /// When the person came, by the true time.
    pub(super) began_ms: Cell<i64>,
    pub(super) numbers: Cell<u64>,
    pub(super) calls: Cell<u64>,
    pub(super) succeeded: Cell<u64>,
    pub(super) expired: Cell<u64>,
    pub(super) looked: Cell<u64>,
    generation: Cell<u64>,
    /// What the page was told last.
    told: RefCell<Status>,
}

impl Shopping {
    pub(super) fn new(shop: Shop<Device>, world: Rc<World>, span_ms: i64) -> Self {
        let told = RefCell::new(shop.session().status());
        let zero = Cell::default;
        Self {
            shop,
            world,
            span_ms,
            until_ms: Cell::new(0),
            began_ms: Cell::new(0),
            numbers: Cell::new(1),
            calls: zero(),
            succeeded: zero(),
            expired: zero(),
            looked: zero(),
            generation: zero(),
            told,
        }
    }

    /// Watches the phases: nobody is signed out before their time.
    pub(super) fn watch(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        self.shop.session().on_change(move || {
            let Some(this) = weak.upgrade() else { return };
            let session = this.shop.session();
            let status = session.status();
            if this.generation.replace(session.generation()) != session.generation() {
                this.began_ms.set(this.world.time.now_ms());
            }
            if let Some(life) = session.machine.borrow().id_token() {
                this.until_ms.set(life.until_ms());
            }
            if status.phase == Phase::Expired && this.told.borrow().phase != Phase::Expired {
                this.expired.set(this.expired.get() + 1);
                // A slow answer tells the time only so well.
                if this.world.time.now_ms() + 12_000 < this.until_ms.get() {
                    this.world.fault(format!("a sign-in ended that lasts until {}", this.until_ms.get()));
                }
                if session.state.borrow().is_some() {
                    this.world.fault("a sign-in ended, and its secrets are there".to_owned());
                }
            }
            this.told.replace(status);
        });
    }

    pub(super) fn number(&self) -> u64 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// One call and what must hold for it. Nothing if the sign-in was another one at its end.
    pub(super) async fn call(&self, kind: Kind) -> Option<Result<(), CallError>> {
        let session = self.shop.session();
        let number = self.number();
        let (generation, before) = (session.generation(), session.person());
        self.calls.set(self.calls.get() + 1);
        let result = self.make(kind, number).await;
        let same = session.generation() == generation;
        let fault = |what: &str| self.world.fault(format!("{what}: {kind:?} by {before:?} brought {result:?}"));
        if let Ok(owner) = &result
            && kind != Kind::List
        {
            if !same {
                fault("an answer came to somebody else's sign-in");
            }
            if owner.as_deref().is_some_and(|owner| before.as_ref().is_none_or(|person| person.subject != owner)) {
                fault("somebody got another's answer");
            }
        }
        let tries = self.world.aws.borrow().calls.get(&number).copied().unwrap_or_default();
        if matches!(kind, Kind::Add | Kind::Remove) && tries.done > 1 {
            fault("what is done once was done twice");
        }
        if let Err(CallError::Refused(refusal)) = &result {
            match refusal.error_type.as_str() {
                "ExpiredTokenException" if tries.expired == 1 => fault("ended credentials were not renewed"),
                "InvalidSignatureException" if tries.clock == 1 => fault("a wrong clock was not set"),
                _ => {}
            }
        }
        if result.is_ok() {
            self.succeeded.set(self.succeeded.get() + 1);
        }
        // What came of it at the servers is of no use any more.
        self.world.aws.borrow_mut().calls.remove(&number);
        same.then(|| result.map(|_| ()))
    }

    /// Whose answer it was.
    async fn make(&self, kind: Kind, number: u64) -> Result<Option<String>, CallError> {
        let id = PetId::new(number).unwrap();
        let owner = |pet: Pet| pet.sold_to;
        let first = |mut pets: Vec<Pet>| owner(pets.remove(0));
        let cursor = number.to_string();
        Ok(match kind {
            Kind::List => {
                self.shop.list(&ListQuery::default()).await?;
                None
            }
            Kind::Purchase => owner(self.shop.purchase(id).await?),
            Kind::Purchases => first(self.shop.purchases(Some(&cursor)).await?.pets),
            Kind::Sales => first(self.shop.sales(Some(&cursor)).await?.pets),
            Kind::Add => {
                let price = format!("{}.{:02}", number / 100, number % 100).parse().unwrap();
                owner(self.shop.add(&NewPet { kind: "dog".parse().unwrap(), price }).await?)
            }
            Kind::Remove => {
                self.shop.remove(id).await?;
                None
            }
        })
    }

    pub(super) async fn sign_in(&self, subject: &str) -> Result<(), SessionError> {
        let session = self.shop.session();
        let departure = session.begin_sign_in(&SignIn::default()).await?;
        self.world.time.pass(self.world.chance.between(500, 20_000)).await;
        self.world.awake().await;
        let query = self.world.issuer.borrow_mut().authorize(&departure.url, subject);
        session.finish_sign_in(&query, Some(&departure.keep)).await.map(|_| ())
    }

    /// Does it, or is gone in the middle of it.
    async fn perhaps_leave(&self, what: impl Future<Output = ()>) {
        if !self.world.chance.percent(3) {
            return what.await;
        }
        let leaves = self.world.time.pass(self.world.chance.between(0, 1_500));
        futures::future::select(std::pin::pin!(what), std::pin::pin!(leaves)).await;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Purchase,
    Purchases,
    Sales,
    Add,
    Remove,
}

pub(super) async fn shop_around(this: Rc<Shopping>) {
    if this.numbers.get() == 1 {
        this.number();
        this.watch();
    }
    let chance = &this.world.chance;
    let session = this.shop.session();
    loop {
        this.world.time.pass(chance.between(1, this.span_ms / 15)).await;
        this.world.awake().await;
        let kinds = [Kind::List, Kind::Purchase, Kind::Purchase, Kind::Purchases, Kind::Sales, Kind::Add, Kind::Remove];
        let act = async || match session.status().phase {
            Phase::SignedOut | Phase::Expired if chance.percent(80) => {
                // Who came once comes again rather than somebody else.
                let who = if chance.percent(60) { chance.one_of(&BUYERS) } else { chance.one_of(&EVERYBODY) };
                // An issuer that is away may be back later.
                let _ = this.sign_in(who).await;
            }
            _ => match chance.between(0, 100) {
                0..3 => {
                    session.sign_out().await;
                }
                3..6 => {
                    let _ = this.sign_in(chance.one_of(&EVERYBODY)).await;
                }
                6..12 => session.nudge(),
                12..35 => {
                    let all = (0..3).map(|_| this.call(chance.one_of(&kinds)));
                    futures::future::join_all(all).await;
                }
                _ => {
                    this.call(chance.one_of(&kinds)).await;
                }
            },
        };
        this.perhaps_leave(act()).await;
    }
}
