//! What pages are made of. Nothing here knows pets, people or the API.

mod dialog;
mod field;
mod notice;
mod page;

pub use dialog::Dialog;
pub use field::Field;
pub use notice::{Notice, Tone};
pub use page::{Page, provide_first_page};
