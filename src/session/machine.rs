//! The life of a session as one state machine: what happened goes in, with the true time, and what is to be done comes
//! out. It holds no secret, waits for nothing and asks nobody; `renew` carries out what it says. There is one piece of
//! work at a time, so that nothing is ever renewed twice at once.
//!
//! Three ends are in its hands. The ID token's and the credentials' are known. The refresh token's is not, as issuers
//! don't say it: a refusal tells. A refresh token is good once (RFC 9700, section 4.14.2), so one whose answer was lost
//! may be spent, and to send it later would end the sign-in everywhere. It is sent a second time at once, within the
//! tenant's leeway, or never again; then the sign-in lasts as long as its ID token.

mod pause;
#[cfg(test)]
mod tests;

use super::{life::Life, status::Phase};
use pause::Pause;

/// The session as the machine sees it.
#[derive(Default)]
pub(super) struct Machine {
    standing: Standing,
    /// Sign-ins that are being finished.
    arriving: u32,
    work: Option<Work>,
    time: Pause,
    tokens: Pause,
    keys: Pause,
}

#[derive(Default)]
enum Standing {
    #[default]
    Nobody,
    Somebody(Held),
    /// Somebody was here, and their sign-in has ended.
    Ended,
}

struct Held {
    has_role: bool,
    id_token: Life,
    /// Whether there is a refresh token that may be sent.
    renewable: bool,
    credentials: Option<Life>,
    /// STS has called the ID token expired, and has given no credentials since.
    doubted: bool,
}

/// When something happens.
#[derive(Clone, Copy)]
pub(super) struct Now {
    /// The true time as far as it is known, in milliseconds since 1970.
    pub(super) ms: i64,
    /// False after the device's clock did what no clock does.
    pub(super) sure: bool,
    /// From 0 to 1, for what must not happen everywhere in the same moment.
    pub(super) dice: f64,
}

/// What happens.
#[derive(Debug)]
pub(super) enum Event {
    /// Somebody is back from the issuer.
    Arriving,
    /// They got in, and will be announced, or they didn't.
    Arrived,
    /// They are who is signed in from now on.
    SignedIn { id_token: Life, renewable: bool, has_role: bool },
    /// Another tab has renewed for all: what is new, and whether there is a refresh token that may be sent.
    TakenOver { id_token: Option<Life>, renewable: bool, credentials: Option<Life> },
    /// Whoever was here is to be forgotten.
    Forgotten,
    /// Somebody looks whether there is work, and will do it. It is urgent if a person waits: then no pause counts.
    Look { urgent: bool },
    /// Things may be better than at the last failure.
    Nudged,
    /// AWS calls the credentials expired.
    CredentialsRefused,
    /// The shop doesn't believe the ID token any more.
    TokenRefused,
    /// How the work went.
    Done(Outcome),
}

/// How a piece of work went.
#[derive(Debug)]
pub(super) enum Outcome {
    TimeTold,
    TokensRenewed {
        id_token: Life,
        renewable: bool,
    },
    /// No answer came to a refresh token that was sent so long ago by the device's clock; it may be spent.
    AnswerLost {
        after_ms: i64,
    },
    /// The refresh token is of no use any more.
    TokensRefused,
    CredentialsGiven(Life),
    /// STS calls the ID token expired.
    TokenTooOld,
    /// Nothing came of it, and nothing has changed.
    Failed,
    /// Nobody will ever know: who did it is gone.
    Abandoned,
    /// It is this tab's turn now, and another may have done it.
    Overtaken,
    /// Who was to do it is gone, and has done nothing.
    NotBegun,
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    AskTime,
    /// `again`: a moment ago it was sent already, and no answer came.
    RenewTokens {
        again: bool,
    },
    AssumeRole,
}

/// What follows from an event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// To be done now, by who brought the event.
    pub(super) work: Option<Work>,
    /// When to look again at the latest.
    pub(super) wake_ms: Option<i64>,
    /// Tokens and credentials are to be dropped.
    pub(super) drop: bool,
    /// Those who watch the phase are to be told.
    pub(super) tell: bool,
}

