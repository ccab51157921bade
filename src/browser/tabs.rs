//! What the tabs of one browser remember and tell each other: that somebody signed in or out, and in one tab the sign-in
//! that is under way. Script in the page can listen and talk here, so nothing secret goes to another tab, and what is
//! heard is a reason to ask the vault and nothing more.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent, Storage};

use super::window;

/// This page's tab, among the others of its origin.
pub struct Tabs {
    /// To the others; not there in a browser that keeps them apart.
    channel: Option<BroadcastChannel>,
}

/// What tabs tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Somebody has signed in.
    SignedIn,
    /// Somebody has signed out.
    SignedOut,
}

const CHANNEL: &str = "pets";

/// The names in the tab's and the origin's storage.
const SIGN_IN: &str = "pets.sign-in";
const ASKED_NOBODY: &str = "pets.asked-nobody";
const WAS_SIGNED_IN: &str = "pets.was-signed-in";

impl Tabs {
    /// This tab.
    #[expect(clippy::new_without_default, reason = "it reaches out to the browser, which no default should")]
    pub fn new() -> Self {
        Self { channel: BroadcastChannel::new(CHANNEL).ok() }
    }

    /// Keeps the sign-in that is under way while the page is away at the issuer: in this tab only. `quiet` if nobody is
    /// asked there. False if the browser keeps nothing.
    pub fn keep_sign_in(&self, sign_in: &str, quiet: bool) -> bool {
        let Some(storage) = tab_storage() else { return false };
        let marked = if quiet { storage.set_item(ASKED_NOBODY, "yes") } else { storage.remove_item(ASKED_NOBODY) };
        marked.is_ok() && storage.set_item(SIGN_IN, sign_in).is_ok()
    }

    /// Takes what [`Tabs::keep_sign_in`] kept. A second call gets nothing.
    pub fn take_sign_in(&self) -> Option<String> {
        let storage = tab_storage()?;
        let kept = storage.get_item(SIGN_IN).ok().flatten();
        storage.remove_item(SIGN_IN).ok()?;
        storage.remove_item(ASKED_NOBODY).ok()?;
        kept
    }

    /// Whether a sign-in that asks nobody is under way in this tab, or was and brought no answer.
    pub fn asked_nobody(&self) -> bool {
        tab_storage().is_some_and(|storage| storage.get_item(ASKED_NOBODY).is_ok_and(|value| value.is_some()))
    }

    /// Remembers over reloads and tabs whether somebody was signed in. It says no more than that.
    pub fn set_was_signed_in(&self, was: bool) {
        if let Some(storage) = window().local_storage().ok().flatten() {
            // A browser that keeps nothing only loses the sign-in with a reload.
            let _ = if was { storage.set_item(WAS_SIGNED_IN, "yes") } else { storage.remove_item(WAS_SIGNED_IN) };
        }
    }

    /// What [`Tabs::set_was_signed_in`] remembers.
    pub fn was_signed_in(&self) -> bool {
        let storage = window().local_storage().ok().flatten();
        storage.is_some_and(|storage| storage.get_item(WAS_SIGNED_IN).is_ok_and(|value| value.is_some()))
    }

    /// Tells the other tabs.
    pub fn tell(&self, hint: Hint) {
        if let Some(channel) = &self.channel {
            // A tab that can't be told asks at its next call.
            let _ = channel.post_message(&JsValue::from_str(hint.as_str()));
        }
    }

    /// Calls `then` whenever another tab tells something.
    pub fn on_hint(&self, then: impl Fn(Hint) + 'static) {
        let Some(channel) = &self.channel else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string();
            let hint =
                [Hint::SignedIn, Hint::SignedOut].into_iter().find(|hint| text.as_deref() == Some(hint.as_str()));
            if let Some(hint) = hint {
                then(hint);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        // It listens as long as the page lives.
        heard.forget();
    }
}

impl Hint {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
        }
    }
}

/// Not there where somebody has forbidden this page to store anything.
fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What was typed into a field of this name and not sent.
pub fn draft(name: &str) -> Option<String> {
    tab_storage()?.get_item(&draft_key(name)).ok().flatten()
}

/// Keeps what is typed, in this tab only; an empty text is nothing to keep.
pub fn keep_draft(name: &str, text: &str) {
    let Some(storage) = tab_storage() else { return };
    let key = draft_key(name);
    // A browser that keeps nothing loses it with a reload.
    let _ = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
}

/// Forgets what was typed in this tab.
pub fn forget_drafts() {
    let Some(storage) = tab_storage() else { return };
    let keys: Vec<String> = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok()?).collect();
    for key in keys.iter().filter(|key| key.starts_with(&draft_key(""))) {
        let _ = storage.remove_item(key);
    }
}

fn draft_key(name: &str) -> String {
    format!("pets.draft.{name}")
}
