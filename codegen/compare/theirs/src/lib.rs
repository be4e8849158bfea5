//! The crate that ours is compared with.

pub use fhir_model::*;
