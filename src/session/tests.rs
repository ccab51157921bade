//! The session against a world of its own: who gets in, how long they stay, and that nothing stays behind.

mod renewal;
mod restore;
mod shared;
mod sign_in;
mod sign_out;

use super::{
    fake::{Fake, form_of, json_answer, sts_refusal},
    *,
};
use domain::Role;

fn returning(to: &str) -> SignIn {
    SignIn { connection: None, return_to: to.to_owned() }
}

/// Begins, lets the issuer answer, and finishes.
async fn sign_in(session: &Session<Fake>, fake: &Fake) -> Result<Arrival, SessionError> {
    let departure = session.begin_sign_in(&returning("/")).await?;
    session.finish_sign_in(&fake.authorize(&departure.url), Some(&departure.keep)).await
}
