//! What puts an element into a slice: its discriminators, compiled once.
//!
//! There are four answers: tests that must all hold ([`Told::By`]), nothing to distinguish it
//! ([`Told::Open`]), whatever the other slices leave ([`Told::Rest`]), or [`Told::Undecidable`] with the
//! reason. A test keeps the elements that its path leads through, so that code which translates it, to JSON
//! Schema or to a program, finds the names and types there.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#discriminator>.
//!
//! ```
//! use ers_fhir_profiles::slicing::{Told, tell};
//! use ers_fhir_profiles::{Definitions, FhirVersion};
//!
//! let definitions = Definitions::embedded(FhirVersion::R4);
//! let profile = "http://hl7.org/fhir/StructureDefinition/vitalsigns";
//! let snapshot = definitions.snapshot(profile)?.ok_or("R4 has this profile")?;
//! let sliced = snapshot.find("Observation.category").ok_or("it has categories")?;
//! let vital_signs = snapshot.slices(sliced).next().ok_or("they are sliced")?;
//! assert!(matches!(tell(&definitions, &snapshot, sliced, vital_signs), Told::By(tests) if !tests.is_empty()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod discriminator;
mod path;
mod place;
mod test;

pub use discriminator::{DEFAULT, tell};
pub use path::Step;
pub use place::Place;
pub use test::{Expectation, Hop, Test, Told, Undecidable};
