#![doc = include_str!("../README.md")]

mod book;
mod config;
mod emit;
mod error;
pub mod ir;
mod literal;
mod lower;
mod names;
pub mod schema;
mod settings;

pub use config::{Absent, Config, GeneratedFile, Outcome, Skipped, Source};
pub use error::Error;

pub use ers_fhir_profiles::FhirVersion;
