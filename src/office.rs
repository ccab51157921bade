//! What a buyer does without: the page of rights, the forms of an admin, and refusals in detail. In an optimised build its
//! code is a third file, which comes with what it shares with the members'.
//!
//! [`office`] is the only way to it, as `members` is to the members' code.

use leptos::prelude::*;

use crate::{
    access::AccessPage,
    home::{AddPet, Loaded, Refused, RemovePet},
    members::Later,
    session::NetworkError,
};

/// The views of the office.
#[expect(missing_docs, reason = "each is what it is called")]
pub trait Office: Sync {
    fn access_page(&self) -> AnyView;
    fn add_pet(&self, loaded: Loaded) -> AnyView;
    fn remove_pet(&self, loaded: Loaded) -> AnyView;
    fn refused(&self) -> AnyView;
}

/// Loads the code, once; what could not be loaded is asked for again the next time.
pub fn office() -> Later<Result<&'static dyn Office, NetworkError>> {
    #[cfg(split)]
    return Box::pin(async { load().await.map_err(|_| NetworkError::Unreachable) });
    #[cfg(not(split))]
    Box::pin(async { Ok(&Here as &dyn Office) })
}

#[cfg(split)]
#[leptos::wasm_split::wasm_split(office, wasm_split_path = leptos::wasm_split, fallible)]
fn load() -> Result<&'static dyn Office, leptos::wasm_split::SplitLoaderError> {
    Ok(&Here)
}

struct Here;

impl Office for Here {
    fn access_page(&self) -> AnyView {
        view! { <AccessPage /> }.into_any()
    }

    fn add_pet(&self, loaded: Loaded) -> AnyView {
        view! { <AddPet loaded /> }.into_any()
    }

    fn remove_pet(&self, loaded: Loaded) -> AnyView {
        view! { <RemovePet loaded /> }.into_any()
    }

    fn refused(&self) -> AnyView {
        view! { <Refused /> }.into_any()
    }
}
