//! The way out of the page after a sign-out.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlFormElement, HtmlInputElement};

use super::{page::go_to, window};
use crate::session::{Leave, Secret};

/// Goes where a sign-out leads.
pub fn leave(leave: Leave) {
    match leave {
        Leave::To(url) => go_to(&url),
        Leave::Form { action, fields } => {
            let document = window().document();
            // A browser that won't send it leaves the page as it is, with nobody signed in.
            let _ = document.map(|document| submit(&document, &action, &fields));
        }
    }
}

fn submit(document: &Document, action: &str, fields: &[(&str, Secret)]) -> Result<(), JsValue> {
    let form: HtmlFormElement = document.create_element("form")?.unchecked_into();
    form.set_method("post");
    form.set_action(action);
    form.set_hidden(true);
    // Browsers keep what stands in fields, some of them on the disk, unless they are told not to.
    form.set_autocomplete("off");
    for (name, value) in fields {
        let field: HtmlInputElement = document.create_element("input")?.unchecked_into();
        field.set_type("hidden");
        field.set_name(name);
        field.set_value(value);
        form.append_child(&field)?;
    }
    // Only a form that is part of the page can be sent.
    document.body().ok_or(JsValue::UNDEFINED)?.append_child(&form)?;
    form.submit()
}
