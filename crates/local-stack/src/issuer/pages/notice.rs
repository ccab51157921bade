//! Pages that say one thing.

use maud::{Markup, html};

use crate::issuer::people::SamplePerson;

pub(super) fn refusal(title: &str, message: &str, home: &str) -> Markup {
    html! {
        h1 { (title) }
        p { (message) }
        p { a class="button" href=(home) { "Go to the shop" } }
    }
}

pub(super) fn signed_out(home: &str) -> Markup {
    html! {
        h1 { "You are signed out" }
        p { "The session at the sign-in page has ended, and so has everything that was given in it." }
        p { a class="button" href=(home) { "Go to the shop" } }
    }
}

pub(super) fn confirm_sign_out(person: &SamplePerson, ticket: &str, base: &str, home: &str) -> Markup {
    html! {
        h1 { "Sign out?" }
        p { "You are signed in as " strong { (person.name) } ". The request to sign out didn’t say who is meant." }
        form method="post" action=(format!("{base}oidc/logout/confirm")) {
            input type="hidden" name="ticket" value=(ticket);
            button class="button" type="submit" { "Sign out" }
        }
        p { a href=(home) { "Stay signed in, go to the shop" } }
    }
}
