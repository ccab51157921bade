//! The Database connection's check: e-mail address and password, with a pause for an address whose password is being
//! guessed. An unknown address is treated like a known one.

use http::{Response, StatusCode, header};
use time::{Duration, OffsetDateTime};

use crate::issuer::pages::sign_in::{Attempt, View};
use crate::issuer::people::{self, SamplePerson};
use crate::issuer::state::State;
use crate::issuer::{Event, Issuer};

/// So many wrong passwords for one address, and it is left alone until `PAUSE` after the first.
const MOST_WRONG_PASSWORDS: u32 = 5;
const PAUSE: Duration = Duration::minutes(1);

/// Why nobody was signed in.
#[derive(Debug)]
pub(super) enum Wrong {
    Password,
    /// The password wasn't looked at, and won't be for so long.
    Throttled(Duration),
}

pub(super) fn check(
    state: &mut State,
    email: &str,
    password: &str,
    now: OffsetDateTime,
) -> Result<&'static SamplePerson, Wrong> {
    // No address is longer (RFC 5321 §4.5.3.1.3); nothing is remembered about what is.
    if email.len() > 254 {
        return Err(Wrong::Password);
    }
    let address = email.to_ascii_lowercase();
    let wrong = state.wrong_passwords.get(&address, now).copied().unwrap_or_default();
    let until = state.wrong_passwords.until(&address).unwrap_or(now + PAUSE);
    if wrong >= MOST_WRONG_PASSWORDS {
        return Err(Wrong::Throttled(until - now));
    }
    let Some(person) = people::with_password(email, password) else {
        state.wrong_passwords.put(address, wrong + 1, until, now);
        return Err(Wrong::Password);
    };
    state.wrong_passwords.remove(&address);
    Ok(person)
}

impl Wrong {
    pub(super) fn event(&self) -> Event {
        match self {
            Self::Password => Event::WrongPassword,
            Self::Throttled(_) => Event::Throttled,
        }
    }

    /// The page again, with what was typed but the password.
    pub(super) fn answer(&self, issuer: &Issuer, view: &View, email: &str) -> Response<Vec<u8>> {
        let email = email.to_owned();
        match self {
            Self::Password => {
                let problem = Some("Wrong e-mail address or password.".to_owned());
                issuer.pages.sign_in(StatusCode::BAD_REQUEST, view, &Attempt { email, problem })
            }
            Self::Throttled(rest) => {
                let seconds = rest.whole_seconds().max(1);
                let problem = Some(format!("Too many wrong passwords. Try again in {seconds} seconds."));
                let attempt = Attempt { email, problem };
                let mut answer = issuer.pages.sign_in(StatusCode::TOO_MANY_REQUESTS, view, &attempt);
                answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
                answer
            }
        }
    }
}
