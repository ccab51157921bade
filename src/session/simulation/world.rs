//! The world around the sessions of one browser: the device with its clock, the network, and the servers behind it.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde_json::json;

use super::{
    super::{
        Answer, NetworkError, Platform, Request, Secret, Share,
        fake::{form_of, json_answer},
    },
    aws::Aws,
    issuer::Issuer,
    tabs::{Shelf, Tab},
    time::{Chance, Time},
};

/// A platform in that world. A clone is in the same one.
#[derive(Clone)]
pub(super) struct Device(pub(super) Rc<World>, pub(super) Tab);

pub(super) struct World {
    pub(super) time: Time,
    pub(super) chance: Chance,
    pub(super) issuer: RefCell<Issuer>,
    pub(super) aws: RefCell<Aws>,
    /// What the device's clock is off.
    pub(super) off_ms: Cell<i64>,
    pub(super) asleep_until_ms: Cell<i64>,
    pub(super) sleeps: Cell<u64>,
    pub(super) offline: Cell<Offline>,
    /// How many of a hundred requests something happens to.
    pub(super) trouble: Cell<i64>,
    /// Whether issuer and STS let a page read their `Date`.
    pub(super) hides_dates: bool,
    pub(super) shelf: Shelf,
    refreshing: Cell<u32>,
    assuming: Cell<u32>,
    pub(super) refreshed: Cell<u64>,
    /// What must never happen, and did.
    pub(super) faults: RefCell<Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offline {
    No,
    /// The device knows it.
    Known,
    /// Requests leave, and nobody answers.
    Unknown,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    NeverArrives,
    AnswerLost,
    Slow,
    Status { status: u16, done: bool },
    ServerError,
}

impl World {
    pub(super) fn new(chance: Chance, issuer: Issuer, aws: Aws) -> Self {
        let hides_dates = chance.percent(50);
        Self {
            time: Time::default(),
            chance,
            issuer: RefCell::new(issuer),
            aws: RefCell::new(aws),
            off_ms: Cell::new(0),
            asleep_until_ms: Cell::new(0),
            sleeps: Cell::new(0),
            offline: Cell::new(Offline::No),
            trouble: Cell::new(0),
            hides_dates,
            shelf: Shelf::default(),
            refreshing: Cell::new(0),
            assuming: Cell::new(0),
            refreshed: Cell::new(0),
            faults: RefCell::default(),
        }
    }

    pub(super) fn fault(&self, what: String) {
        let since_s = (self.time.now_ms() - super::BEGIN_MS) as f64 / 1000.0;
        self.faults.borrow_mut().push(format!("after {since_s} s: {what}"));
    }

    /// Nothing on the device goes on before it is awake.
    pub(super) async fn awake(&self) {
        while self.time.now_ms() < self.asleep_until_ms.get() {
            self.time.until(self.asleep_until_ms.get()).await;
        }
    }

    fn fate(&self) -> Fate {
        if !self.chance.percent(self.trouble.get()) {
            return Fate::Answered;
        }
        let done = self.chance.percent(50);
        match self.chance.between(0, 9) {
            0 => Fate::NeverArrives,
            1 | 2 => Fate::AnswerLost,
            3 | 4 => Fate::Slow,
            5 => Fate::Status { status: self.chance.one_of(&[502, 504]), done },
            6 => Fate::Status { status: 503, done: false },
            7 => Fate::Status { status: 429, done: false },
            _ => Fate::ServerError,
        }
    }

    fn serve(&self, request: &Request, fate: Fate) -> Result<Answer, String> {
        let now_ms = self.time.now_ms();
        let host = request.authority();
        let answer = match fate {
            Fate::ServerError => json_answer(500, &json!({ "error": "server_error" })),
            Fate::Status { status, done: false } => json_answer(status, &json!({})),
            _ => match (host, request.path()) {
                ("id.example", "/token") => self.issuer.borrow_mut().token(&form_of(request), now_ms)?,
                ("id.example", "/revoke") => {
                    self.issuer.borrow_mut().revoke(&form_of(request));
                    json_answer(200, &json!({}))
                }
                ("id.example", _) => json_answer(
                    200,
                    &json!({ "issuer": "https://id.example/", "authorization_endpoint": "https://id.example/authorize",
                        "token_endpoint": "https://id.example/token", "revocation_endpoint": "https://id.example/revoke" }),
                ),
                ("sts.example", _) => self.aws.borrow_mut().sts(&form_of(request), now_ms),
                _ => self.aws.borrow_mut().api(request, now_ms)?,
            },
        };
        let mut answer = match fate {
            Fate::Status { status, done: true } => json_answer(status, &json!({})),
            _ => answer,
        };
        if host == "api.example" || !self.hides_dates {
            answer.date_ms = Some(now_ms.div_euclid(1000) * 1000);
        }
        Ok(answer)
    }

