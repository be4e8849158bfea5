//! Rules: each is declared once, with everything that `explain`, the docs and the renderers say.
//!
//! Declarations stand one file a family, beside their texts and examples; [`all`] lists them. A
//! code never changes its meaning. A test proves of every rule that its bad example breaks it and
//! its good example does not.

pub mod binding;
pub mod bundle;
pub mod cardinality;
pub mod coding;
pub mod contained;
pub mod datatype;
pub mod deviation;
pub mod extension;
pub mod invariant;
pub mod narrative;
pub mod primitive;
pub mod profile;
pub mod questionnaire;
pub mod reference;
mod registry;
pub mod slicing;
pub mod structure;
pub mod syntax;
pub mod value;

pub use registry::{all, find, nearest};

use std::borrow::Cow;

use ers_fhir_profiles::FhirVersion;

use crate::diagnostic::Severity;

/// One thing that can be wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code: `unknown-element`.
    pub code: &'static str,
    /// Weight unless the definition or the context says otherwise.
    pub severity: Severity,
    /// `OperationOutcome.issue.code`.
    pub issue: Issue,
    /// One line: what is wrong.
    pub summary: &'static str,
    /// A few sentences: why it matters and how to mend it.
    pub explanation: &'static str,
    /// A payload that breaks it.
    pub bad: Example,
    /// The same payload mended.
    pub good: Example,
    /// Where the specification says so.
    pub source: &'static str,
}

impl Rule {
    /// Whether this is that very rule.
    pub fn is(&self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A small payload for a rule's page and its test.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// Release it is written for.
    pub version: FhirVersion,
    /// The payload, JSON or XML.
    pub payload: Payload,
    /// Profiles it is checked against besides those it declares.
    pub profiles: &'static [&'static str],
    /// Definitions that are loaded for it beside the embedded ones, as JSON.
    pub definitions: &'static [&'static str],
}

impl Example {
    /// An R4 payload.
    pub const fn r4(payload: &'static str) -> Self {
        Self { version: FhirVersion::R4, payload: Payload::Text(payload), profiles: &[], definitions: &[] }
    }

    /// An STU3 payload.
    pub const fn stu3(payload: &'static str) -> Self {
        Self { version: FhirVersion::Stu3, payload: Payload::Text(payload), profiles: &[], definitions: &[] }
    }

    /// The same payload, checked against more profiles.
    #[must_use]
    pub const fn against(self, profiles: &'static [&'static str]) -> Self {
        Self { profiles, ..self }
    }

    /// The same payload, with more definitions loaded.
    #[must_use]
    pub const fn with(self, definitions: &'static [&'static str]) -> Self {
        Self { definitions, ..self }
    }
}

/// The bytes of an example.
#[derive(Debug, PartialEq, Eq)]
pub enum Payload {
    /// As it stands.
    Text(&'static str),
    /// Not text.
    Bytes(&'static [u8]),
    /// The same text many times over.
    Repeated(&'static str, usize),
    /// The same text many times over, with commas between, and something before and behind.
    Framed(&'static str, &'static str, usize, &'static str),
}

impl Payload {
    /// The payload as it would stand in a file.
    pub fn bytes(&self) -> Cow<'static, [u8]> {
        match *self {
            Self::Text(text) => Cow::Borrowed(text.as_bytes()),
            Self::Bytes(bytes) => Cow::Borrowed(bytes),
            Self::Repeated(text, times) => Cow::Owned(text.repeat(times).into_bytes()),
            Self::Framed(before, text, times, behind) => {
                let repeats = vec![text; times].join(",");
                Cow::Owned([before, &repeats, behind].concat().into_bytes())
            }
        }
    }
}

/// `OperationOutcome.issue.code`.
///
/// Source: <http://hl7.org/fhir/R4/valueset-issue-type.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Issue {
    /// The payload cannot be read.
    Invalid,
    /// Structure: unknown elements, wrong kinds.
    Structure,
    /// Something is missing.
    Required,
    /// A value is not what its type or definition allows.
    Value,
    /// An invariant is broken.
    Invariant,
    /// A code is not allowed.
    CodeInvalid,
    /// Something that is referred to is not there.
    NotFound,
    /// It could not be checked.
    NotSupported,
    /// An extension is not known or not allowed.
    Extension,
    /// A rule of the service.
    BusinessRule,
    /// Too large or too deep.
    TooLong,
    /// Something to know.
    Informational,
}

impl Issue {
    /// The code as FHIR writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::NotFound => "not-found",
            Self::NotSupported => "not-supported",
            Self::Extension => "extension",
            Self::BusinessRule => "business-rule",
            Self::TooLong => "too-long",
            Self::Informational => "informational",
        }
    }
}