impl Machine {
    pub(super) fn handle(&mut self, event: Event, now: Now) -> Effects {
        let phase = self.phase();
        let was_here = matches!(self.standing, Standing::Somebody(_));
        let announced = matches!(event, Event::SignedIn { .. });
        let work = match event {
            Event::Look { urgent } => {
                if urgent {
                    self.hurry();
                }
                self.choose(now, false)
            }
            Event::Done(outcome) => self.take_in(&outcome, now),
            other => {
                self.note(other);
                None
            }
        };
        if work.is_some() {
            self.work = work;
        }
        let is_here = matches!(self.standing, Standing::Somebody(_));
        Effects {
            work,
            wake_ms: self.wake_ms(now),
            drop: was_here && !is_here,
            tell: announced || self.phase() != phase,
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.standing {
            Standing::Somebody(_) if self.work.is_some() => Phase::Renewing,
            Standing::Somebody(_) => Phase::Ready,
            _ if self.arriving > 0 => Phase::SigningIn,
            Standing::Nobody => Phase::SignedOut,
            Standing::Ended => Phase::Expired,
        }
    }

    /// The ID token's life, if one is held.
    pub(super) fn id_token(&self) -> Option<Life> {
        self.held().map(|held| held.id_token)
    }

    /// Whether the ID token can be replaced by another.
    pub(super) fn is_renewable(&self) -> bool {
        self.held().is_some_and(|held| held.renewable)
    }

    /// The credentials' life, if some are held.
    pub(super) fn credentials(&self) -> Option<Life> {
        self.held().and_then(|held| held.credentials)
    }

    fn held(&self) -> Option<&Held> {
        match &self.standing {
            Standing::Somebody(held) => Some(held),
            _ => None,
        }
    }

    fn hurry(&mut self) {
        [&mut self.time, &mut self.tokens, &mut self.keys].into_iter().for_each(Pause::cut_short);
    }

    /// Somebody else's doing, which nobody follows up on the spot.
    fn note(&mut self, event: Event) {
        match event {
            Event::Arriving => self.arriving += 1,
            Event::Arrived => self.arriving = self.arriving.saturating_sub(1),
            Event::SignedIn { id_token, renewable, has_role } => {
                let held = Held { has_role, id_token, renewable, credentials: None, doubted: false };
                *self = Self { standing: Standing::Somebody(held), arriving: self.arriving, ..Self::default() };
            }
            Event::Forgotten => *self = Self { arriving: self.arriving, ..Self::default() },
            Event::TakenOver { id_token, renewable, credentials } => {
                let Standing::Somebody(held) = &mut self.standing else { return };
                held.renewable = renewable;
                if let Some(life) = id_token {
                    (held.id_token, held.doubted, self.tokens) = (life, false, Pause::default());
                }
                if credentials.is_some() {
                    (held.credentials, held.doubted, self.keys) = (credentials, false, Pause::default());
                }
            }
            Event::Nudged => self.hurry(),
            Event::CredentialsRefused => {
                if let Standing::Somebody(held) = &mut self.standing {
                    held.credentials = None;
                }
            }
            Event::TokenRefused => {
                if let Standing::Somebody(held) = &mut self.standing {
                    held.id_token = Life::over();
                }
            }
            Event::Look { .. } | Event::Done(_) => {}
        }
    }

    /// The work that was under way has ended; the next piece of it, if there is one.
    fn take_in(&mut self, outcome: &Outcome, now: Now) -> Option<Work> {
        let done = self.work.take()?;
        let Standing::Somebody(held) = &mut self.standing else { return None };
        match (outcome, done) {
            (Outcome::TimeTold, _) => self.time = Pause::default(),
            (Outcome::TokensRenewed { id_token, renewable }, _) => {
                (held.id_token, held.renewable) = (*id_token, *renewable);
                self.tokens = Pause::default();
            }
            (Outcome::AnswerLost { after_ms }, Work::RenewTokens { again: false })
                if (0..=REPEAT_WITHIN_MS).contains(after_ms) =>
            {
                return Some(Work::RenewTokens { again: true });
            }
            (Outcome::AnswerLost { .. } | Outcome::TokensRefused, _)
            // A second try that failed says nothing of the first, which may have spent the token.
            | (Outcome::Failed, Work::RenewTokens { again: true })
            | (Outcome::Abandoned, Work::RenewTokens { .. }) => held.renewable = false,
            (Outcome::CredentialsGiven(life), _) => {
                (held.credentials, held.doubted) = (Some(*life), false);
                self.keys = Pause::default();
            }
            // Another token may do; a second one that is refused says that the clocks of others differ.
            (Outcome::TokenTooOld, _) if !held.doubted => (held.id_token, held.doubted) = (Life::over(), true),
            (Outcome::TokenTooOld, _) => {
                held.doubted = false;
                self.keys.fail(now);
            }
            (Outcome::Overtaken | Outcome::NotBegun, _) => {}
            (Outcome::Failed | Outcome::Abandoned, Work::AskTime) => self.time.fail(now),
            (Outcome::Failed, Work::RenewTokens { again: false }) => self.tokens.fail(now),
            (Outcome::Failed | Outcome::Abandoned, Work::AssumeRole) => self.keys.fail(now),
        }
        match outcome {
            // Nobody is there to do it.
            Outcome::Abandoned | Outcome::NotBegun => None,
            _ => self.choose(now, matches!(outcome, Outcome::TimeTold)),
        }
    }

    /// What is to be done first. `told`: the time is a server's, of a moment ago.
    fn choose(&mut self, now: Now, told: bool) -> Option<Work> {
        if self.work.is_some() {
            return None;
        }
        let Standing::Somebody(held) = &self.standing else { return None };
        if !now.sure && !told && self.time.is_over(now) {
            return Some(Work::AskTime);
        }
        let lasts = held.id_token.lasts(now.ms);
        if !lasts && !held.renewable {
            // Nobody is signed out because of a device's clock.
            if !told {
                return self.time.is_over(now).then_some(Work::AskTime);
            }
            self.standing = Standing::Ended;
            return None;
        }
        if held.renewable && !held.id_token.is_fresh(now.ms) && self.tokens.is_over(now) {
            return Some(Work::RenewTokens { again: false });
        }
        let fresh = held.credentials.is_some_and(|life| life.is_fresh(now.ms));
        (held.has_role && lasts && !fresh && self.keys.is_over(now)).then_some(Work::AssumeRole)
    }

    fn wake_ms(&self, now: Now) -> Option<i64> {
        let held = self.held()?;
        let tokens = match held.renewable {
            true => held.id_token.renew_ms().max(self.tokens.until_ms()),
            false => held.id_token.until_ms().max(self.time.until_ms()),
        };
        let keys = (held.has_role && held.id_token.lasts(now.ms))
            .then(|| held.credentials.map_or(i64::MIN, Life::renew_ms).max(self.keys.until_ms()));
        let time = (!now.sure).then(|| self.time.until_ms());
        [Some(tokens), keys, time].into_iter().flatten().min()
    }
}

/// The tenant's leeway is ten seconds (`refresh_token.leeway` in `infra/auth0/tenant.yaml`), counted from when the issuer
/// replaced the token: after it was sent. What is left over is for the second try's way there.
const REPEAT_WITHIN_MS: i64 = 7_000;
