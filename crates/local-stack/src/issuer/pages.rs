//! The issuer's own pages: rendered here, without a script, in the frame that all pages of the stack have.

mod notice;
pub(super) mod sign_in;

use http::{HeaderValue, Response, StatusCode, header};
use maud::Markup;

use super::Config;
use super::call::Refusal;
use super::people::SamplePerson;
use super::registration::Registration;
use crate::frame::Page;

/// What all pages of an issuer have in common.
pub(super) struct Pages {
    base: String,
    home: String,
    decisions: Option<String>,
    form_targets: String,
}

impl Pages {
    pub(super) fn new(registration: &Registration, config: &Config) -> Self {
        Self {
            base: registration.path().to_owned(),
            home: registration.home(),
            decisions: config.decisions.clone(),
            // A form's answer may redirect, and browsers hold the whole chain to `form-action`.
            form_targets: registration.origins().join(" "),
        }
    }

    pub(super) fn refusal(&self, refusal: &Refusal) -> Response<Vec<u8>> {
        let body = notice::refusal(refusal.title, &refusal.message, &self.home);
        self.page(refusal.status, refusal.title, &body, &[])
    }

    pub(super) fn signed_out(&self, cookies: [String; 2]) -> Response<Vec<u8>> {
        self.page(StatusCode::OK, "You are signed out", &notice::signed_out(&self.home), &cookies)
    }

    pub(super) fn confirm_sign_out(&self, person: &SamplePerson, ticket: &str) -> Response<Vec<u8>> {
        let body = notice::confirm_sign_out(person, ticket, &self.base, &self.home);
        self.page(StatusCode::OK, "Sign out?", &body, &[])
    }

    pub(super) fn sign_in(
        &self,
        status: StatusCode,
        view: &sign_in::View,
        attempt: &sign_in::Attempt,
    ) -> Response<Vec<u8>> {
        let title = view.title(attempt);
        let body = view.render(attempt, &self.base, &self.home, self.decisions.as_deref());
        self.page(status, &title, &body, &[])
    }

    fn page(&self, status: StatusCode, title: &str, body: &Markup, cookies: &[String]) -> Response<Vec<u8>> {
        let page = Page {
            title: &format!("{title} · Pets sign-in"),
            badge: "Local stand-in for Auth0",
            body,
            footer: "This page runs on this machine, in place of a tenant. It knows sample people only: never type a \
                     real password here.",
            wide: false,
            script: None,
            form_targets: &self.form_targets,
        };
        let mut response = page.answer(status);
        for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}
