//! A rule, as declared by the crate that checks it: everything that `explain`, the documentation and the
//! renderers say about it.

use std::any::Any;
use std::borrow::Cow;

use ers_fhir_values::FhirVersion;

use crate::severity::Severity;

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// Stable code: `unknown-element`.
    pub code: &'static str,
    /// Severity, unless the definition or the context sets another one.
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
    /// The same payload, corrected.
    #[doc(hidden)]
    pub good: Example,
    /// The place in the specification.
    pub source: &'static str,
}

impl Rule {
    /// Whether this is the same rule.
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

/// A small payload for the page of a rule and for its test.
#[doc(hidden)]
#[derive(Debug)]
pub struct Example {
    /// Release it is written for.
    pub version: FhirVersion,
    /// The payload, JSON or XML.
    pub payload: Payload,
    /// Profiles it is checked against besides those it declares.
    pub profiles: &'static [&'static str],
    /// Definitions that are loaded for it in addition to the embedded ones, as JSON.
    pub definitions: &'static [&'static str],
    /// Its context, in the type of the service that checks it.
    pub setting: Option<&'static (dyn Any + Send + Sync)>,
    /// The current time.
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

    /// The same payload, with a piece of its text replaced by many repetitions of another.
    #[must_use]
    pub const fn filled(self, find: &'static str, put: &'static str, times: usize) -> Self {
        match self.payload {
            Payload::Text(text) => Self { payload: Payload::Edited { text, find, put, times }, ..self },
            _ => self,
        }
    }

    /// The same payload, in a context that a service knows.
    #[must_use]
    pub const fn under(self, setting: &'static (dyn Any + Send + Sync)) -> Self {
        Self { setting: Some(setting), ..self }
    }

    /// The same payload, checked at this time.
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
    /// The text as written.
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
        /// Its replacement.
        put: &'static str,
        /// How often the replacement is repeated.
        times: usize,
    },
    /// The same text many times over, separated by commas, with text before and after.
    Framed(&'static str, &'static str, usize, &'static str),
}

impl Payload {
    /// The payload as it would be in a file.
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
    /// The target of a reference is missing.
    NotFound,
    /// Something could not be checked.
    NotSupported,
    /// An extension is not known or not allowed.
    Extension,
    /// A rule of the service.
    BusinessRule,
    /// Too large or too deep.
    TooLong,
    /// Too much work.
    TooCostly,
    /// The tool itself failed.
    Exception,
    /// For information only.
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
