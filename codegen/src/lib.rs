//! Rust types and JSON Schema from FHIR `StructureDefinition`s.

mod config;
mod emit;
mod error;
pub mod ir;
mod lower;
mod names;

pub use config::{Config, GeneratedFile};
pub use error::Error;
