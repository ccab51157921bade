//! Who is here and what that means, in a sentence.

use domain::{IdentitySource, Role};
use leptos::prelude::*;

use crate::{
    routes,
    session::Person,
    ui::{Notice, Tone},
    visit::use_visit,
};

/// The sentence below the heading.
#[component]
pub fn Welcome() -> impl IntoView {
    let visit = use_visit();
    move || match visit.person() {
        None => view! {
            <p class="lead">
                "Everybody may look. To buy a pet, " <a href=routes::LOGIN>"sign in"</a> " with a social account."
            </p>
        }
        .into_any(),
        Some(Person { role: Some(Role::Buyer), name, .. }) => {
            view! { <p class="lead">{format!("Welcome, {name}. You may buy any pet that is for sale.")}</p> }.into_any()
        }
        Some(Person { role: Some(Role::Admin), name, .. }) => {
            view! { <p class="lead">{format!("Welcome, {name}. You may add and remove pets.")}</p> }.into_any()
        }
        Some(Person { role: None, name, source, .. }) => view! {
            <Notice tone=Tone::Note text=no_role(&name, &source)>
                <a class="button" href=routes::WHY_NO_ROLE>"Why?"</a>
            </Notice>
        }
        .into_any(),
    }
}

fn no_role(name: &str, source: &IdentitySource) -> String {
    format!(
        "Welcome, {name}. You signed in through {source}, and this shop has no role for people who come that way: you \
         may look, but not buy, add or remove. To buy, sign out and sign in with a social account."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_without_a_role_is_told_why() {
        let text = no_role("Barney", &IdentitySource::Other(Some("samlp".to_owned())));
        assert!(text.contains("through samlp") && text.contains("no role"), "{text}");
    }
}
