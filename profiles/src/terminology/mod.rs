//! Terminology: which codes a value set holds, as far as this can be decided offline.
//!
//! Every answer has three values. If a value set draws on a code system that is not here (SNOMED CT, LOINC
//! ...), codes of that system are undecided, and codes of every other system are still decided. Nothing is
//! expanded to answer a question about one code: includes are examined one by one, code systems are read when
//! an include first needs them, and a code is found by hash.
//!
//! - [`Terminology`] answers from a [`Source`] of definitions and remembers what it has read.
//! - [`Expansion`] is a value set ready for questions: [`Expansion::contains`] for one code,
//!   [`Expansion::enumerate`] for all of them, [`Expansion::suggest`] for a wrong one.
//! - [`CodeLookup`] tells whether a code exists in its system, and what it may be called.
//!
//! ```
//! use ers_fhir_profiles::terminology::{Membership, Terminology};
//! use ers_fhir_profiles::{Definitions, FhirVersion};
//!
//! let terminology = Terminology::new(Definitions::embedded(FhirVersion::R4));
//! let genders = terminology.expansion("http://hl7.org/fhir/ValueSet/administrative-gender")?;
//! assert_eq!(genders.contains(&terminology, None, "female"), Membership::In);
//! assert_eq!(genders.contains(&terminology, None, "femal"), Membership::Out);
//! assert_eq!(genders.suggest(&terminology, None, "femal").nearest[0].code, "female");
//! # Ok::<(), ers_fhir_profiles::terminology::Reason>(())
//! ```

mod code_system;
pub mod compact;
mod likely;
mod membership;
mod memo;
mod service;
mod source;
mod suggest;
mod value_set;

pub use crate::store::CodeSystemParts;
pub use code_system::{CodeLookup, FoundCode};
pub use membership::{Membership, Reason};
pub use service::Terminology;
pub use source::Source;
pub use suggest::Suggestion;
pub use value_set::{Enumeration, Expansion};
