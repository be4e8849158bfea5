//! Registries: what is not at hand is fetched, when asked.

mod address;
mod builds;
mod client;
mod listing;
mod registries;
mod said;
mod secret;

pub use registries::{BadRegistry, Protocol, Registries, Registry};
pub use said::{BadSettings, registries};
pub use secret::{BadSecret, Secret};
