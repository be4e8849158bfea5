//! FHIR definitions as data: packages, resolution by canonical URL, snapshots, expansions.

pub mod datum;
pub mod definition;
mod version;

pub use version::{FhirVersion, UnknownVersion};
