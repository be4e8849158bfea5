//! FHIR definitions as data: packages, resolution by canonical URL, snapshots, expansions.

pub mod datum;
pub mod definition;
pub mod distil;
mod embedded;
mod error;
pub mod package;
pub mod read;
pub mod snapshot;
mod store;
pub mod terminology;
mod version;

pub use error::{Error, ReadError};
pub use store::{Definitions, Known};
pub use version::{FhirVersion, UnknownVersion};
