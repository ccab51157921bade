//! `u/login`: the sign-in page and what its forms send. A sign-in belongs to the browser that began it, and its forms
//! carry a ticket that no other site knows, so nobody can be signed in as somebody else behind their back.

mod password;

use http::{Method, Response, StatusCode};

use super::call::{Call, Refusal};
use super::cookies::Cookie;
use super::pages::sign_in::{Attempt, View};
use super::people;
use super::state::{SignIn, State};
use super::{Connection, Event, Issuer, authorize, session, ticket};

/// `GET u/login` and `POST u/login`
pub(super) fn respond(issuer: &Issuer, call: &Call) -> Response<Vec<u8>> {
    let answer = if call.method == Method::GET { show(issuer, call) } else { submit(issuer, call) };
    answer.unwrap_or_else(|refusal| issuer.refuse(&refusal))
}

fn show(issuer: &Issuer, call: &Call) -> Result<Response<Vec<u8>>, Refusal> {
    call.query.each_once()?;
    let id = call.query.get("state")?.unwrap_or_default();
    let sign_in = find(issuer, &mut issuer.state(), call, id)?;
    let chosen = match call.query.get("connection")? {
        Some(name) => Connection::from_name(name),
        None => sign_in.request.connection,
    };
    let attempt = Attempt { email: sign_in.request.login_hint.clone().unwrap_or_default(), problem: None };
    Ok(issuer.pages.sign_in(StatusCode::OK, &View::new(id, &sign_in, chosen), &attempt))
}

fn submit(issuer: &Issuer, call: &Call) -> Result<Response<Vec<u8>>, Refusal> {
    let form = call.parameters()?;
    form.each_once()?;
    let ticket = form.get("ticket")?.unwrap_or_default();
    let (id, seal) = ticket::read(ticket).ok_or_else(over)?;
    let connection = form.get("connection")?.and_then(Connection::from_name).ok_or_else(over)?;
    let mut state = issuer.state();
    let sign_in = find(issuer, &mut state, call, id)?;
    if !ticket::read(&sign_in.ticket).is_some_and(|(_, right)| right.fits(seal)) {
        return Err(over());
    }
    let person = match connection {
        Connection::Database => {
            let email = form.get("email")?.unwrap_or_default().trim();
            let password = form.get("password")?.unwrap_or_default();
            match password::check(&mut state, email, password, call.now) {
                Ok(person) => person,
                Err(wrong) => {
                    issuer.log(wrong.event());
                    let view = View::new(id, &sign_in, Some(Connection::Database));
                    return Ok(wrong.answer(issuer, &view, email));
                }
            }
        }
        Connection::Amazon | Connection::Enterprise => {
            let chosen = form.get("person")?.unwrap_or_default();
            people::of(connection).find(|person| person.user_id == chosen).ok_or_else(over)?
        }
    };
    state.sign_ins.remove(id);
    issuer.log(Event::SignedIn(connection));
    let (session, cookie) = session::begin(issuer, &mut state, &call.headers, person, call.now);
    Ok(authorize::redirect_with_code(issuer, &mut state, &session, &sign_in.request, call.now, Some(cookie)))
}

/// The sign-in, if this browser began it.
fn find(issuer: &Issuer, state: &mut State, call: &Call, id: &str) -> Result<SignIn, Refusal> {
    let browser = Cookie::Browser.read(&issuer.registration, &call.headers).and_then(ticket::read);
    let sign_in =
        state.sign_ins.get(id, call.now).filter(|sign_in| browser.is_some_and(|(_, seal)| seal.fits(sign_in.browser)));
    sign_in.cloned().ok_or_else(over)
}

fn over() -> Refusal {
    Refusal::bad(
        "This sign-in is over",
        "It was finished already, was left open for too long, or was begun in another browser. Nothing happened: go \
         back to the shop and sign in from there.",
    )
}
