//! What only somebody needs who is here or about to come in: signing in and staying so, signed calls, and the views
//! that lead there. In an optimised build its code is a file of its own, which a visitor's page doesn't load. What a buyer
//! does without, too, is `office`.
//!
//! [`members`] is the only way to it: whatever is reached through [`Members`] alone is in that file. The first page must
//! never name anything of it elsewhere; the linker wouldn't say so, only the size would.

mod later;

use std::{future::Future, pin::Pin};

use domain::{Pet, PetId};
use leptos::prelude::*;

use crate::{
    api::{CallError, Page},
    login::{Callback, Login},
    purchase::PurchasePage,
    session::{NetworkError, SessionError},
    shop::PageShop,
};

pub use later::later;

/// What comes of work that takes its time.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// The code for members. Work is the shop's, views are views.
#[expect(missing_docs, reason = "each is what it is called, of the shop or of the views")]
pub trait Members: Sync {
    fn keep_fresh(&self, shop: PageShop);
    fn adopt(&self, shop: &PageShop, session: Option<&str>);
    fn forget(&self, shop: &PageShop);
    fn restore(&self, shop: PageShop, here: String, asked: bool) -> Later<Result<bool, SessionError>>;
    fn renew_sign_in(&self, shop: PageShop, here: String) -> Later<Result<(), SessionError>>;
    fn sign_out(&self, shop: PageShop) -> Later<()>;
    fn purchase(&self, shop: PageShop, id: PetId) -> Later<Result<Pet, CallError>>;
    fn sales(&self, shop: PageShop, cursor: Option<String>) -> Later<Result<Page, CallError>>;
    fn purchases(&self, shop: PageShop, cursor: Option<String>) -> Later<Result<Page, CallError>>;
    fn login_page(&self) -> AnyView;
    fn callback_page(&self) -> AnyView;
    fn purchase_page(&self) -> AnyView;
}

/// Loads the code, once; what could not be loaded is asked for again the next time.
pub fn members() -> Later<Result<&'static dyn Members, NetworkError>> {
    #[cfg(split)]
    return Box::pin(async { load().await.map_err(|_| NetworkError::Unreachable) });
    #[cfg(not(split))]
    Box::pin(async { Ok(&Here as &dyn Members) })
}

#[cfg(split)]
#[leptos::wasm_split::wasm_split(members, wasm_split_path = leptos::wasm_split, fallible)]
fn load() -> Result<&'static dyn Members, leptos::wasm_split::SplitLoaderError> {
    Ok(&Here)
}

struct Here;

impl Members for Here {
    fn keep_fresh(&self, shop: PageShop) {
        wasm_bindgen_futures::spawn_local(async move { shop.session().keep_fresh().await });
    }

    fn adopt(&self, shop: &PageShop, session: Option<&str>) {
        shop.session().adopt(session);
    }

    fn forget(&self, shop: &PageShop) {
        shop.session().forget();
    }

    fn restore(&self, shop: PageShop, here: String, asked: bool) -> Later<Result<bool, SessionError>> {
        Box::pin(async move { shop.restore_now(&here, asked).await })
    }

    fn renew_sign_in(&self, shop: PageShop, here: String) -> Later<Result<(), SessionError>> {
        Box::pin(async move { shop.renew_sign_in_now(&here).await })
    }

    fn sign_out(&self, shop: PageShop) -> Later<()> {
        Box::pin(async move { shop.sign_out_now().await })
    }

    fn purchase(&self, shop: PageShop, id: PetId) -> Later<Result<Pet, CallError>> {
        Box::pin(async move { shop.calls().purchase(id).await })
    }

    fn sales(&self, shop: PageShop, cursor: Option<String>) -> Later<Result<Page, CallError>> {
        Box::pin(async move { shop.calls().sales(cursor.as_deref()).await })
    }

    fn purchases(&self, shop: PageShop, cursor: Option<String>) -> Later<Result<Page, CallError>> {
        Box::pin(async move { shop.calls().purchases(cursor.as_deref()).await })
    }

    fn login_page(&self) -> AnyView {
        view! { <Login /> }.into_any()
    }

    fn callback_page(&self) -> AnyView {
        view! { <Callback /> }.into_any()
    }

    fn purchase_page(&self) -> AnyView {
        view! { <PurchasePage /> }.into_any()
    }
}
