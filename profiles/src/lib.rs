//! FHIR definitions as data: packages, resolution by canonical URL, snapshots, expansions.
//!
//! Start from [`Definitions`]. It has the definitions in the binary (FHIR itself), takes
//! [packages](package::Package) on top, and returns [definitions](definition) in one form for STU3 and R4,
//! including complete [snapshots](snapshot::Snapshot). Nothing is decoded before it is asked for.
//! [Terminology](terminology) tells which codes a value set of the store holds.
//!
//! ```
//! use ers_fhir_profiles::package::Package;
//! use ers_fhir_profiles::{Definitions, FhirVersion};
//!
//! let profile = r#"{
//!     "resourceType": "StructureDefinition",
//!     "url": "http://example.org/StructureDefinition/named-patient",
//!     "kind": "resource",
//!     "type": "Patient",
//!     "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
//!     "derivation": "constraint",
//!     "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]}
//! }"#;
//! let mut definitions = Definitions::embedded(FhirVersion::R4);
//! definitions.add(Package::from_resource("named-patient.json", profile.as_bytes())?);
//!
//! let snapshot = definitions.snapshot("http://example.org/StructureDefinition/named-patient")?;
//! let snapshot = snapshot.expect("it was just added");
//! let name = snapshot.elements().iter().find(|element| element.path == "Patient.name");
//! assert_eq!(name.and_then(|element| element.min), Some(1));
//! # Ok::<(), ers_fhir_profiles::Error>(())
//! ```

pub mod datum;
pub mod definition;
mod embedded;
mod error;
mod form;
pub mod package;
pub mod read;
pub mod slicing;
pub mod snapshot;
mod store;
pub mod terminology;
mod write;

pub use error::{Error, ReadError};
pub use ers_fhir_values::{FhirVersion, UnknownVersion};
pub use form::Form;
pub use package::Known;
pub use store::{CodeSystemNames, Definitions};
