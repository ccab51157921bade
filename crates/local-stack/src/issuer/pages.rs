//! The issuer's own pages: rendered here, without a script, under a policy that lets them load nothing. Everything that
//! comes from a request is escaped by the template macro.

mod notice;
pub(super) mod sign_in;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Response, StatusCode, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::answer;
use super::call::Refusal;
use super::people::SamplePerson;
use super::registration::Registration;

const STYLE: &str = include_str!("pages/style.css");
/// The browser's icon, written out so that no browser asks for a file.
const ICON: &str = "data:image/svg+xml,\
    %3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='%231f6f54'%3E\
    %3Ccircle cx='3' cy='7' r='2'/%3E%3Ccircle cx='6.4' cy='3.6' r='2'/%3E%3Ccircle cx='9.6' cy='3.6' r='2'/%3E\
    %3Ccircle cx='13' cy='7' r='2'/%3E%3Cellipse cx='8' cy='11' rx='4' ry='3.4'/%3E%3C/svg%3E";

/// What all pages of an issuer have in common.
pub(super) struct Pages {
    base: String,
    home: String,
    policy: String,
}

impl Pages {
    pub(super) fn new(registration: &Registration) -> Self {
        let style = STANDARD.encode(Sha256::digest(STYLE));
        // A form's answer may redirect, and browsers hold the whole chain to `form-action`.
        let targets = registration.origins().join(" ");
        Self {
            base: registration.path().to_owned(),
            home: registration.home(),
            policy: format!(
                "default-src 'none'; style-src 'sha256-{style}'; img-src data:; form-action 'self' {targets}; \
                 base-uri 'none'; frame-ancestors 'none'"
            ),
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
        self.page(status, &title, &view.render(attempt, &self.base, &self.home), &[])
    }

    fn page(&self, status: StatusCode, title: &str, body: &Markup, cookies: &[String]) -> Response<Vec<u8>> {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · Pets sign-in" }
                    link rel="icon" href=(ICON);
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        p class="brand" { (paw()) "Pets" }
                        p class="badge" { "Local stand-in for Auth0" }
                    }
                    main { (body) }
                    footer {
                        p {
                            "This page runs on this machine, in place of a tenant. It knows sample people only: never "
                            "type a real password here."
                        }
                    }
                }
            }
        };
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::CONTENT_SECURITY_POLICY, self.policy.clone()),
            (header::X_FRAME_OPTIONS, "DENY".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::REFERRER_POLICY, "no-referrer".to_owned()),
        ];
        let cookies = cookies.iter().map(|cookie| (header::SET_COOKIE, cookie.clone()));
        answer::with_headers(status, headers.into_iter().chain(cookies), page.into_string().into_bytes())
    }
}

/// The same paw in the page, in the colour of the text.
fn paw() -> Markup {
    html! {
        svg viewBox="0 0 16 16" width="24" height="24" fill="currentColor" aria-hidden="true" {
            circle cx="3" cy="7" r="2" {}
            circle cx="6.4" cy="3.6" r="2" {}
            circle cx="9.6" cy="3.6" r="2" {}
            circle cx="13" cy="7" r="2" {}
            ellipse cx="8" cy="11" rx="4" ry="3.4" {}
        }
    }
}
