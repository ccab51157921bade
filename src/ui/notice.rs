//! A few sentences that stand out: a problem, something good, something to know; with the way on.

use leptos::prelude::*;

/// What kind of news it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something went wrong; a screen reader says it at once.
    Problem,
    /// Something went well.
    Good,
    /// Something to know.
    Note,
}

impl Tone {
    fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Good => "good",
            Self::Note => "note",
        }
    }

    fn role(self) -> &'static str {
        if self == Self::Problem { "alert" } else { "status" }
    }
}

/// A notice.
#[component]
pub fn Notice(
    /// What kind of news it is.
    tone: Tone,
    /// What happened, in sentences.
    #[prop(into)]
    text: Signal<String>,
    /// The way on: links and buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.word() role=tone.role()>
            <p class="notice-text">{text}</p>
            {children.map(|children| view! { <div class="notice-actions">{children()}</div> })}
        </div>
    }
}
