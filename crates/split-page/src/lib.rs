//! Makes the optimised page of what the compiler left: a module for everybody and those that come later, none with
//! what nobody hears, all small, and the script between them. It must never leave a file without a name for its content,
//! nor a load without a hash, nor change what the app does. A debug build is never split.

mod error;
mod markup;
mod minified;
mod places;
mod split;
mod streams;
mod unheard;

pub use error::Error;
pub use split::split;
