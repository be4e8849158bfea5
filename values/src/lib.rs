//! The values of FHIR: what their texts may be, what they mean, how they compare.
//!
//! One home for what every part of a FHIR toolkit needs to know about a single value: the lexical forms
//! of the primitives by release ([`lexical`]), partial dates and times ([`Temporal`]), numbers
//! ([`number`]), units of measure ([`ucum`]), canonicals, references and URIs ([`canonical`],
//! [`mod@reference`], [`uri`]), base64, language tags, media types, currencies and countries ([`grammar`]), check
//! digits ([`form`]), and guesses at what was meant: the nearest of several names ([`suggest`]), a time in another
//! notation ([`likely`]); and how to write text in XML and HTML ([`markup`]). Nothing here knows of documents,
//! definitions or messages.
//!
//! ```
//! use ers_fhir_values::{FhirVersion, Primitive, lexical};
//!
//! assert!(lexical::check("2026-02-30", Primitive::Date, FhirVersion::R4).is_err());
//! assert!(lexical::check("2026-02", Primitive::Date, FhirVersion::R4).is_ok());
//! ```

pub mod base64;
mod calendar;
pub mod canonical;
pub mod codec;
pub mod form;
pub mod grammar;
pub mod lexical;
pub mod likely;
pub mod markup;
pub mod number;
mod primitive;
mod quantity;
pub mod reference;
mod release;
pub mod suggest;
mod temporal;
pub mod ucum;
pub mod uri;

pub use primitive::Primitive;
pub use quantity::{CalendarUnit, Quantity, Unit};
pub use release::{FhirVersion, UnknownVersion};
pub use rust_decimal::Decimal;
pub use temporal::{Precision, Temporal, TemporalKind};
