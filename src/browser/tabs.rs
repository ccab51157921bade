//! What the tabs of one browser tell each other: that somebody signed out, and nothing else.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// Where they are told.
pub(super) const CHANNEL: &str = "pets";

/// The one message there is.
pub(super) const SIGNED_OUT: &str = "signed-out";

/// Calls `then` whenever another tab announces a sign-out.
pub(super) fn on_sign_out(channel: &BroadcastChannel, then: impl Fn() + 'static) {
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(SIGNED_OUT) {
            then();
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // It listens as long as the page lives.
    heard.forget();
}
