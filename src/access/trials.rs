//! Asking the server itself: one harmless call a row, with the person's own credentials, one after the other.

use domain::CALLS;
use leptos::prelude::*;

use crate::{
    api::Trial,
    ui::Work,
    visit::{Visit, use_visit},
};

/// What the server answered, in the order of [`CALLS`].
#[derive(Clone, Copy)]
pub struct Trials {
    visit: Visit,
    found: RwSignal<Vec<Trial>>,
    asking: Work<()>,
}

/// For this view.
pub fn use_trials() -> Trials {
    Trials { visit: use_visit(), found: RwSignal::new(Vec::new()), asking: Work::new() }
}

impl Trials {
    /// Whether the server was asked, or is being asked.
    pub fn begun(self) -> bool {
        self.asking.is_pending() || self.asking.with(|asked| asked.is_some())
    }

    fn ask(self) {
        let shop = self.visit.shop();
        self.found.set(Vec::new());
        self.asking.begin(async move {
            for call in &CALLS {
                let trial = shop.calls().try_call(call).await;
                // The view may be gone meanwhile.
                self.found.try_update(|found| found.push(trial));
            }
        });
    }

    /// What it answered to one of [`CALLS`]; nothing yet while it is being asked.
    pub fn of(self, call: usize) -> Option<Trial> {
        self.found.with(|found| found.get(call).cloned())
    }

    /// The button, and how it went.
    pub fn button(self) -> AnyView {
        let pending = move || self.asking.is_pending();
        let said = move || {
            let all = self.found.with(Vec::len) == CALLS.len();
            all.then_some("The server has answered; its answers stand in the last column.")
        };
        view! {
            <p class="ask">
                <button class="button" type="button" disabled=pending on:click=move |_| self.ask()>
                    {move || if pending() { "Asking …" } else { "Ask the server" }}
                </button>
                <span class="quiet">
                    {"One call a row, as you are here now. Each lacks what it would need to change anything."}
                </span>
                <span class="quiet" role="status">{said}</span>
            </p>
        }
        .into_any()
    }
}
