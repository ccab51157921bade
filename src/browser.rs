//! The browser: the only place that touches `web-sys`.

use crate::{
    api::Shop,
    config::ConfigError,
    session::{NetworkError, Platform},
};

/// The shop in a page.
pub type PageShop = Shop<Browser>;

/// The page's world.
pub struct Browser {}

/// Why the app could not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// It wasn't there.
    #[error("/config.json could not be read (status {0}). Put it beside index.html.")]
    Missing(u16),
    /// It couldn't be reached.
    #[error("/config.json could not be read. {0}")]
    Network(NetworkError),
    /// It is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Platform for Browser {
    async fn send(&self, _: http::Request<Vec<u8>>, _: u32) -> Result<http::Response<Vec<u8>>, NetworkError> {
        Err(NetworkError::Offline)
    }
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }
    fn random(&self, _bytes: &mut [u8]) {}
    fn keep_sign_in(&self, _transaction: &str) {}
    fn take_sign_in(&self) -> Option<String> {
        None
    }
    fn set_was_signed_in(&self, _was: bool) {}
    fn was_signed_in(&self) -> bool {
        false
    }
    fn announce_sign_out(&self) {}
}

/// Reads `/config.json` and opens the shop.
#[expect(clippy::unused_async, reason = "filled in below")]
pub async fn open_shop() -> Result<PageShop, StartError> {
    Err(StartError::Missing(0))
}
/// Goes to another page.
pub fn go_to(_url: &str) {}
/// Goes to another page in place of this one.
pub fn replace(_url: &str) {}
/// The path and the query of this page.
pub fn here() -> String {
    String::new()
}
/// The query of this page.
pub fn search() -> String {
    String::new()
}
/// The page's title.
pub fn set_title(_title: &str) {}
/// Moves the keyboard's focus to an element by its id.
pub fn focus(_id: &str) {}
/// A price in the reader's locale.
pub fn price(price: domain::Price, currency: &str) -> String {
    format!("{price} {currency}")
}
/// A time in the reader's locale; RFC 3339.
pub fn instant(rfc3339: &str) -> String {
    rfc3339.to_owned()
}
