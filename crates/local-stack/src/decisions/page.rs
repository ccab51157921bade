//! `/idp/decisions`: the last decisions as a page, newest first. It shows itself anew about once a second (`live.js`), or
//! by a reload where there is no script. Everybody at this machine may look, and pages of other sites may not.

use domain::{Comparison, Statement, Verdict};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use maud::{Markup, html};
use time::{format_description::well_known::Rfc3339, macros::format_description};

use super::{Decision, Decisions, KEPT};
use crate::frame::Page;

const SCRIPT: &str = include_str!("live.js");

/// Answers a request to the page.
pub fn respond<B>(request: &Request<B>, decisions: &Decisions) -> Response<Vec<u8>> {
    if request.method() != Method::GET {
        let mut response =
            page("Only GET", &html! { h1 { "This page takes GET only" } }).answer(StatusCode::METHOD_NOT_ALLOWED);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return response;
    }
    let (made, last) = decisions.numbered();
    let tag = format!("\"{}-{made}\"", decisions.start);
    let mut response = if is_known(request.headers(), &tag) {
        let mut response = Response::new(Vec::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    } else {
        let rows = last.iter().zip((0..=made).rev());
        let rows = rows.map(|(decision, number)| row(decision, &format!("d-{}-{number}", decisions.start)));
        let body = table(rows, last.len());
        page("What was decided here", &body).answer(StatusCode::OK)
    };
    let tag = HeaderValue::try_from(tag).expect("hexadecimal and decimal digits are a header's characters");
    response.headers_mut().insert(header::ETAG, tag);
    response
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes())
}

fn page<'a>(title: &'a str, body: &'a Markup) -> Page<'a> {
    Page {
        title,
        badge: "Local stack",
        body,
        footer: "This page is of this machine alone, and of this run: nothing of it is kept. It shows no token and no \
                 key, and of a subject the last four characters.",
        wide: true,
        script: Some(SCRIPT),
        form_targets: "",
    }
}

fn table(rows: impl Iterator<Item = Markup>, count: usize) -> Markup {
    html! {
        h1 { "What was decided here" }
        p {
            "Every call to STS and to the API, who decided about it, and why. The newest is on top; "
            (KEPT) " are kept. Preflights decide nothing and aren’t here."
        }
        div class="live" {
            button id="pause" class="button plain" type="button" hidden { "Pause" }
            p id="state" role="status" { "Reload the page to see what is new." }
        }
        p id="none" hidden[count > 0] { "Nothing yet: sign in at the shop, or look at its list." }
        // Roles are written out, for some browsers forget them where a table is laid out as blocks.
        table role="table" hidden[count == 0] {
            caption { "Decisions, newest first" }
            thead role="rowgroup" {
                tr role="row" {
                    th role="columnheader" scope="col" { "Time (UTC)" }
                    th role="columnheader" scope="col" { "Asked" }
                    th role="columnheader" scope="col" { "Decision" }
                }
            }
            tbody id="decisions" role="rowgroup" { @for row in rows { (row) } }
        }
    }
}

fn row(decision: &Decision, id: &str) -> Markup {
    let time = decision.time.to_utc();
    let clock = time.format(format_description!("[hour]:[minute]:[second]")).unwrap_or_default();
    html! {
        tr id=(id) role="row" {
            td role="cell" { time datetime=(time.format(&Rfc3339).unwrap_or_default()) { (clock) } }
            td role="cell" {
                code { (decision.asked) }
                @if decision.role.is_some() || decision.who.is_some() {
                    dl {
                        @if let Some(role) = &decision.role { div { dt { "Role" } dd { (role) } } }
                        @if let Some(who) = &decision.who { div { dt { "Who" } dd { (who) } } }
                    }
                }
            }
            td role="cell" {
                p { (outcome(decision.allowed)) " by " (decision.by.words()) "." }
                p class="says" { (decision.says) }
                details {
                    summary { "Details" span class="unseen" { " of " (decision.asked) " at " (clock) } }
                    @for statement in &decision.statements { (self::statement(statement)) }
                    @if decision.shortened { p { "There is more than fits here." } }
                    @if let Some(request) = &decision.request { p { "Request " code { (request) } } }
                }
            }
        }
    }
}

fn outcome(allowed: bool) -> Markup {
    let (class, mark, word) = if allowed { ("allowed", "✓", "Allowed") } else { ("refused", "✕", "Refused") };
    html! { strong class=(class) { span aria-hidden="true" { (mark) } " " (word) } }
}

fn statement(statement: &Statement) -> Markup {
    let effect = match (statement.effect.as_str(), statement.applies) {
        ("Deny", true) => "denies it",
        ("Deny", false) => "doesn’t deny it",
        (_, true) => "allows it",
        (_, false) => "doesn’t allow it",
    };
    html! {
        p class="statement" {
            strong { (statement.name) } " of " (statement.policy)
            @if let Some(place) = &statement.at { " (" (place.file) ":" (place.line) ")" }
            " " (effect)
            @if statement.decides { ", and decides" }
            "."
        }
        ul { @for comparison in &statement.comparisons { li { (self::comparison(comparison)) } } }
    }
}

fn comparison(comparison: &Comparison) -> Markup {
    let (class, mark, word) = match comparison.verdict {
        Verdict::Allowed => ("allowed", "✓", "matches"),
        Verdict::Refused => ("refused", "✕", "differs"),
        Verdict::Unknown => ("refused", "?", "unclear"),
    };
    html! {
        strong class=(class) { span aria-hidden="true" { (mark) } " " (word) } ": " (comparison.element)
        dl {
            div { dt { "Document" } dd { (values(&comparison.wanted)) } }
            div { dt { "Request" } dd { (values(&comparison.got)) } }
        }
        @if let Some(note) = &comparison.note { p { (note) } }
    }
}

fn values(values: &[String]) -> Markup {
    html! {
        @for (position, value) in values.iter().enumerate() {
            @if position > 0 { ", " }
            code { (value) }
        }
        @if values.is_empty() { "nothing" }
    }
}
