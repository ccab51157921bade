//! A labelled text field with a hint and a message of its own.

use leptos::prelude::*;

/// A field of a form. The message belongs to the field for a screen reader too.
#[component]
pub fn Field(
    /// The element's id, one in the page.
    id: &'static str,
    /// What to enter.
    label: &'static str,
    /// An example or a rule.
    #[prop(into)]
    hint: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it, in a sentence.
    #[prop(into)]
    error: Signal<Option<String>>,
    /// Which keyboard a phone shows.
    #[prop(default = "text")]
    inputmode: &'static str,
) -> impl IntoView {
    let described = format!("{id}-hint {id}-error");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                class="input"
                id=id
                name=id
                type="text"
                inputmode=inputmode
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || error.with(Option::is_some).to_string()
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
            <p class="field-hint" id=format!("{id}-hint")>{hint}</p>
            <p class="field-error" id=format!("{id}-error") role="alert">{error}</p>
        </div>
    }
}
