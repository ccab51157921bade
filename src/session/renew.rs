//! Carries out what the [`Machine`](super::machine::Machine) says: tokens and credentials are renewed ahead of their
//! end, or when a call needs them. Whoever has the turn does the work. The others wait and get what it got, a success or
//! its failure. Somebody who leaves takes no one's turn with them.

use super::{
    Platform, Secret, Session, SessionCredentials, SessionError, Share,
    life::Life,
    machine::{Event, Outcome, Work},
    random::same,
    status::Phase,
};

/// What came of the last round of work.
#[derive(Default)]
pub(super) struct Round {
    time: Option<SessionError>,
    tokens: Option<SessionError>,
    keys: Option<SessionError>,
}

impl Round {
    /// Why there is no new one of what was needed.
    fn failure(&self, need: Need) -> Option<SessionError> {
        let keys = self.keys.as_ref().filter(|_| need == Need::Credentials);
        keys.or(self.tokens.as_ref()).or(self.time.as_ref()).cloned()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    IdToken,
    Credentials,
}

impl<P: Platform> Session<P> {
    /// Renews ahead of the end, for as long as it is polled: to be started once, beside everything else. It looks at the
    /// clock at least every half minute, so that it notices when the device slept or its clock was set.
    pub async fn keep_fresh(&self) {
        loop {
            let rings = self.bell.rings();
            self.work(&mut *self.turn.lock().await, false).await;
            let rang = || self.bell.rings() != rings;
            let Some(wake_ms) = self.wake_ms.get() else {
                self.clock.wait(self.platform.now_ms(), 0);
                self.bell.cut_short(rang, std::future::pending::<()>()).await;
                self.clock.waited(self.platform.now_ms(), false);
                continue;
            };
            let ms = wake_ms.saturating_sub(self.now_ms()).clamp(SHORTEST_STEP_MS, LONGEST_STEP_MS) as u32;
            self.clock.wait(self.platform.now_ms(), ms);
            let slept = self.bell.cut_short(rang, self.platform.sleep(ms)).await;
            self.clock.waited(self.platform.now_ms(), slept.is_some());
        }
    }

    /// Something may be different now: online again, or the device woke. Whoever waits tries again at once.
    pub fn nudge(&self) {
        // The next round tells the machine, which a page without anybody never loads.
        self.nudged.set(true);
        self.bell.ring();
    }

    /// Fetches credentials ahead of the first call that needs them. A failure shows at that call.
    pub async fn prepare(&self) {
        // The call that needs them tries again, and tells.
        let _ = self.credentials().await;
    }

    /// The ID token, good for a while; nothing if nobody is signed in.
    pub(crate) async fn id_token(&self) -> Result<Option<Secret>, SessionError> {
        if !self.is_here()? {
            return Ok(None);
        }
        self.have(Need::IdToken).await?;
        Ok(self.state.borrow().as_ref().map(|state| state.tokens.id_token.clone()))
    }

    /// Credentials, good for a while; nothing if nobody is signed in, or somebody without a role.
    pub(crate) async fn credentials(&self) -> Result<Option<SessionCredentials>, SessionError> {
        if !self.is_here()? || self.person().is_none_or(|person| person.role.is_none()) {
            return Ok(None);
        }
        self.have(Need::Credentials).await?;
        Ok(self.state.borrow().as_ref().and_then(|state| state.credentials.clone()))
    }

    /// Lets go of credentials that AWS calls expired, unless others have taken their place already.
    pub(crate) fn discard(&self, expired: &SessionCredentials) {
        let same = |held: &mut SessionCredentials| held.keys.access_key_id() == expired.keys.access_key_id();
        let gone = self.state.borrow_mut().as_mut().and_then(|state| state.credentials.take_if(same));
        if gone.is_some() {
            *self.refused_key.borrow_mut() = Some(expired.keys.access_key_id().to_owned());
            self.handle(Event::CredentialsRefused);
        }
    }

    /// Lets go of an ID token that the shop refused. False if nothing can replace it; then it is kept.
    pub(crate) fn doubt(&self, id_token: &Secret) -> bool {
        let (held, renewable) = match self.state.borrow().as_ref() {
            Some(state) => (same(&state.tokens.id_token, id_token), self.machine.borrow().is_renewable()),
            None => return false,
        };
        if held && renewable {
            self.handle(Event::TokenRefused);
        }
        // Another one has taken its place already, or will.
        !held || renewable
    }

    fn is_here(&self) -> Result<bool, SessionError> {
        match self.machine.borrow().phase() {
            Phase::Expired => Err(SessionError::Ended),
            Phase::SignedOut | Phase::SigningIn if self.departed.borrow().is_some() => Err(SessionError::Ended),
            Phase::SignedOut | Phase::SigningIn => Ok(false),
            Phase::Ready | Phase::Renewing => Ok(true),
        }
    }

    async fn have(&self, need: Need) -> Result<(), SessionError> {
        let fresh = || self.now().sure && self.holds(need, Life::is_fresh);
        if fresh() {
            return Ok(());
        }
        let generation = self.generation();
        // Who has it now may fail for all who wait; what failed before them is no concern of theirs.
        let waited = self.turn.try_lock().is_none();
        let mut round = self.turn.lock().await;
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        if fresh() {
            return Ok(());
        }
        if !waited || round.failure(need).is_none() {
            self.work(&mut round, true).await;
        }
        if self.generation() != generation {
            return Err(SessionError::SignedOut);
        }
        if !self.is_here()? {
            return Err(SessionError::SignedOut);
        }
        match round.failure(need) {
            Some(error @ SessionError::Claim(_)) => Err(error),
            // What is held lasts a little longer; the next call tries again.
            _ if self.holds(need, Life::lasts) => Ok(()),
            Some(error) => Err(error),
            None => Err(SessionError::trouble()),
        }
    }

