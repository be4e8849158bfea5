//! The lexical forms of the primitive types, by release.
//!
//! The forms are scanned by hand, byte by byte: a payload is mostly primitives, and this is the
//! innermost loop of a validation.
//!
//! Source: <http://hl7.org/fhir/STU3/datatypes.html#primitive> and
//! <http://hl7.org/fhir/R4/datatypes.html#primitive>.

mod number;
pub mod table;
mod temporal;
mod text;
mod uri;

use crate::{FhirVersion, Primitive};

/// Why a text is not a value of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    /// Whether the release forbids it, and does not merely advise against it.
    pub is_error: bool,
    /// What would be right: a phrase that follows "expected", or for [`FaultKind::Range`] a sentence.
    pub expected: &'static str,
}

/// The kinds of fault that a text can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// It has not the form of its type.
    Form,
    /// It has the form, but no such value exists.
    Range,
    /// A time on a date has no time zone.
    TimeZone,
    /// A control character.
    ControlCharacter,
    /// Nothing but white space.
    Blank,
}

impl Fault {
    const TIME_ZONE: Self =
        Self { kind: FaultKind::TimeZone, is_error: true, expected: "a time zone after the time" };

    const fn form(expected: &'static str) -> Self {
        Self { kind: FaultKind::Form, is_error: true, expected }
    }

    const fn range(expected: &'static str) -> Self {
        Self { kind: FaultKind::Range, is_error: true, expected }
    }
}

/// Checks that a text is a value of a type in a release; the empty text is one of none.
///
/// # Errors
///
/// Why it is not.
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
        Primitive::Xhtml => Ok(()),
    }
}

/// Whether a text is a value of a type in a release, mere advice left aside.
pub fn is_valid(text: &str, primitive: Primitive, version: FhirVersion) -> bool {
    !text.is_empty() && !check(text, primitive, version).is_err_and(|fault| fault.is_error)
}
