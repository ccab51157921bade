//! What pages are made of. Nothing here knows pets, people or the API.

mod dialog;
mod draft;
mod field;
mod notice;
mod page;
mod place;
mod waiting;
mod work;

pub use dialog::Dialog;
pub use draft::use_draft;
pub use field::Field;
pub use notice::{Notice, Tone};
pub use page::{Page, provide_first_page};
pub use place::{Go, Place, provide_place, use_place};
pub use waiting::Waiting;
pub use work::Work;
