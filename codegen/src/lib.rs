//! Rust types and JSON Schema from FHIR `StructureDefinition`s.

mod config;
mod emit;
mod error;
pub mod ir;
mod lower;
mod names;
pub mod schema;
mod settings;

pub use config::{Config, GeneratedFile, Source};
pub use error::Error;

pub use ers_fhir_profiles::FhirVersion;
