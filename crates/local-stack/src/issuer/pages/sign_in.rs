//! The sign-in page: all ways in, or the people of one connection.

use maud::{Markup, html};

use crate::issuer::Connection;
use crate::issuer::people;
use crate::issuer::state::SignIn;

/// Which sign-in the page is for, and how much of it shows.
#[derive(Debug)]
pub(in crate::issuer) struct View<'a> {
    id: &'a str,
    ticket: &'a str,
    /// The connection that the app asked for, or the person chose.
    chosen: Option<Connection>,
    /// The app asked for that one: there is no way to the others.
    fixed: bool,
}

/// What the person did so far.
#[derive(Debug, Default)]
pub(in crate::issuer) struct Attempt {
    pub(in crate::issuer) email: String,
    pub(in crate::issuer) problem: Option<String>,
}

impl<'a> View<'a> {
    pub(in crate::issuer) fn new(id: &'a str, sign_in: &'a SignIn, chosen: Option<Connection>) -> Self {
        Self { id, ticket: &sign_in.ticket, chosen, fixed: sign_in.request.connection.is_some() }
    }

    pub(super) fn title(&self, attempt: &Attempt) -> String {
        let title = match self.chosen {
            Some(Connection::Amazon | Connection::Enterprise) => "Choose who you are",
            Some(Connection::Database) | None => "Sign in",
        };
        if attempt.problem.is_some() { format!("Error: {title}") } else { title.to_owned() }
    }

    pub(super) fn render(&self, attempt: &Attempt, base: &str, home: &str, decisions: Option<&str>) -> Markup {
        let action = format!("{base}u/login");
        let to = |connection: Connection| format!("{action}?state={}&connection={}", self.id, connection.name());
        html! {
            @match self.chosen {
                Some(connection @ (Connection::Amazon | Connection::Enterprise)) => {
                    (self.choice(connection, &action))
                    @if !self.fixed { p { a href=(format!("{action}?state={}", self.id)) { "Other ways to sign in" } } }
                }
                Some(Connection::Database) | None => {
                    h1 { "Sign in to Pets" }
                    (self.password_form(attempt, &action))
                    @if !self.fixed {
                        p class="or" { "or" }
                        ul class="ways" {
                            li { a class="button plain" href=(to(Connection::Amazon)) { "Continue with Amazon" } }
                            li {
                                a class="button plain" href=(to(Connection::Enterprise)) {
                                    "Continue with Initech (enterprise)"
                                }
                            }
                        }
                    }
                }
            }
            p { a href=(home) { "Back to the shop" } }
            @if let Some(decisions) = decisions { p { a href=(decisions) { "What was decided here" } } }
        }
    }

    fn password_form(&self, attempt: &Attempt, action: &str) -> Markup {
        let problem = attempt.problem.as_deref();
        let described_by = problem.map(|_| "problem");
        let invalid = problem.map(|_| "true");
        html! {
            form method="post" action=(action) {
                (self.hidden(Connection::Database))
                @if let Some(problem) = problem { p id="problem" class="problem" role="alert" { (problem) } }
                label for="email" { "E-mail address" }
                input id="email" name="email" type="email" autocomplete="username" autocapitalize="none"
                    spellcheck="false" required maxlength="254" value=(attempt.email) autofocus[problem.is_none()]
                    aria-invalid=[invalid] aria-describedby=[described_by];
                label for="password" { "Password" }
                input id="password" name="password" type="password" autocomplete="current-password" required
                    maxlength="128" autofocus[problem.is_some()] aria-invalid=[invalid]
                    aria-describedby=[described_by];
                button class="button" type="submit" { "Continue" }
            }
            section class="samples" aria-labelledby="samples" {
                h2 id="samples" { "Sample person" }
                @for person in people::of(Connection::Database) {
                    dl {
                        div { dt { "Who" } dd { (person.name) ", admin" } }
                        div { dt { "E-mail" } dd { code { (person.email) } } }
                        div { dt { "Password" } dd { code { (person.password.unwrap_or_default()) } } }
                    }
                }
            }
        }
    }

    fn choice(&self, connection: Connection, action: &str) -> Markup {
        html! {
            h1 { "Choose who you are" }
            p {
                @match connection {
                    Connection::Enterprise => "A company’s directory. The shop has no role for the people in it.",
                    _ => "With a tenant, this is Amazon’s own page. Here you pick a sample person, a buyer.",
                }
            }
            form method="post" action=(action) {
                (self.hidden(connection))
                ul class="ways" {
                    @for person in people::of(connection) {
                        li {
                            button class="button plain person" type="submit" name="person" value=(person.user_id) {
                                strong { (person.name) }
                                span { (person.email) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn hidden(&self, connection: Connection) -> Markup {
        html! {
            input type="hidden" name="ticket" value=(self.ticket);
            input type="hidden" name="connection" value=(connection.name());
        }
    }
}
