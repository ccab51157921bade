//! How a grid of cards lies in the window.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{FocusOptions, HtmlElement, ResizeObserver};

use super::window;

/// Cards in a row, pixels from row to row, pixels from the window's top to the grid's, pixels of the window: of the element
/// with this id whose children are in rows of one height. `fixed` of its children stand elsewhere. Nothing if there
/// aren't two rows.
pub fn grid(id: &str) -> Option<(usize, f64, f64, f64)> {
    let element = window().document()?.get_element_by_id(id)?;
    let mut columns = 0;
    let mut first = None;
    let mut child = element.first_element_child();
    while let Some(card) = child {
        if !card.has_attribute("data-away") {
            let top = card.get_bounding_client_rect().top();
            let begin = *first.get_or_insert(top);
            if top > begin {
                let from_top = element.get_bounding_client_rect().top();
                let height = window().inner_height().ok()?.as_f64()?;
                return Some((columns, top - begin, from_top, height));
            }
            columns += 1;
        }
        child = card.next_element_sibling();
    }
    None
}

/// Whether the element with this id is no more than two windows further down than what is seen.
pub fn is_near(id: &str) -> bool {
    let near = || {
        let element = window().document()?.get_element_by_id(id)?;
        let height = window().inner_height().ok()?.as_f64()?;
        Some(element.get_bounding_client_rect().top() < 3.0 * height)
    };
    near() == Some(true)
}

/// How far the window is scrolled, in CSS pixels.
pub fn scrolled() -> f64 {
    window().scroll_y().unwrap_or_default()
}

/// Scrolls the window to there.
pub fn scroll_to(y: f64) {
    window().scroll_to_with_x_and_y(0.0, y);
}

/// Gives the focus to the first link or button in the element with this id, or to itself, if it would be lost otherwise:
/// nothing has it, or only the heading. Nothing is scrolled.
pub fn focus_again(id: &str) {
    let Some(document) = window().document() else { return };
    if !has_no_focus() && document.active_element().is_some_and(|active| active.id() != "heading") {
        return;
    }
    let Some(element) = document.get_element_by_id(id) else { return };
    let inner = element.query_selector("a, button").ok().flatten();
    if let Ok(element) = inner.unwrap_or(element).dyn_into::<HtmlElement>() {
        focus_unscrolled(&element);
    }
}

/// An element that has the focus.
pub struct Focused(HtmlElement);

impl Focused {
    /// Gives it back where it was lost because the element was put elsewhere, without a scroll.
    pub fn stay(&self) {
        if has_no_focus() {
            focus_unscrolled(&self.0);
        }
    }
}

fn focus_unscrolled(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

fn has_no_focus() -> bool {
    let active = window().document().and_then(|document| document.active_element());
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// The id of the child of the element `of` that holds the focus, and the element in it that has it.
pub fn focused_child(of: &str) -> Option<(String, Focused)> {
    let focused = window().document()?.active_element()?;
    let mut element = focused.clone();
    loop {
        let parent = element.parent_element()?;
        if parent.id() == of {
            return Some((element.id(), Focused(focused.dyn_into().ok()?)));
        }
        element = parent;
    }
}

/// Somebody who watches an element's size, as long as this is there.
pub struct Watch {
    observer: Option<ResizeObserver>,
    _then: Closure<dyn Fn()>,
}

/// Calls `then` when what is in the element with this id gets another size.
pub fn watch_size(id: &str, then: impl Fn() + 'static) -> Watch {
    let then = Closure::<dyn Fn()>::new(then);
    let observer = ResizeObserver::new(then.as_ref().unchecked_ref()).ok();
    let element = window().document().and_then(|document| document.get_element_by_id(id));
    if let (Some(observer), Some(element)) = (&observer, element) {
        observer.observe(&element);
    }
    Watch { observer, _then: then }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