    /// Counts what must not be under way twice.
    fn watch(&self, request: &Request) -> Option<UnderWay<'_>> {
        let (count, what) = match request.url.as_str() {
            "https://id.example/token" if form_of(request)["grant_type"] == "refresh_token" => {
                self.refreshed.set(self.refreshed.get() + 1);
                (&self.refreshing, "tokens")
            }
            "https://sts.example/" => (&self.assuming, "credentials"),
            _ => return None,
        };
        count.set(count.get() + 1);
        if self.refreshing.get() + self.assuming.get() > 1 {
            self.fault(format!("{what} are renewed while another renewal is under way"));
        }
        Some(UnderWay(count))
    }
}

struct UnderWay<'a>(&'a Cell<u32>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Platform for Device {
    async fn send(&self, request: Request, timeout_ms: u32) -> Result<Answer, NetworkError> {
        let world = &*self.0;
        let _under_way = world.watch(&request);
        if world.offline.get() == Offline::Known {
            return Err(NetworkError::Offline);
        }
        let sleeps = world.sleeps.get();
        let until_ms = world.time.now_ms() + i64::from(timeout_ms);
        let fate = world.fate();
        // Quick, or a slow way there, but never as slow as what the issuer forgives.
        let way_ms =
            if matches!(fate, Fate::Slow) { world.chance.between(10, 2_000) } else { world.chance.between(5, 150) };
        world.time.pass(way_ms).await;
        let given_up = async |quick: bool| {
            let at_ms = if quick { world.time.now_ms() + world.chance.between(0, 4_000) } else { until_ms };
            world.time.until(at_ms.min(until_ms)).await;
            world.awake().await;
            Err(if at_ms < until_ms { NetworkError::Unreachable } else { NetworkError::TimedOut })
        };
        if world.offline.get() != Offline::No || matches!(fate, Fate::NeverArrives) {
            return given_up(world.chance.percent(50)).await;
        }
        let served = world.serve(&request, fate);
        let answer = match served {
            Ok(answer) => answer,
            Err(fault) => {
                world.fault(fault);
                json_answer(400, &json!({ "error": "invalid_grant" }))
            }
        };
        let back_ms = match fate {
            Fate::AnswerLost => return given_up(world.chance.percent(70)).await,
            Fate::Slow => world.chance.between(100, 24_000),
            _ => world.chance.between(5, 150),
        };
        let back_ms = world.time.now_ms() + back_ms;
        if back_ms > until_ms {
            return given_up(false).await;
        }
        world.time.until(back_ms).await;
        world.awake().await;
        let broken = world.sleeps.get() != sleeps && world.chance.percent(70);
        if broken || world.offline.get() != Offline::No { Err(NetworkError::Unreachable) } else { Ok(answer) }
    }

    fn now_ms(&self) -> i64 {
        self.0.time.now_ms() + self.0.off_ms.get()
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.0.chance.next().to_le_bytes()[..chunk.len()]);
        }
    }

    /// By a clock that stands still while the device sleeps.
    async fn sleep(&self, ms: u32) {
        let world = &*self.0;
        let sleeps = world.sleeps.get();
        let began_ms = world.time.now_ms();
        world.time.pass(ms.into()).await;
        if world.sleeps.get() != sleeps && world.time.now_ms() < world.asleep_until_ms.get() {
            // What was left of it when the device fell asleep.
            let fell_ms = world.asleep_until_ms.get();
            let left_ms = world.chance.between(0, i64::from(ms).min(world.time.now_ms() - began_ms + 1));
            world.time.until(fell_ms + left_ms).await;
        }
        world.awake().await;
    }

    type Turn = async_lock::MutexGuardArc<()>;

    async fn turn(&self) -> Self::Turn {
        self.0.shelf.turn.lock_arc().await
    }

    async fn shared(&self) -> Option<Secret> {
        self.0.time.pass(self.0.chance.between(1, 20)).await;
        self.0.shelf.get(&self.1)
    }

    fn share(&self, session: Option<&str>, why: Share) {
        self.0.shelf.put(&self.1, session, why);
    }
}
