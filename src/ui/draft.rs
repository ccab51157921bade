//! What somebody has typed and not sent yet. It survives a reload and a way to the issuer and back, in this tab only.

use leptos::prelude::*;

use crate::browser;

/// The text of a field of this name, as it was left in this tab.
pub fn use_draft(name: &'static str) -> RwSignal<String> {
    let text = RwSignal::new(browser::draft(name).unwrap_or_default());
    Effect::new(move |_| text.with(|text| browser::keep_draft(name, text)));
    text
}
