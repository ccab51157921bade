//! The way from a refusal to what decided. What AWS said goes along, in the page's memory.

use domain::ApiCall;
use leptos::prelude::*;

use crate::{api::CallError, routes, visit::use_visit};

/// The link, if it was AWS that refused the call.
pub fn why(call: ApiCall, error: &CallError) -> Option<AnyView> {
    let CallError::Refused(refusal) = error else { return None };
    let visit = use_visit();
    let refusal = refusal.as_ref().clone();
    let href = if refusal.by_sts { routes::WHY_NO_CREDENTIALS.to_owned() } else { routes::why(&call) };
    let keep = move |_| visit.keep_refusal(call.to_string(), refusal.clone());
    Some(view! { <a class="button" href=href on:click=keep>"Why?"</a> }.into_any())
}
