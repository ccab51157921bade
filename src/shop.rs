//! The shop as a page has it: the session and the calls, and how people come and go. What changes in another tab changes
//! this page: nothing of somebody stays on a page that is no longer theirs.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{ListQuery, Pet, PetId};
use wasm_bindgen_futures::spawn_local;

use crate::{
    api::{CallError, Page, Shop},
    browser::{self, Browser, Hint, StartError, Tabs},
    config::Config,
    members::{Members, members},
    session::{Departure, NetworkError, Platform as _, Secret, Session, SessionError, SignIn},
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
    /// Somebody keeps the session fresh.
    kept: Cell<bool>,
    /// This page is on its way out, and follows nobody any more.
    leaving: Cell<bool>,
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
            kept: Cell::default(),
            leaving: Cell::default(),
        }));
        shop.listen();
        Ok(shop)
    }

    fn listen(&self) {
        let shop = self.clone();
        self.session().on_change(move || shop.follow());
        let shop = self.clone();
        self.0.browser.on_shared(move |session| {
            // Where nobody is and nobody comes, nothing has changed.
            if session.is_some() || shop.session().status().person.is_some() {
                let shop = shop.clone();
                spawn_local(async move { shop.adopt(session).await });
            }
        });
        let shop = self.clone();
        self.0.tabs.on_hint(move |hint| shop.hear(hint));
        let shop = self.clone();
        browser::on_return(move || shop.session().nudge());
    }

    /// Who is here.
    pub fn session(&self) -> &Session<Browser> {
        self.0.shop.session()
    }

    /// What the page was configured with.
    pub fn config(&self) -> &Config {
        self.0.shop.config()
    }

    /// All calls. For members' code: whoever names them here has them in the first file.
    pub fn calls(&self) -> &Shop<Browser> {
        &self.0.shop
    }

    /// The code for members; from now on the session is kept fresh.
    pub async fn members(&self) -> Result<&'static dyn Members, NetworkError> {
        let members = members().await?;
        if !self.0.kept.replace(true) {
            members.keep_fresh(self.clone());
        }
        Ok(members)
    }

    /// See [`Shop::list`].
    pub async fn list(&self, query: &ListQuery) -> Result<Page, CallError> {
        self.0.shop.list(query).await
    }

    /// See [`Shop::purchase`].
    pub async fn purchase(&self, id: PetId) -> Result<Pet, CallError> {
        self.members().await.map_err(CallError::Network)?.purchase(self.clone(), id).await
    }

    /// See [`Shop::sales`].
    pub async fn sales(&self, cursor: Option<String>) -> Result<Page, CallError> {
        self.members().await.map_err(CallError::Network)?.sales(self.clone(), cursor).await
    }

    /// See [`Shop::purchases`].
    pub async fn purchases(&self, cursor: Option<String>) -> Result<Page, CallError> {
        self.members().await.map_err(CallError::Network)?.purchases(self.clone(), cursor).await
    }

    async fn adopt(&self, session: Option<Secret>) {
        if let Ok(members) = self.members().await {
            members.adopt(self, session.as_ref().map(|text| text.as_str()));
        }
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
        self.members().await?.restore(self.clone(), here.to_owned(), asked).await
    }

    /// The same, by who has the code. `asked`: the issuer was asked a moment ago, and knew nobody.
    pub(crate) async fn restore_now(&self, here: &str, asked: bool) -> Result<bool, SessionError> {
        if let Some(shared) = self.0.browser.shared().await {
            self.session().adopt(Some(&shared));
        }
        if self.session().person().is_some() || asked {
            drop(self.0.tabs.take_sign_in());
            return Ok(false);
        }
        self.renew_sign_in_now(here).await?;
        Ok(true)
    }

    /// Goes to the issuer and comes back signed in anew, without a question if the issuer still knows the person.
    pub async fn renew_sign_in(&self, here: &str) -> Result<(), SessionError> {
        self.members().await?.renew_sign_in(self.clone(), here.to_owned()).await
    }

    /// The same, by who has the code.
    pub(crate) async fn renew_sign_in_now(&self, here: &str) -> Result<(), SessionError> {
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
        if let Ok(members) = self.members().await {
            members.sign_out(self.clone()).await;
        }
    }

    /// The same, by who has the code.
    pub(crate) async fn sign_out_now(&self) {
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
            Hint::SignedOut if self.session().status().person.is_some() => {
                let shop = self.clone();
                spawn_local(async move {
                    if let Ok(members) = shop.members().await {
                        members.forget(&shop);
                    }
                });
            }
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
