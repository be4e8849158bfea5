//! A rule, as whoever checks payloads declares it: everything that `explain`, the documentation and the
//! renderers say of it.

use std::any::Any;
use std::borrow::Cow;

use ers_fhir_values::FhirVersion;

use crate::severity::Severity;

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// Stable code: `unknown-element`.
    pub code: &'static str,
    /// Weight unless the definition or the context says otherwise.
    pub severity: Severity,
    /// `OperationOutcome.issue.code`.
    pub issue: Issue,
    /// One line: what is wrong.
    pub summary: &'static str,
    /// A few sentences: why it matters and how to fix it.
    pub explanation: &'static str,
    /// A payload that breaks it.
    #[doc(hidden)]
    pub bad: Example,
    /// The same payload put right.
    #[doc(hidden)]
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

/// Rules are told apart by their codes.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// A small payload for a rule's page and its test.
#[doc(hidden)]
#[derive(Debug)]
pub struct Example {
    /// Release it is written for.
    pub version: FhirVersion,
    /// The payload, JSON or XML.
    pub payload: Payload,
    /// Profiles it is checked against besides those it declares.
    pub profiles: &'static [&'static str],
    /// Definitions that are loaded for it beside the embedded ones, as JSON.
    pub definitions: &'static [&'static str],
    /// What it belongs to, as the service has it that judges it.
    pub setting: Option<&'static (dyn Any + Send + Sync)>,
    /// What the clock shows.
    pub now: Option<&'static str>,
}

impl Example {
    /// An R4 payload.
    pub const fn r4(payload: &'static str) -> Self {
        Self::of(FhirVersion::R4, Payload::Text(payload))
    }

    /// An STU3 payload.
    pub const fn stu3(payload: &'static str) -> Self {
        Self::of(FhirVersion::Stu3, Payload::Text(payload))
    }

    /// A payload of a release.
    pub const fn of(version: FhirVersion, payload: Payload) -> Self {
        Self { version, payload, profiles: &[], definitions: &[], setting: None, now: None }
    }

    /// The same payload, with a piece of its text replaced where it first occurs.
    #[must_use]
    pub const fn edited(self, find: &'static str, put: &'static str) -> Self {
        self.filled(find, put, 1)
    }

    /// The same payload, with a piece of its text replaced by another many times over.
    #[must_use]
    pub const fn filled(self, find: &'static str, put: &'static str, times: usize) -> Self {
        match self.payload {
            Payload::Text(text) => Self { payload: Payload::Edited { text, find, put, times }, ..self },
            _ => self,
        }
    }

    /// The same payload, as part of something that a service knows.
    #[must_use]
    pub const fn under(self, setting: &'static (dyn Any + Send + Sync)) -> Self {
        Self { setting: Some(setting), ..self }
    }

    /// The same payload, at that moment.
    #[must_use]
    pub const fn at(self, now: &'static str) -> Self {
        Self { now: Some(now), ..self }
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
#[doc(hidden)]
#[derive(Debug, PartialEq, Eq)]
pub enum Payload {
    /// As it stands.
    Text(&'static str),
    /// Not text.
    Bytes(&'static [u8]),
    /// The same text many times over.
    Repeated(&'static str, usize),
    /// A text in which one piece is replaced, where it first occurs.
    Edited {
        /// The text.
        text: &'static str,
        /// The piece.
        find: &'static str,
        /// What stands in its place.
        put: &'static str,
        /// How many times over.
        times: usize,
    },
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
            Self::Edited { text, find, put, times } => {
                Cow::Owned(text.replacen(find, &put.repeat(times), 1).into_bytes())
            }
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
    /// More work than is done.
    TooCostly,
    /// The tool itself fails.
    Exception,
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
            Self::TooCostly => "too-costly",
            Self::Exception => "exception",
            Self::Informational => "informational",
        }
    }
}
