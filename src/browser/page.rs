//! The page itself: where it is, where it goes, what its title is and what has the focus.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{HtmlElement, PageTransitionEvent};

use super::window;

/// Goes to an address; the way back leads here.
pub fn go_to(url: &str) {
    // A browser that won't go there leaves the page as it is, with the button that was pressed.
    let _ = window().location().assign(url);
}

/// Goes to an address in place of this page.
pub fn replace(url: &str) {
    let _ = window().location().replace(url);
}

/// Begins this page anew, with an empty memory.
pub fn reload() {
    let _ = window().location().reload();
}

/// The path and the query of this page.
pub fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_else(|_| "/".to_owned()) + &location.search().unwrap_or_default()
}

/// The text that is kept beside this page's address in the history, if there is one.
pub fn kept_state() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// Takes the query of this page out of its address and of the history, if it is the page at this path. It is the issuer's
/// answer, which nobody else should find there.
pub fn take_answer(path: &str) -> Option<String> {
    let location = window().location();
    if location.pathname().ok()? != path {
        return None;
    }
    let query = location.search().unwrap_or_default();
    let history = window().history().ok()?;
    // A page that can't change its own address goes on with it: the answer is good for one use.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    Some(query)
}

/// Whether the device says that it has a network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Calls `then` whenever the network goes or comes back.
pub fn on_network(then: impl Fn() + 'static) {
    let then = Closure::<dyn Fn()>::new(then);
    for event in ["online", "offline"] {
        // What can't be listened to is missed, and the next call tells.
        let _ = window().add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
    }
    then.forget();
}

/// Calls `then` when the page goes.
pub(super) fn on_leave(then: impl Fn() + 'static) {
    let then = Closure::<dyn Fn()>::new(then);
    window().set_onpagehide(Some(then.as_ref().unchecked_ref()));
    then.forget();
}

/// Calls `then` when the network is back, and when the page is seen again.
pub fn on_return(then: impl Fn() + 'static) {
    let then = Closure::<dyn Fn()>::new(move || {
        if window().document().is_some_and(|document| !document.hidden()) {
            then();
        }
    });
    let listener = then.as_ref().unchecked_ref();
    let document = window().document().expect("a page has a document");
    // What can't be listened to is missed, and the next call asks anyway.
    let _ = window().add_event_listener_with_callback("online", listener);
    let _ = document.add_event_listener_with_callback("visibilitychange", listener);
    then.forget();
}

/// Names the page, in the tab and for a screen reader.
pub fn set_title(title: &str) {
    if let Some(document) = window().document() {
        document.set_title(title);
    }
}

/// Moves the focus to the element with this id, if it is there and takes it.
pub fn focus(id: &str) {
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Brings the element with this id to the top of what is seen, and the focus to it.
pub fn show(id: &str) {
    if let Some(element) = window().document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view();
    }
    focus(id);
}

/// The element in which a view waits for pets.
pub const WAITING: &str = "pets-waiting";

/// Takes what stands in the page until the app is there (the element `shell`) out of it, and has the app put into an element
/// in its place. The pets that are seen already (`shell-pets`) stay to be seen, where the app waits for its own.
pub fn take_the_shells_place(mount: impl FnOnce(HtmlElement)) {
    let document = window().document().expect("a page has a document");
    let element = document.create_element("div").expect("every document makes a div");
    element.set_id("app");
    let early = document.get_element_by_id("shell-pets");
    let shell = document.get_element_by_id("shell");
    if shell.is_none_or(|shell| shell.replace_with_with_node_1(&element).is_err()) {
        let body = document.body().expect("a page that runs this has a body");
        body.append_child(&element).expect("a body takes a new div");
    }
    mount(element.unchecked_into());
    if let (Some(early), Some(waiting)) = (early, document.get_element_by_id(WAITING)) {
        waiting.replace_children_with_node_1(&early);
    }
}

/// The page's own origin, without a slash at its end.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A page that the browser brings back as it was (by the back button) may show somebody who has signed out since, or
/// wait for an answer that went elsewhere: it begins anew.
pub fn leave_no_ghost() {
    let shown = Closure::<dyn Fn(PageTransitionEvent)>::new(|event: PageTransitionEvent| {
        if event.persisted() {
            reload();
        }
    });
    window().set_onpageshow(Some(shown.as_ref().unchecked_ref()));
    // It listens as long as the page lives.
    shown.forget();
}
