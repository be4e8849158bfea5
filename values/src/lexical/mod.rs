//! The lexical forms of the primitive types, by release.
//!
//! The forms are scanned by hand, byte by byte: a payload is mostly primitives, and this is the
//! innermost loop of a validation.
//!
//! Source: <http://hl7.org/fhir/STU3/datatypes.html#primitive> and
//! <http://hl7.org/fhir/R4/datatypes.html#primitive>.

mod fault;
mod number;
pub mod pattern;
pub mod table;
mod temporal;
mod text;
mod uri;

pub use fault::{Fault, FaultKind};

use crate::{FhirVersion, Primitive};

/// Checks that a text is a value of a type in a release. The empty text is never valid.
///
/// # Errors
///
/// A [`Fault`] that says why it is not.
pub fn check(text: &str, primitive: Primitive, version: FhirVersion) -> Result<(), Fault> {
    match primitive {
        Primitive::Base64Binary => text::base64(text),
        Primitive::Boolean => text::boolean(text),
        Primitive::Canonical | Primitive::Uri | Primitive::Url => uri::uri(text),
        Primitive::Code => text::code(text),
        Primitive::Date => temporal::date(text, version),
        Primitive::DateTime => temporal::date_time(text, version),
        Primitive::Decimal => number::decimal(text, version),
        Primitive::Id => text::id(text),
        Primitive::Instant => temporal::instant(text),
        Primitive::Integer => number::integer(text),
        Primitive::Markdown | Primitive::String => text::string(text, version),
        Primitive::Oid => uri::oid(text),
        Primitive::PositiveInt => number::positive_int(text),
        Primitive::Time => temporal::time(text, version),
        Primitive::UnsignedInt => number::unsigned_int(text),
        Primitive::Uuid => uri::uuid(text),
        Primitive::Xhtml => text::xhtml(text),
    }
}

/// Whether a text is a value of a type in a release, or in any release where none is given; mere advice is ignored.
pub fn is_valid_in(text: &str, primitive: Primitive, release: Option<FhirVersion>) -> bool {
    match release {
        Some(version) => is_valid(text, primitive, version),
        None => is_valid(text, primitive, FhirVersion::Stu3) || is_valid(text, primitive, FhirVersion::R4),
    }
}

/// Whether a text is a value of a type in a release; mere advice is ignored.
pub fn is_valid(text: &str, primitive: Primitive, version: FhirVersion) -> bool {
    !text.is_empty() && !check(text, primitive, version).is_err_and(|fault| fault.is_error)
}
