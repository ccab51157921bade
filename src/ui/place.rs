//! Where in the page the person is, and how they get elsewhere: the router's address, followed by what is shown. Links
//! need nothing but their `href`. The router's own views, made for nested routes and for servers, would be a tenth of
//! the page; five paths need none.

use leptos::prelude::*;
use leptos_router::location::{BrowserUrl, LocationChange, LocationProvider, State, Url};

/// The address of this page. What it is asked for, it follows.
#[derive(Clone, Copy)]
pub struct Place {
    browser: StoredValue<BrowserUrl>,
    url: RwSignal<Url>,
}

/// How to go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// A new page in place of this one, from its top.
    Instead,
    /// The same page with another address: it stays where it was scrolled to, and the way back leads here.
    Quietly,
}

/// Makes it known to every view below. Call once, above all pages.
pub fn provide_place() -> Place {
    let browser = BrowserUrl::new().expect("a window has an address");
    browser.init(None);
    let place = Place { url: browser.as_url().clone().into(), browser: StoredValue::new(browser) };
    // A link's address goes into the history once its page is there.
    Effect::new(move |_| {
        place.url.track();
        place.browser.with_value(LocationProvider::ready_to_complete);
    });
    provide_context(place);
    place
}

/// The place.
pub fn use_place() -> Place {
    expect_context()
}

impl Place {
    /// The path.
    pub fn path(&self) -> String {
        self.url.with(|url| url.path().to_owned())
    }

    /// The query, without its question mark.
    pub fn query(&self) -> String {
        self.url.with(|url| url.search().to_owned())
    }

    /// A parameter of the query, by its name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.url.with(|url| url.search_params().get(name))
    }

    /// The fragment, without its mark.
    pub fn fragment(&self) -> String {
        self.url.with(|url| url.hash().trim_start_matches('#').to_owned())
    }

    /// The address in the browser's bar: a link's comes there once its page is there.
    pub fn shown() -> Option<Url> {
        BrowserUrl::current().ok()
    }

    /// Writes an address for what is shown into the bar, in place of the one there, and a text beside it for whoever comes
    /// back to it. Nobody goes anywhere by this.
    pub fn keep(&self, address: &str, text: &str) {
        let change = LocationChange {
            value: address.to_owned(),
            replace: true,
            scroll: false,
            state: State::new(Some(text.into())),
        };
        self.browser.with_value(|browser| browser.complete_navigation(&change));
    }

    /// Goes to an address of this page: a path, and what may follow it. One of another page's is not gone to.
    pub fn go(&self, address: &str, how: Go) {
        let Ok(url) = BrowserUrl::parse(address) else { return };
        if self.url.with_untracked(|here| here.origin() != url.origin()) {
            return;
        }
        self.url.set(url);
        let change = LocationChange {
            value: address.to_owned(),
            replace: how == Go::Instead,
            scroll: how == Go::Instead,
            state: State::default(),
        };
        self.browser.with_value(|browser| browser.complete_navigation(&change));
    }
}
