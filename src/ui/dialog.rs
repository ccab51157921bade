//! A modal dialog on the platform's own element, which keeps the focus inside, gives it back and closes with Escape.

use leptos::{html, prelude::*};

/// A dialog with a title. What it shows is made anew each time it opens.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Told when the person closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// A name for the title's element, one in the page.
    id: &'static str,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    // The element has to be in the document and filled before it opens, or nothing in it could take the focus.
    Effect::new(move |_| {
        let open = open.get();
        if let Some(element) = element.get() {
            if open && !element.open() {
                // It fails for an element that is not in the document yet: one that is open from the start.
                if element.show_modal().is_err() {
                    request_animation_frame(move || drop(element.show_modal()));
                }
            } else if !open {
                element.close();
            }
        }
    });
    view! {
        <dialog class="dialog" node_ref=element aria-labelledby=id on:close=move |_| on_close.run(())>
            <h2 id=id>{title}</h2>
            {move || open.get().then(|| children())}
        </dialog>
    }
}
