//! Why a document cannot be read.

use std::fmt;

use super::violation::{Violation, Violations};

/// Why a document cannot be read.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The text is not UTF-8.
    Encoding,
    /// The text ends too early.
    End {
        /// What should follow.
        expected: &'static str,
    },
    /// Something else was found.
    Syntax {
        /// What was expected.
        expected: &'static str,
    },
    /// Objects and arrays are nested too deeply.
    Depth {
        /// Deepest nesting that is accepted.
        limit: u32,
    },
    /// The text is not FHIR XML, or does not fit these types.
    Xml {
        /// What is wrong.
        reason: &'static str,
    },
    /// A required element is absent.
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element occurs twice.
    Twice,
    /// The type has no such element.
    UnknownElement,
    /// The resource is of another type.
    WrongType {
        /// Type that was expected.
        expected: &'static str,
        /// Type that was found.
        found: Box<str>,
    },
    /// A value does not fit its type.
    Value {
        /// FHIR name of the type.
        type_name: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A value violates its profile.
    Profile {
        /// The kind of constraint: see [`Fault::code`].
        code: &'static str,
        /// What is wrong, or what the profile requires.
        reason: String,
    },
    /// A code is not in its value set.
    UnknownCode {
        /// The code.
        code: Box<str>,
        /// The value set.
        value_set: &'static str,
    },
}

impl Fault {
    /// A violated constraint of a profile.
    pub(super) fn profile(code: &'static str, reason: impl Into<String>) -> Self {
        Self::Profile { code, reason: reason.into() }
    }

    /// The kind of fault, as a stable word: `json`, `xml`, `depth`, `kind` (an object where text should be),
    /// `missing`, `twice`, `unknown-element`, `resource-type`, `value`, `code`; for profiles `forbidden`, `type`,
    /// `fixed`, `pattern`, `slice`, `max`, `cardinality` and `order`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding | Self::End { .. } => "json",
            Self::Syntax { .. } => "kind",
            Self::Depth { .. } => "depth",
            Self::Xml { .. } => "xml",
            Self::Missing { .. } => "missing",
            Self::Twice => "twice",
            Self::UnknownElement => "unknown-element",
            Self::WrongType { .. } => "resource-type",
            Self::Value { .. } => "value",
            Self::UnknownCode { .. } => "code",
            Self::Profile { code, .. } => code,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => write!(f, "the text is not UTF-8: convert it first"),
            Self::End { expected } => write!(f, "the text ends where {expected} should follow"),
            Self::Syntax { expected } => write!(f, "expected {expected}"),
            Self::Depth { limit } => write!(f, "nested deeper than {limit} levels"),
            Self::Xml { reason } => f.write_str(reason),
            Self::Missing { .. } => write!(f, "is required but missing"),
            Self::Twice => write!(f, "occurs twice: keep one"),
            Self::UnknownElement => write!(f, "is not an element of its type: correct or remove it"),
            // The type found may be patient data, and messages end up in logs; it is only in `fault`.
            Self::WrongType { expected, .. } => write!(f, "expected resource type {expected}, found another"),
            Self::Value { type_name, reason } => write!(f, "not a {type_name}: {reason}"),
            Self::Profile { reason, .. } => f.write_str(reason),
            Self::UnknownCode { value_set, .. } => write!(f, "the code is not in {value_set}"),
        }
    }
}

impl fmt::Debug for Fault {
    /// Shows values from the document only with `{:#?}`: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { expected, found } if f.alternate() => {
                write!(f, "WrongType {{ expected: {expected:?}, found: {found:?} }}")
            }
            Self::UnknownCode { code, value_set } if f.alternate() => {
                write!(f, "UnknownCode {{ code: {code:?}, value_set: {value_set:?} }}")
            }
            other => write!(f, "Fault({other})"),
        }
    }
}

/// The error for a document that cannot be read: everything that is wrong, each with its element, line and column.
///
/// Values of a wrong kind are skipped, so that later faults are found as well; reading stops where a text is not
/// JSON. At most a thousand violations are listed.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadError(Box<Violations>);

impl ReadError {
    pub(super) fn new(violation: Violation) -> Self {
        Self(Box::new(Violations(vec![violation])))
    }

    /// `None` where there are no violations.
    pub(super) fn of(violations: Violations) -> Option<Self> {
        (!violations.is_empty()).then(|| Self(Box::new(violations)))
    }

    /// Everything that is wrong, in the order in which it was found.
    pub fn violations(&self) -> &Violations {
        &self.0
    }

    pub(super) fn into_violations(self) -> Violations {
        *self.0
    }

    fn first(&self) -> &Violation {
        // There is at least one, by construction.
        &self.0.0[0]
    }

    /// The first fault.
    pub fn fault(&self) -> &Fault {
        &self.first().fault
    }

    /// The element of the first fault, as FHIRPath: `Patient.name[0].family`; empty where the text is not JSON.
    pub fn path(&self) -> &str {
        &self.first().path
    }

    /// Line of the first fault, counted from 1.
    pub fn line(&self) -> usize {
        self.first().line
    }

    /// Column of the first fault in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.first().column
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadError({self})")
    }
}

impl std::error::Error for ReadError {}
