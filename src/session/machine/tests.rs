use super::*;

const DAY_MS: i64 = 86_400_000;

fn at(ms: i64) -> Now {
    Now { ms, sure: true, dice: 1.0 }
}

fn life(until_ms: i64) -> Life {
    Life::new(0, until_ms, 1.0)
}

/// Somebody signed in at 0, whose ID token is renewed from 480 s on and ends at 600 s, and who has credentials for a day.
fn buyer(renewable: bool) -> Machine {
    let mut machine = Machine::default();
    let signed_in = Event::SignedIn { id_token: life(600_000), renewable, has_role: true };
    assert!(machine.handle(signed_in, at(0)).tell);
    assert_eq!(look(&mut machine, 0), Some(Work::AssumeRole));
    assert_eq!(done(&mut machine, Outcome::CredentialsGiven(life(DAY_MS)), 0), None);
    machine
}

fn look(machine: &mut Machine, ms: i64) -> Option<Work> {
    machine.handle(Event::Look { urgent: false }, at(ms)).work
}

fn done(machine: &mut Machine, outcome: Outcome, ms: i64) -> Option<Work> {
    machine.handle(Event::Done(outcome), at(ms)).work
}

const RENEW: Option<Work> = Some(Work::RenewTokens { again: false });

#[test]
fn a_session_goes_through_its_phases_and_tells_each() {
    let mut machine = Machine::default();
    let mut phases = vec![machine.phase()];
    let mut pass = |event, ms| {
        let effects = machine.handle(event, at(ms));
        if effects.tell {
            phases.push(machine.phase());
        }
        effects
    };
    pass(Event::Arriving, 0);
    pass(Event::SignedIn { id_token: life(600_000), renewable: true, has_role: false }, 0);
    assert_eq!(pass(Event::Arrived, 0), Effects { wake_ms: Some(480_000), ..Effects::default() });
    pass(Event::Look { urgent: false }, 480_000);
    pass(Event::Done(Outcome::TokensRefused), 480_000);
    assert_eq!(pass(Event::Look { urgent: false }, 600_000).work, Some(Work::AskTime));
    let ended = pass(Event::Done(Outcome::TimeTold), 600_000);
    assert!(ended.drop);
    pass(Event::Forgotten, 600_000);
    use Phase::{Expired, Ready, Renewing, SignedOut, SigningIn};
    assert_eq!(phases, [SignedOut, SigningIn, Ready, Renewing, Ready, Renewing, Expired, SignedOut]);
}

#[test]
fn one_thing_is_renewed_at_a_time_and_only_when_it_is_due() {
    let mut machine = buyer(true);
    assert_eq!(look(&mut machine, 479_000), None);
    assert_eq!(look(&mut machine, 480_000), RENEW);
    assert_eq!(look(&mut machine, 480_001), None, "it is under way");
    assert_eq!(machine.handle(Event::Look { urgent: true }, at(480_001)).work, None);
    assert_eq!(
        done(&mut machine, Outcome::TokensRenewed { id_token: life(9_000_000), renewable: true }, 481_000),
        None
    );
    machine.handle(Event::CredentialsRefused, at(482_000));
    assert_eq!(look(&mut machine, 482_000), Some(Work::AssumeRole));
}

#[test]
fn a_failure_is_followed_by_a_pause_that_grows_and_that_a_person_need_not_wait_for() {
    let mut machine = buyer(true);
    let mut ms = 480_000;
    let mut pauses = Vec::new();
    for _ in 0..8 {
        assert_eq!(look(&mut machine, ms), RENEW);
        assert_eq!(done(&mut machine, Outcome::Failed, ms), None);
        let until_ms = machine.handle(Event::Look { urgent: false }, at(ms)).wake_ms.unwrap();
        pauses.push(until_ms - ms);
        ms = until_ms;
    }
    assert_eq!(pauses, [1_200, 2_200, 4_200, 8_200, 16_200, 32_200, 60_200, 60_200]);
    done(&mut machine, Outcome::Failed, ms);
    assert_eq!(look(&mut machine, ms), RENEW);
    done(&mut machine, Outcome::Failed, ms);
    assert_eq!(look(&mut machine, ms), None);
    assert_eq!(machine.handle(Event::Look { urgent: true }, at(ms)).work, RENEW);
    done(&mut machine, Outcome::Failed, ms);
    machine.handle(Event::Nudged, at(ms));
    assert_eq!(look(&mut machine, ms), RENEW);
    done(&mut machine, Outcome::Failed, ms);
    assert_eq!(look(&mut machine, ms - 10_000_000), None, "nothing is due");
    assert_eq!(look(&mut machine, ms + 61_000), RENEW);
}

#[test]
fn a_pause_from_before_the_clock_was_set_back_holds_nobody_up() {
    let mut machine = buyer(true);
    machine.handle(Event::CredentialsRefused, at(DAY_MS));
    machine.handle(Event::TokenRefused, at(DAY_MS));
    assert_eq!(look(&mut machine, DAY_MS), RENEW);
    done(&mut machine, Outcome::Failed, DAY_MS);
    assert_eq!(look(&mut machine, DAY_MS), None);
    assert_eq!(look(&mut machine, 1_000), RENEW);
}