    fn holds(&self, need: Need, good: impl Fn(Life, i64) -> bool) -> bool {
        let machine = self.machine.borrow();
        let life = match need {
            Need::IdToken => machine.id_token(),
            Need::Credentials => machine.credentials(),
        };
        life.is_some_and(|life| good(life, self.now_ms()))
    }

    /// One round of work, by whoever has the turn.
    async fn work(&self, round: &mut Round, urgent: bool) {
        let generation = self.generation();
        *round = Round::default();
        let left = || self.generation() != generation;
        if self.nudged.take() {
            self.handle(Event::Nudged);
        }
        let mut next = self.handle(Event::Look { urgent });
        let mut all_tabs = None;
        for _ in 0..MOST_STEPS {
            let Some(work) = next else { break };
            if all_tabs.is_none() && work != Work::AskTime {
                let waiting = UnderWay { session: self, generation, outcome: Some(Outcome::NotBegun) };
                all_tabs = self.bell.cut_short(left, self.turn_of_all_tabs(generation)).await;
                if all_tabs.is_none() || left() {
                    break;
                }
                waiting.over();
                // Another tab may have done it.
                next = self.handle(Event::Done(Outcome::Overtaken));
                continue;
            }
            if matches!(work, Work::RenewTokens { .. }) {
                self.share(Share::Renewal, true);
            }
            let under_way = UnderWay { session: self, generation, outcome: Some(Outcome::Abandoned) };
            let Some(done) = self.bell.cut_short(left, self.carry_out(work, generation)).await else { break };
            if left() {
                break;
            }
            under_way.over();
            let (outcome, failure) = match done {
                Ok(outcome) => (outcome, None),
                Err((outcome, error)) => (outcome, Some(error)),
            };
            match work {
                Work::AskTime => round.time = failure,
                Work::RenewTokens { .. } => round.tokens = failure,
                Work::AssumeRole => round.keys = failure,
            }
            next = self.handle(Event::Done(outcome));
            if work != Work::AskTime && !matches!(next, Some(Work::RenewTokens { again: true })) {
                self.share(Share::Renewal, false);
            }
        }
        if all_tabs.is_some() {
            // What was put on the shelf is there before the next has the turn: the way there keeps the order.
            self.bell.cut_short(left, self.platform.shared()).await;
        }
        while next.is_some() && self.generation() == generation {
            next = self.handle(Event::Done(Outcome::Failed));
        }
    }

    /// Waits until this tab alone renews, and takes over what another has done before.
    async fn turn_of_all_tabs(&self, generation: u64) -> P::Turn {
        let turn = self.platform.turn().await;
        let shared = self.platform.shared().await;
        if let Some(shared) = shared.filter(|_| self.generation() == generation) {
            self.adopt_text(&shared, true);
        }
        turn
    }

    async fn carry_out(&self, work: Work, generation: u64) -> Result<Outcome, (Outcome, SessionError)> {
        match work {
            Work::AskTime => match self.ask_the_time().await {
                Ok(()) => {
                    self.clock.settle();
                    Ok(Outcome::TimeTold)
                }
                Err(error) => Err((Outcome::Failed, error.into())),
            },
            Work::RenewTokens { again } => self.renew_tokens(generation, again).await,
            Work::AssumeRole => self.renew_credentials(generation).await,
        }
    }

    async fn renew_credentials(&self, generation: u64) -> Result<Outcome, (Outcome, SessionError)> {
        let failed = |error: SessionError| (Outcome::Failed, error);
        let held = self.in_generation(generation, |state| {
            (state.person.role, state.person.subject.clone(), state.tokens.id_token.clone())
        });
        let (role, subject, id_token) = held.map_err(failed)?;
        let role = role.ok_or((Outcome::Failed, SessionError::Ended))?;
        match self.assume_role(role, &subject, &id_token).await {
            Ok((_, until_ms)) if until_ms <= self.now_ms() => {
                Err(failed(SessionError::answer("its credentials have ended")))
            }
            Ok((credentials, until_ms)) => {
                let life = self.life(until_ms);
                self.in_generation(generation, |state| state.credentials = Some(credentials)).map_err(failed)?;
                Ok(Outcome::CredentialsGiven(life))
            }
            Err(SessionError::Sts(refusal)) if refusal.error_type.starts_with("ExpiredToken") => {
                Err((Outcome::TokenTooOld, SessionError::Sts(refusal)))
            }
            Err(error) => Err(failed(error)),
        }
    }
}

/// Work that somebody does. If they are dropped with it, the machine is told.
struct UnderWay<'a, P: Platform> {
    session: &'a Session<P>,
    generation: u64,
    /// What to tell it then.
    outcome: Option<Outcome>,
}

impl<P: Platform> UnderWay<'_, P> {
    /// It came to its end.
    fn over(mut self) {
        self.outcome = None;
    }
}

impl<P: Platform> Drop for UnderWay<'_, P> {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome.take().filter(|_| self.session.generation() == self.generation) {
            self.session.handle(Event::Done(outcome));
        }
    }
}

const SHORTEST_STEP_MS: i64 = 100;
const LONGEST_STEP_MS: i64 = 30_000;

/// More than any round needs: the time, the turn, tokens twice, credentials, and that once more.
const MOST_STEPS: usize = 9;
