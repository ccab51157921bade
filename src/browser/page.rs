//! The page itself: where it is, where it goes, what its title is and what has the focus.

use wasm_bindgen::{JsCast, closure::Closure};
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
pub(super) fn reload() {
    let _ = window().location().reload();
}

/// The path and the query of this page.
pub fn here() -> String {
    window().location().pathname().unwrap_or_else(|_| "/".to_owned()) + &search()
}

/// The query of this page, with its question mark; empty if there is none.
pub fn search() -> String {
    window().location().search().unwrap_or_default()
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

/// Takes what stands in the page until the app is there (the element `shell`) out of it, and puts an element for the app
/// in its place.
pub fn mount_point() -> HtmlElement {
    let document = window().document().expect("a page has a document");
    let element = document.create_element("div").expect("every document makes a div");
    element.set_id("app");
    let shell = document.get_element_by_id("shell");
    if shell.is_none_or(|shell| shell.replace_with_with_node_1(&element).is_err()) {
        let body = document.body().expect("a page that runs this has a body");
        body.append_child(&element).expect("a body takes a new div");
    }
    element.unchecked_into()
}

pub(super) fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// A page that the browser brings back as it was (by the back button) may show somebody who has signed out since, or
/// wait for an answer that went elsewhere: it begins anew.
pub(super) fn leave_no_ghost() {
    let shown = Closure::<dyn Fn(PageTransitionEvent)>::new(|event: PageTransitionEvent| {
        if event.persisted() {
            reload();
        }
    });
    window().set_onpageshow(Some(shown.as_ref().unchecked_ref()));
    // It listens as long as the page lives.
    shown.forget();
}
