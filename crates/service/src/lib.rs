//! The use cases of the shop. [`Store`] keeps pets in one DynamoDB table, here and in the cloud; [`TokenVerifier`]
//! decides whether an ID token may be believed; [`Router`] answers HTTP requests with both. Nothing here opens a port
//! or reads a clock: the host (a function or the local stack) gives the request, its id and the time.

mod router;
mod store;
mod token;

pub use router::{BuyerIdentity, RequestContext, Router, RouterSettings};
pub use store::{
    Buyer, IndexDefinition, MAX_SEEDS, Page, PetRecord, Sale, Store, StoreError, TABLE, TableDefinition, WindowQuery,
};
pub use token::{
    FetchKeys, HttpKeySource, Identity, Jwks, KeySource, KeySourceError, TokenError, TokenVerifier, VerifierSettings,
};
