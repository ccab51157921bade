//! The shop as a page has it: the session and the calls, and how people come and go. What changes in another tab changes
//! this page: nothing of somebody stays on a page that is no longer theirs.

use std::{
    cell::{Cell, RefCell},
    ops::Deref,
    rc::Rc,
};

use wasm_bindgen_futures::spawn_local;

use crate::{
    api::Shop,
    browser::{self, Browser, Hint, StartError, Tabs},
    session::{Departure, Platform as _, Session, SessionError, SignIn},
};

/// The shop. A clone is the same one.
#[derive(Clone)]
pub struct PageShop(Rc<Inner>);

struct Inner {
    shop: Shop<Browser>,
    browser: Browser,
    tabs: Tabs,
    /// Who was here when the session last changed: the issuer's name for them.
    subject: RefCell<Option<String>>,
    /// What the issuer sent the page back with, until it is used.
    answer: Cell<Option<String>>,
    /// This page is on its way out, and follows nobody any more.
    leaving: Cell<bool>,
}

impl Deref for PageShop {
    type Target = Shop<Browser>;

    fn deref(&self) -> &Self::Target {
        &self.0.shop
    }
}

impl PageShop {
    /// Reads the configuration and opens the shop, with nobody in it.
    /// `answer` is the query that the issuer sent the page back with, if it comes from there.
    pub async fn open(answer: Option<String>) -> Result<Self, StartError> {
        browser::leave_no_ghost();
        let (browser, origin) = (Browser::new(), browser::origin());
        let config = browser.read_config(&origin).await?;
        let shop = Self(Rc::new(Inner {
            shop: Shop::new(Session::new(config, origin, browser.clone())),
            browser,
            tabs: Tabs::new(),
            subject: RefCell::default(),
            answer: Cell::new(answer),
            leaving: Cell::default(),
        }));
        shop.listen();
        let keeping = shop.clone();
        spawn_local(async move { keeping.session().keep_fresh().await });
        Ok(shop)
    }

    fn listen(&self) {
        let shop = self.clone();
        self.session().on_change(move || shop.follow());
        let shop = self.clone();
        self.0.browser.on_shared(move |session| shop.session().adopt(session.as_ref().map(|text| text.as_str())));
        let shop = self.clone();
        self.0.tabs.on_hint(move |hint| shop.hear(hint));
        let shop = self.clone();
        browser::on_return(move || shop.session().nudge());
    }

    /// Goes to the issuer, to sign in there.
    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<(), SessionError> {
        let departure = self.session().begin_sign_in(sign_in).await?;
        self.depart(&departure, false, browser::go_to)
    }

    /// Makes the page theirs who are signed in in another tab, or were before a reload. True if the page is on its way to
    /// the issuer for that, which asks nobody there. `here` is where the person is. A way that brought no answer isn't gone
    /// twice.
    pub async fn restore(&self, here: &str) -> Result<bool, SessionError> {
        let asked = self.0.tabs.asked_nobody();
        if !self.0.tabs.was_signed_in() {
            return Ok(false);
        }
        let shared = self.0.browser.shared().await;
        self.session().adopt(shared.as_ref().map(|text| text.as_str()));
        if self.session().person().is_some() || asked {
            drop(self.0.tabs.take_sign_in());
            return Ok(false);
        }
        self.renew_sign_in(here).await?;
        Ok(true)
    }

    /// Goes to the issuer and comes back signed in anew, without a question if the issuer still knows the person.
    pub async fn renew_sign_in(&self, here: &str) -> Result<(), SessionError> {
        let departure = self.session().restore(here).await?;
        self.depart(&departure, true, browser::replace)
    }

    /// The issuer has sent the page back. Says where to bring the person.
    pub async fn finish_sign_in(&self) -> Result<String, SessionError> {
        let query = self.0.answer.take().ok_or(SessionError::NotUnderWay)?;
        let kept = self.0.tabs.take_sign_in();
        let arrival = self.session().finish_sign_in(&query, kept.as_deref()).await?;
        let somebody = self.session().person().is_some();
        self.0.tabs.set_was_signed_in(somebody);
        // Who came back without being asked is known to the other tabs.
        if somebody && !arrival.quiet {
            self.0.tabs.tell(Hint::SignedIn);
        }
        Ok(arrival.return_to)
    }

    /// Ends the session, here, in every tab and at the issuer.
    pub async fn sign_out(&self) {
        self.0.leaving.set(true);
        self.0.tabs.set_was_signed_in(false);
        drop(self.0.tabs.take_sign_in());
        browser::forget_drafts();
        self.0.tabs.tell(Hint::SignedOut);
        browser::go_to(&self.session().sign_out().await);
    }

    fn depart(&self, departure: &Departure, quiet: bool, go: fn(&str)) -> Result<(), SessionError> {
        if !self.0.tabs.keep_sign_in(&departure.keep, quiet) {
            return Err(SessionError::NotKept);
        }
        go(&departure.url);
        Ok(())
    }

    /// The session has changed, here or because another tab shared it.
    fn follow(&self) {
        // Somebody whose sign-in has ended is still who this page is about.
        let now = self.session().status().person.map(|person| person.subject);
        let before = self.0.subject.replace(now.clone());
        if before.is_some() && before != now {
            self.begin_anew();
        }
    }

    /// Another tab says that somebody came or went. Where tabs share a session, that tells it better.
    fn hear(&self, hint: Hint) {
        match hint {
            Hint::SignedOut if self.session().person().is_some() => self.session().forget(),
            Hint::SignedIn if !self.0.browser.shares() => self.begin_anew(),
            Hint::SignedOut | Hint::SignedIn => {}
        }
    }

    /// What the memory of this page still has of somebody goes with the page.
    fn begin_anew(&self) {
        if !self.0.leaving.replace(true) {
            browser::forget_drafts();
            browser::reload();
        }
    }
}