#[test]
fn a_refresh_token_whose_answer_was_lost_is_sent_again_at_once_or_never() {
    for (after_ms, again) in [(0, true), (7_000, true), (7_001, false), (DAY_MS, false), (-1, false)] {
        let mut machine = buyer(true);
        look(&mut machine, 480_000);
        let next = done(&mut machine, Outcome::AnswerLost { after_ms }, 480_000);
        assert_eq!(next, again.then_some(Work::RenewTokens { again: true }), "{after_ms}");
        assert_eq!(machine.is_renewable(), again);
    }
    for second in [Outcome::AnswerLost { after_ms: 0 }, Outcome::Failed, Outcome::TokensRefused, Outcome::Abandoned] {
        let mut machine = buyer(true);
        look(&mut machine, 480_000);
        done(&mut machine, Outcome::AnswerLost { after_ms: 0 }, 480_000);
        assert_eq!(done(&mut machine, second, 481_000), None);
        assert_eq!(machine.handle(Event::Look { urgent: true }, at(500_000)).work, None);
        assert_eq!(machine.phase(), Phase::Ready, "the ID token lasts");
    }
}

#[test]
fn who_did_the_work_and_left_leaves_no_work_behind() {
    let mut machine = buyer(true);
    look(&mut machine, 480_000);
    assert_eq!(done(&mut machine, Outcome::Abandoned, 480_000), None);
    assert!(!machine.is_renewable(), "it may have been sent");
    machine.handle(Event::CredentialsRefused, at(480_000));
    assert_eq!(look(&mut machine, 480_000), Some(Work::AssumeRole));
    done(&mut machine, Outcome::Abandoned, 480_000);
    assert_eq!(look(&mut machine, 490_000), Some(Work::AssumeRole));
}

#[test]
fn nobody_is_signed_out_before_a_server_has_told_the_time() {
    let mut machine = buyer(false);
    // The device's clock was set forward by a year.
    assert_eq!(look(&mut machine, 365 * DAY_MS), Some(Work::AskTime));
    assert_eq!(done(&mut machine, Outcome::Failed, 365 * DAY_MS), None);
    assert_eq!(machine.phase(), Phase::Ready);
    assert_eq!(machine.handle(Event::Look { urgent: true }, at(365 * DAY_MS)).work, Some(Work::AskTime));
    assert_eq!(done(&mut machine, Outcome::TimeTold, 1_000), None);
    assert_eq!(machine.phase(), Phase::Ready);
    assert_eq!(look(&mut machine, 600_000), Some(Work::AskTime));
    assert!(machine.handle(Event::Done(Outcome::TimeTold), at(600_000)).drop);
    assert_eq!(machine.phase(), Phase::Expired);
}

#[test]
fn a_doubtful_clock_is_asked_about_first_and_keeps_nothing_from_being_done() {
    let mut machine = buyer(true);
    let doubtful = Now { sure: false, ..at(1_000) };
    let effects = machine.handle(Event::Look { urgent: false }, doubtful);
    assert_eq!(effects.work, Some(Work::AskTime));
    assert_eq!(done(&mut machine, Outcome::TimeTold, 480_000), RENEW);
    done(&mut machine, Outcome::Failed, 480_000);
    let doubtful = Now { sure: false, ..at(500_000) };
    assert_eq!(machine.handle(Event::Look { urgent: true }, doubtful).work, Some(Work::AskTime));
    assert_eq!(machine.handle(Event::Done(Outcome::Failed), doubtful).work, RENEW);
}

#[test]
fn sts_gets_another_token_once() {
    let mut machine = buyer(true);
    machine.handle(Event::CredentialsRefused, at(1_000));
    assert_eq!(look(&mut machine, 1_000), Some(Work::AssumeRole));
    assert_eq!(done(&mut machine, Outcome::TokenTooOld, 1_000), RENEW);
    let renewed = Outcome::TokensRenewed { id_token: life(700_000), renewable: true };
    assert_eq!(done(&mut machine, renewed, 1_000), Some(Work::AssumeRole));
    assert_eq!(done(&mut machine, Outcome::TokenTooOld, 1_000), None);
    assert_eq!(machine.phase(), Phase::Ready);

    let mut machine = buyer(false);
    machine.handle(Event::CredentialsRefused, at(1_000));
    look(&mut machine, 1_000);
    assert_eq!(done(&mut machine, Outcome::TokenTooOld, 1_000), Some(Work::AskTime), "nothing can replace it");
    done(&mut machine, Outcome::TimeTold, 1_000);
    assert_eq!(machine.phase(), Phase::Expired);
}

#[test]
fn what_was_under_way_for_somebody_who_left_is_nothing_to_the_next() {
    let mut machine = buyer(true);
    look(&mut machine, 480_000);
    machine.handle(Event::Forgotten, at(480_000));
    assert_eq!(done(&mut machine, Outcome::TokensRenewed { id_token: life(DAY_MS), renewable: true }, 480_000), None);
    assert_eq!((machine.phase(), machine.id_token()), (Phase::SignedOut, None));
    machine.handle(Event::SignedIn { id_token: life(600_000), renewable: false, has_role: false }, at(0));
    done(&mut machine, Outcome::CredentialsGiven(life(DAY_MS)), 0);
    assert_eq!(machine.credentials(), None);
}
