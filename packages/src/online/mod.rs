//! Registries: fetches packages that are not available locally, on request.

mod address;
mod builds;
mod client;
mod direct;
mod listing;
mod registries;
mod said;
mod secret;

pub use direct::{DirectError, NoAddress, fetch_directly};
pub use registries::{BadRegistry, Protocol, Registries, Registry};
pub use said::{BadSettings, registries};
pub use secret::{BadSecret, Secret};
