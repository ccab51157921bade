//! A page's title and heading. After a change of page the heading takes the focus, so that a keyboard starts there and
//! a screen reader says where one is; at the first page the browser has done that itself.

use leptos::prelude::*;

use crate::browser;

const HEADING: &str = "heading";

/// Whether no page was shown yet.
#[derive(Clone, Copy)]
struct FirstPage(StoredValue<bool>);

/// Call once, above all pages.
pub fn provide_first_page() {
    provide_context(FirstPage(StoredValue::new(true)));
}

/// Names the page in the tab and in its heading.
#[component]
pub fn Page(
    /// What it is called.
    #[prop(into)]
    title: Signal<String>,
    /// What stands beside the heading.
    #[prop(optional, into)]
    aside: ViewFn,
    /// Whether it only stands in for the page that is still loading, which takes the focus when it comes.
    #[prop(optional)]
    waiting: bool,
    /// The id of the element that takes the focus in place of the heading, on the first page too.
    #[prop(default = None)]
    lead_to: Option<String>,
    /// What it shows.
    children: Children,
) -> impl IntoView {
    let FirstPage(first) = expect_context();
    Effect::new(move |_| {
        let title = title.get();
        browser::set_title(&if title == "Pets" { title } else { format!("{title} · Pets") });
    });
    Effect::new(move |_| {
        if waiting {
            return;
        }
        let heading = !first.get_value();
        first.set_value(false);
        let lead_to = lead_to.clone();
        // What stood in for this page goes first, with a heading of its own.
        request_animation_frame(move || match lead_to {
            Some(id) => browser::show(&id),
            None if heading => browser::focus(HEADING),
            None => {}
        });
    });
    view! {
        <div class="title-row">
            <h1 id=HEADING tabindex="-1">{title}</h1>
            {aside.run()}
        </div>
        {children()}
    }
}
