//! The way from a refusal to what decided. What AWS said goes along, in the page's memory.

use domain::ApiCall;
use leptos::prelude::*;

use crate::{routes, session::Refusal, visit::use_visit};

/// The link.
#[component]
pub fn Why(
    /// What was refused.
    call: ApiCall,
    /// What AWS said.
    refusal: Refusal,
) -> impl IntoView {
    let visit = use_visit();
    let href = if refusal.by_sts { routes::WHY_NO_CREDENTIALS.to_owned() } else { routes::why(&call) };
    let keep = move |_| visit.keep_refusal(call.to_string(), refusal.clone());
    view! { <a class="button" href=href on:click=keep>"Why?"</a> }
}
