//! What happens to the device, the network and the servers. Now and then it is fair for a while; then all must be well.

use std::rc::Rc;

use super::{
    super::{Phase, life::Life},
    HOUR_MS, MINUTE_MS,
    people::{Kind, Shopping},
    world::Offline,
};
use crate::api::CallError;

/// So long after everything is fair, a session must have recovered: the longest pause, and what is under way.
const RECOVERY_MS: i64 = 3 * MINUTE_MS;

/// A clock that is set back by less than a step of waiting goes unseen if the wait is cut short, until the next answer:
/// a renewal may be so late. A call that falls into that is refused and repeated.
const UNSEEN_MS: i64 = 45_000;

pub(super) async fn change(this: Rc<Shopping>) {
    let world = &this.world;
    let chance = &world.chance;
    let most_ms = (this.span_ms / 20).max(2_000);
    loop {
        world.time.pass(chance.between(500, most_ms)).await;
        let lasts_ms = chance.between(1_000, chance.one_of(&[5_000, most_ms, most_ms]));
        match chance.between(0, 10) {
            0 | 1 => {
                world.sleeps.set(world.sleeps.get() + 1);
                world.asleep_until_ms.set(world.time.now_ms() + lasts_ms);
                world.time.pass(lasts_ms).await;
                if chance.percent(30) {
                    this.shop.session().nudge();
                }
            }
            2 => offline(&this, Offline::Known, lasts_ms).await,
            3 => offline(&this, Offline::Unknown, lasts_ms).await,
            4 | 5 => {
                let unit = chance.one_of(&[1_000, MINUTE_MS, HOUR_MS, 24 * HOUR_MS]);
                world.off_ms.set(world.off_ms.get() + unit * chance.between(-40, 41));
            }
            6 | 7 => {
                world.trouble.set(chance.one_of(&[10, 30, 60, 100]));
                world.time.pass(lasts_ms).await;
                world.trouble.set(0);
            }
            _ => {
                world.time.pass(RECOVERY_MS).await;
                look_whether_all_is_well(&this).await;
            }
        }
    }
}

async fn offline(this: &Shopping, how: Offline, lasts_ms: i64) {
    let world = &this.world;
    world.offline.set(how);
    world.time.pass(lasts_ms).await;
    world.offline.set(Offline::No);
    // Browsers say when they are online again; not all of them, and not always.
    if how == Offline::Known && world.chance.percent(70) {
        this.shop.session().nudge();
    }
}

async fn look_whether_all_is_well(this: &Shopping) {
    let session = this.shop.session();
    this.looked.set(this.looked.get() + 1);
    let generation = session.generation();
    let true_ms = this.world.time.now_ms();
    let off_ms = session.now_ms() - true_ms;
    let state = format!("{:?}, clock sure: {}, off: {off_ms} ms", session.status(), session.now().sure);
    if matches!(session.status().phase, Phase::Ready | Phase::Renewing) && session.person().unwrap().role.is_some() {
        // What AWS bears.
        if off_ms.abs() > 300_000 {
            this.world.fault(format!("the clock is {off_ms} ms off: {state}"));
        }
        let machine = session.machine.borrow();
        let lives = [machine.id_token(), machine.credentials()];
        // What is good for less than a minute may be between two of them.
        let is_short = this.world.aws.borrow().credentials_ms.min(this.world.issuer.borrow().id_token_ms) < MINUTE_MS;
        let all_last = lives.iter().all(|life| life.is_some_and(|life: Life| life.lasts(true_ms - UNSEEN_MS)));
        // Somebody has just come: their first credentials are on the way.
        let is_new = this.began_ms.get() + UNSEEN_MS > true_ms;
        if !is_short && !is_new && !all_last {
            this.world.fault(format!("it does not renew by itself at {true_ms}: {lives:?}, {state}"));
        }
    }
    let kind = match session.person().and_then(|person| person.role) {
        Some(domain::Role::Admin) => Kind::Sales,
        Some(domain::Role::Buyer) => Kind::Purchase,
        None => return,
    };
    let Some(result) = this.call(kind).await else { return };
    let after = session.status().phase;
    let is_over = matches!(result, Err(CallError::SignInNeeded)) && after == Phase::Expired;
    if result.is_err() && !is_over && session.generation() == generation {
        this.world.fault(format!("all is fair, and a call brings {result:?}: {state}, then {after:?}"));
    }
}
