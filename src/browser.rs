//! The browser: the only place that touches `web-sys` and `js-sys`. It does what it is told (send, keep, tell the time,
//! go somewhere, write a price as the reader would) and decides nothing about people, rights or pets.

mod early;
mod fetch;
mod lie;
mod locale;
mod page;
mod shelf;
mod tabs;
mod time;
mod turn;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    config::{Config, ConfigError},
    session::{Answer, NetworkError, Platform, Request, Secret, Share},
};
use shelf::Shelf;
use turn::Turn;

pub use lie::{focus_again, focused_child, grid, is_near, scroll_to, scrolled, watch_size};
pub use locale::{instant, lowercase, prepare_prices, price};
pub use page::{
    WAITING, focus, go_to, here, is_online, kept_state, leave_no_ghost, on_network, on_return, origin, reload, replace,
    set_title, show, take_answer, take_the_shells_place,
};
pub use tabs::{Hint, Tabs, draft, forget_drafts, keep_draft};
use time::sleep;

/// The page's world.
#[derive(Clone)]
pub struct Browser {
    /// What the tabs have together; nothing in a browser that keeps them apart.
    shelf: Option<Shelf>,
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

impl Browser {
    /// This page's.
    #[expect(clippy::new_without_default, reason = "it reaches out to the browser, which no default should")]
    pub fn new() -> Self {
        Self { shelf: Shelf::open() }
    }

    /// Reads `/config.json` of this origin.
    pub async fn read_config(&self, origin: &str) -> Result<Config, StartError> {
        let answer = self.send(Request::get(format!("{origin}/config.json")), CONFIG_TIMEOUT_MS).await?;
        if answer.status != 200 {
            return Err(StartError::Missing(answer.status));
        }
        Ok(Config::from_json(&answer.body)?)
    }

    /// Whether the tabs have one session together.
    pub fn shares(&self) -> bool {
        self.shelf.is_some()
    }

    /// Calls `changed` with the session that another tab has shared, or `None` when it is over.
    pub fn on_shared(&self, changed: impl Fn(Option<Secret>) + 'static) {
        if let Some(shelf) = &self.shelf {
            shelf.on_change(changed);
        }
    }
}

const CONFIG_TIMEOUT_MS: u32 = 20_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_with_random(bytes: &mut [u8]);
}

impl Platform for Browser {
    async fn send(&self, request: Request, timeout_ms: u32) -> Result<Answer, NetworkError> {
        match early::answer(&request).await {
            Some(answer) => Ok(answer),
            None => fetch::send(request, timeout_ms).await,
        }
    }

    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn random(&self, bytes: &mut [u8]) {
        fill_with_random(bytes);
    }

    async fn sleep(&self, ms: u32) {
        sleep(ms).await;
    }

    type Turn = Turn;

    async fn turn(&self) -> Turn {
        Turn::wait("pets.session").await
    }

    async fn shared(&self) -> Option<Secret> {
        self.shelf.as_ref()?.get().await
    }

    fn share(&self, session: Option<&str>, why: Share) {
        if let Some(shelf) = &self.shelf {
            shelf.put(session, why == Share::Renewal);
        }
    }
}

fn window() -> web_sys::Window {
    web_sys::window().expect("a page has a window")
}
