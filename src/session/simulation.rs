//! Days of a session in seconds: the real session and the real calls, in up to four tabs, over a world in which everything
//! happens that a browser, a network and servers do to each other, at random and by a seed. What must hold whatever happens is checked
//! all the time. A seed that fails is printed: `PETS_SEED=7 cargo test -p pets --lib simulation` does it again, and
//! `PETS_SCHEDULES=20000` does more of them.

mod aws;
mod issuer;
mod people;
mod tabs;
mod time;
mod weather;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
};

use futures::{executor::LocalPool, task::LocalSpawnExt};

use self::{
    aws::Aws,
    issuer::Issuer,
    people::Shopping,
    tabs::Tab,
    time::Chance,
    world::{Device, World},
};
use super::fake;
use crate::api::Shop;

const BEGIN_MS: i64 = fake::START_MS;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const THREE_DAYS_MS: i64 = 72 * HOUR_MS;

/// What came of a schedule.
#[derive(Default)]
struct Outcome {
    span_ms: i64,
    calls: u64,
    succeeded: u64,
    refreshed: u64,
    expired: u64,
    looked: u64,
}

#[test]
fn a_session_survives_whatever_happens_to_it() {
    if let Some(seed) = number("PETS_SEED") {
        let outcome = schedule(seed).unwrap_or_else(|faults| panic!("seed {seed}:\n{}", faults.join("\n")));
        println!("seed {seed}: {}", outcome.in_words());
        return;
    }
    let most = number("PETS_SCHEDULES").unwrap_or(SCHEDULES);
    let first = number("PETS_FIRST_SEED").unwrap_or(1);
    println!("schedules from seeds {first} to {}", first + most - 1);
    let next = AtomicU64::new(first);
    let work = || {
        let mut sum = Outcome::default();
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + most {
                return (sum, failed);
            }
            match catch_unwind(AssertUnwindSafe(|| schedule(seed))) {
                Ok(Ok(outcome)) => sum.add(&outcome),
                Ok(Err(faults)) => failed.push(format!("PETS_SEED={seed}: {}", faults.join("\n  "))),
                Err(_) => failed.push(format!("PETS_SEED={seed}: it panicked")),
            }
        }
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (mut sum, mut failed) = (Outcome::default(), Vec::new());
    for (part, faults) in results {
        sum.add(&part);
        failed.extend(faults);
    }
    println!("{}", sum.in_words());
    let shown: Vec<_> = failed.iter().take(10).cloned().collect();
    assert!(failed.is_empty(), "{} of {most} schedules failed:\n{}", failed.len(), shown.join("\n"));
    // A world in which nothing works, or nothing goes wrong, would show nothing.
    assert!(sum.succeeded > sum.calls / 3 && sum.succeeded < sum.calls, "{}", sum.in_words());
    assert!(sum.refreshed > most && sum.looked > most / 2 && (sum.expired > 0 || most < 100), "{}", sum.in_words());
}

/// One schedule: what went wrong, if anything.
fn schedule(seed: u64) -> Result<Outcome, Vec<String>> {
    let chance = Chance::new(seed);
    let lives = [5_000, 30_000, 2 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 10 * HOUR_MS, 24 * HOUR_MS];
    let (id_token_ms, credentials_ms) = (chance.one_of(&lives), chance.one_of(&lives));
    // As many hours as its tokens allow to be gone through in no time: three days where they live for one or more.
    let lives_ms = if chance.percent(3) { 300 } else { 30 };
    let most_ms = (id_token_ms.min(credentials_ms) * lives_ms).min(THREE_DAYS_MS);
    let refresh_token_ms = chance.one_of(&[id_token_ms * 4, 24 * HOUR_MS, 30 * 24 * HOUR_MS]);

    let aws = Aws { credentials_ms, ..Aws::default() };
    let world = Rc::new(World::new(chance, Issuer::new(id_token_ms, refresh_token_ms), aws));
    world.time.begin_at(BEGIN_MS + world.chance.between(0, 1000));
    let hours = world.chance.between(-72, 73) * HOUR_MS;
    world.off_ms.set(world.chance.one_of(&[0, 0, 700, -40_000, 10 * MINUTE_MS, -10 * MINUTE_MS, hours]));

    let device = Device(Rc::clone(&world), Tab::default());
    let session = fake::session_on(device.clone());
    let shopping = Rc::new(Shopping::new(Shop::new(session), Rc::clone(&world), most_ms));
    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    let fresh = Rc::clone(&shopping);
    spawner.spawn_local(async move { fresh.shop.session().keep_fresh().await }).unwrap();
    let following = Rc::clone(&shopping);
    spawner.spawn_local(async move { tabs::follow(following.shop.session(), &device).await }).unwrap();
    for place in 1..=world.chance.one_of(&[0, 0, 1, 2, 3]) {
        spawner.spawn_local(tabs::open_and_close(Rc::clone(&world), most_ms, place)).unwrap();
    }
    for _ in 0..2 {
        spawner.spawn_local(people::shop_around(Rc::clone(&shopping))).unwrap();
    }
    spawner.spawn_local(weather::change(Rc::clone(&shopping))).unwrap();
    world.time.run(&mut pool, BEGIN_MS + most_ms);
    drop(pool);

    let faults = world.faults.take();
    if !faults.is_empty() {
        return Err(faults);
    }
    let Shopping { calls, succeeded, expired, looked, .. } = &*shopping;
    Ok(Outcome {
        span_ms: most_ms,
        calls: calls.get(),
        succeeded: succeeded.get(),
        refreshed: world.refreshed.get(),
        expired: expired.get(),
        looked: looked.get(),
    })
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        self.span_ms += other.span_ms;
        self.calls += other.calls;
        self.succeeded += other.succeeded;
        self.refreshed += other.refreshed;
        self.expired += other.expired;
        self.looked += other.looked;
    }

    fn in_words(&self) -> String {
        let Self { span_ms, calls, succeeded, refreshed, expired, looked } = self;
        format!(
            "{} hours, {calls} calls of which {succeeded} succeeded, {refreshed} refresh tokens sent, {expired} sign-ins \
             ended, looked {looked} times whether all is well",
            span_ms / HOUR_MS
        )
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// As many as a normal run bears.
const SCHEDULES: u64 = 2_000;
