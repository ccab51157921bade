//! Signing in: the page that explains the two ways, and the page that the issuer sends people back to.

mod callback;
mod page;

pub use callback::Callback;
pub use page::Login;
