//! The foundation of generated types: one engine that reads and writes any of them.
//!
//! A generated type is a plain struct, a static [`Shape`] and a mapping from slot numbers to fields
//! ([`Record`]). Everything else is here, compiled once: so a thousand types build in seconds, and
//! reading goes straight from the bytes into the structs.
//!
//! Programs need [`Json`] (read and write; `Xml` with the feature `xml`), [`Extensible`] (extensions of primitives) and
//! [`ReadOptions`]; the rest serves generated code, and is a contract with it: code from one release of the generator
//! compiles with all later releases of this crate that are semver-compatible. So tables are made by constant functions
//! only, and gain fields when more has to be known; `tests/contract` keeps code of each release.

mod attached;
#[doc(hidden)]
pub mod bridge;
mod code;
mod copy;
mod described;
mod error;
mod extended;
mod extensible;
mod extras;
mod json;
mod macros;
mod options;
mod path;
mod profile;
mod read;
mod reader;
mod record;
mod resource;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod schema;
mod shape;
mod show;
mod violation;
mod write;
mod writer;
#[cfg(feature = "xml")]
mod xml;

pub use crate::{choice, code, default_is_blank, extended, profile, record, resource};
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use ::schemars;
#[doc(hidden)]
pub use ::serde;
pub use code::{Code, place_of, read_code};
pub use copy::{copy_record, same_record};
pub use error::{Fault, ReadError};
pub use ers_fhir_values::FhirVersion;
pub use extensible::{
    Extensible, element_mut, element_mut_of_choice, element_mut_of_one, element_of, element_of_choice,
};
pub use extras::Extras;
pub use json::Json;
pub use options::ReadOptions;
pub use profile::{
    Around, Constrained, Detail, Expected, Layout, Mark, Profile, Property, Role, Slice, Step, Times, Trial,
    follows, literal, read_profile, write_profile,
};
pub use read::{read_document, read_record};
pub use reader::Reader;
pub use record::{AnyExtras, Choice, Leaf, Record, Slot, Value};
pub use resource::{AnyResource, OtherResource, type_of_next};
pub use shape::{Field, Shape};
pub use show::{show, show_text};
pub use violation::{Violation, Violations};
pub use write::{to_string, to_vec, write_record};
pub use writer::Writer;
#[cfg(feature = "xml")]
pub use xml::{NotXml, Xml};
