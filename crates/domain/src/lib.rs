//! The words of the shop: pets, prices, where an identity comes from, roles, what a role may do, and what goes over
//! the wire. The page, the functions and the local stack all speak through these types, so that a rule stands once.
//!
//! Nothing here does I/O, reads a clock or knows a framework; it builds for wasm32 and for the host. Constructors
//! refuse bad input, so a value that exists is a value that is right. The next step of a request is `service`; the
//! next step of a page is the app's `session`.

mod access;
mod buyer;
mod calls;
mod error;
mod identity;
mod listing;
mod pet;
mod price;
mod wire;

pub use access::{
    Access, AccessCall, AccessRole, AccessTable, Advice, Comparison, Fact, Journey, Place, Statement, Step, StepName,
    Verdict,
};
pub use buyer::BuyerName;
pub use calls::{ADD, ApiCall, CALLS, LIST, PURCHASE, PURCHASES, REMOVE, SALES};
pub use error::{ErrorBody, ErrorCode, Invalid};
pub use identity::{IdentitySource, Role, may_buy, may_manage, role_for};
pub use listing::{DEFAULT_LIMIT, Limit, ListQuery, MAX_LIMIT, Sort, Status};
pub use pet::{MAX_TYPE_CHARS, Pet, PetId, PetType, mask_name};
pub use price::Price;
pub use wire::{MAX_BODY_BYTES, NewPet, Purchase};
