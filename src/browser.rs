//! The browser: the only place that touches `web-sys` and `js-sys`. It does what it is told (send, keep, tell the time,
//! go somewhere, write a price as the reader would) and decides nothing about people, rights or pets.

mod fetch;
mod locale;
mod page;
mod tabs;

use wasm_bindgen::JsValue;
use web_sys::{BroadcastChannel, Storage, Window};

use crate::{
    api::Shop,
    config::{Config, ConfigError},
    session::{NetworkError, Platform, Session},
};

pub use locale::{instant, price};
pub use page::{focus, go_to, here, mount_point, replace, search, set_title};

/// The shop in a page.
pub type PageShop = Shop<Browser>;

/// The page's world.
pub struct Browser {
    /// To the other tabs; not there in a browser that keeps them apart.
    channel: Option<BroadcastChannel>,
}

/// Why the app could not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The server has no configuration.
    #[error("/config.json could not be read: the server answered with status {0}. It belongs beside index.html.")]
    Missing(u16),
    /// The server could not be asked.
    #[error("/config.json could not be read. {0}")]
    Network(#[from] NetworkError),
    /// It is there, and wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Reads `/config.json` and opens the shop, with nobody in it. A sign-out in another tab empties it.
pub async fn open_shop() -> Result<PageShop, StartError> {
    page::leave_no_ghost();
    let browser = Browser::new();
    let origin = page::origin();
    let request = http::Request::get(format!("{origin}/config.json")).body(Vec::new());
    let request = request.map_err(|_| NetworkError::Unreachable)?;
    let answer = browser.send(request, CONFIG_TIMEOUT_MS).await?;
    if answer.status() != 200 {
        return Err(StartError::Missing(answer.status().as_u16()));
    }
    let config = Config::from_json(answer.body())?;
    let channel = browser.channel.clone();
    let shop = Shop::new(Session::new(config, origin, browser));
    if let Some(channel) = channel {
        let told = shop.clone();
        // What the memory of this page still has of somebody (a request's body, a library's copy) goes with the page.
        tabs::on_sign_out(&channel, move || {
            if told.session().person().is_some() {
                told.session().forget();
                page::reload();
            }
        });
    }
    Ok(shop)
}

impl Browser {
    /// This page's.
    #[expect(clippy::new_without_default, reason = "it reaches out to the browser, which no default should")]
    pub fn new() -> Self {
        Self { channel: BroadcastChannel::new(tabs::CHANNEL).ok() }
    }
}

const CONFIG_TIMEOUT_MS: u32 = 20_000;

/// The names in the tab's and the origin's storage.
const SIGN_IN: &str = "pets.sign-in";
const WAS_SIGNED_IN: &str = "pets.was-signed-in";

impl Platform for Browser {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
        timeout_ms: u32,
    ) -> Result<http::Response<Vec<u8>>, NetworkError> {
        fetch::send(request, timeout_ms).await
    }

    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn random(&self, bytes: &mut [u8]) {
        window()
            .crypto()
            .and_then(|crypto| crypto.get_random_values_with_u8_array(bytes))
            .expect("every browser that runs WebAssembly has a cryptographic source");
    }

    fn keep_sign_in(&self, transaction: &str) -> bool {
        tab_storage().is_some_and(|storage| storage.set_item(SIGN_IN, transaction).is_ok())
    }

    fn take_sign_in(&self) -> Option<String> {
        let storage = tab_storage()?;
        let kept = storage.get_item(SIGN_IN).ok().flatten();
        storage.remove_item(SIGN_IN).ok()?;
        kept
    }

    fn set_was_signed_in(&self, was: bool) {
        if let Some(storage) = window().local_storage().ok().flatten() {
            // A browser that keeps nothing only loses the sign-in with a reload.
            let _ = if was { storage.set_item(WAS_SIGNED_IN, "yes") } else { storage.remove_item(WAS_SIGNED_IN) };
        }
    }

    fn was_signed_in(&self) -> bool {
        let storage = window().local_storage().ok().flatten();
        storage.is_some_and(|storage| storage.get_item(WAS_SIGNED_IN).is_ok_and(|value| value.is_some()))
    }

    fn announce_sign_out(&self) {
        if let Some(channel) = &self.channel {
            // A tab that can't be told holds credentials that end by themselves.
            let _ = channel.post_message(&JsValue::from_str(tabs::SIGNED_OUT));
        }
    }
}

fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// Not there where somebody has forbidden this page to store anything.
fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}
