//! What all pages of this stack look like, and the walls around them: they load nothing, nobody frames them, and only a
//! script that is written out in the page and named by its hash runs. Everything that comes from a request is escaped by
//! the template macro. The pages themselves are the issuer's and those of `decisions`.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("frame/style.css");
/// The browser's icon, written out so that no browser asks for a file.
const ICON: &str = "data:image/svg+xml,\
    %3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='%231f6f54'%3E\
    %3Ccircle cx='3' cy='7' r='2'/%3E%3Ccircle cx='6.4' cy='3.6' r='2'/%3E%3Ccircle cx='9.6' cy='3.6' r='2'/%3E\
    %3Ccircle cx='13' cy='7' r='2'/%3E%3Cellipse cx='8' cy='11' rx='4' ry='3.4'/%3E%3C/svg%3E";

/// What a page brings.
pub struct Page<'a> {
    /// Its name in the browser's tab.
    pub title: &'a str,
    /// What this place is, in its corner.
    pub badge: &'a str,
    /// What stands between header and footer.
    pub body: &'a Markup,
    /// The sentence at the end.
    pub footer: &'a str,
    /// Whether there is a table on it.
    pub wide: bool,
    /// The one script, which may ask its own origin.
    pub script: Option<&'static str>,
    /// Where its forms may lead; its own origin where there is none.
    pub form_targets: &'a str,
}

impl Page<'_> {
    /// The page as an answer that nobody keeps.
    pub fn answer(&self, status: StatusCode) -> Response<Vec<u8>> {
        let mut response = Response::new(self.text().into_bytes());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let fixed: [(HeaderName, &'static str); 6] = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // An origin that no header can hold was refused when the stack started; without a policy nothing may load.
        let policy = HeaderValue::try_from(self.policy());
        let policy = policy.unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }

    fn policy(&self) -> String {
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        let script = self.script.map(|script| format!("script-src 'sha256-{}'; connect-src 'self'; ", hash(script)));
        let mut targets = "'self'".to_owned();
        if !self.form_targets.is_empty() {
            targets.push_str(&format!(" {}", self.form_targets));
        }
        format!(
            "default-src 'none'; style-src 'sha256-{}'; {}img-src data:; form-action {targets}; base-uri 'none'; \
             frame-ancestors 'none'",
            hash(STYLE),
            script.unwrap_or_default()
        )
    }

    fn text(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    link rel="icon" href=(ICON);
                    style { (PreEscaped(STYLE)) }
                }
                body class=[self.wide.then_some("wide")] {
                    header {
                        p class="brand" { (paw()) "Pets" }
                        p class="badge" { (self.badge) }
                    }
                    main { (self.body) }
                    footer { p { (self.footer) } }
                    @if let Some(script) = self.script { script { (PreEscaped(script)) } }
                }
            }
        };
        page.into_string()
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
