//! Why a document cannot be read, and where.

use std::fmt;

use super::violation::Violations;

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
    /// Something else stands there.
    Syntax {
        /// What should stand there.
        expected: &'static str,
    },
    /// Objects and arrays are nested too deep.
    Depth {
        /// Deepest nesting that is read.
        limit: u32,
    },
    /// A required element is absent.
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element is there twice.
    Twice,
    /// The type has no such element.
    UnknownElement,
    /// The resource is of another type.
    WrongType {
        /// Type that was asked for.
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
    /// It breaks its profile.
    Profile(Violations),
    /// A code is not in its value set.
    UnknownCode {
        /// The code.
        code: Box<str>,
        /// The value set.
        value_set: &'static str,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding => write!(f, "the text is not UTF-8: convert it first"),
            Self::End { expected } => write!(f, "the text ends where {expected} should follow"),
            Self::Syntax { expected } => write!(f, "expected {expected}"),
            Self::Depth { limit } => write!(f, "nested deeper than {limit} levels"),
            Self::Missing { element } => write!(f, "'{element}' is missing and required"),
            Self::Twice => write!(f, "is there twice: keep one"),
            Self::UnknownElement => write!(f, "is not an element of its type: correct or remove it"),
            // What is there may be data of a patient, and a message goes into a log: `fault` has it.
            Self::WrongType { expected, .. } => write!(f, "expected resource type {expected}, found another"),
            Self::Value { type_name, reason } => write!(f, "not a {type_name}: {reason}"),
            Self::Profile(violations) => violations.fmt(f),
            Self::UnknownCode { value_set, .. } => write!(f, "the code is not in {value_set}"),
        }
    }
}

impl fmt::Debug for Fault {
    /// What was read only with `{:#?}`: debug output ends up in logs.
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

/// A document cannot be read: what is wrong, at which element, line and column.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    fault: Fault,
    /// Steps from the inside out.
    steps: Vec<String>,
    /// Whether the innermost step is a name that the type does not have, and that may hold data.
    is_unknown: bool,
    line: usize,
    column: usize,
}

impl ReadError {
    pub(crate) fn new(fault: Fault, text: &str, at: usize) -> Self {
        let before = &text.as_bytes()[..at.min(text.len())];
        let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |place| place + 1);
        let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
        let line = before.split(|&byte| byte == b'\n').count();
        Self(Box::new(Inner { fault, steps: Vec::new(), is_unknown: false, line, column }))
    }

    /// Says that the fault lies in an element, or in one of its repeats.
    #[must_use]
    pub(crate) fn within(mut self, element: &str, index: Option<usize>) -> Self {
        self.0.steps.push(match index {
            Some(index) => format!("{element}[{index}]"),
            None => element.to_owned(),
        });
        self
    }

    /// Says that the fault is an element of that name, which the type does not have.
    #[must_use]
    pub(crate) fn at_unknown(mut self, name: &str) -> Self {
        self.0.is_unknown = true;
        self.within(name, None)
    }

    /// Says that the fault lies in a resource of a type.
    #[must_use]
    pub fn within_resource(self, type_name: &str) -> Self {
        self.within(type_name, None)
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.0.fault
    }

    /// The element, as `Patient.name[0].family`; empty where the text is not JSON.
    pub fn path(&self) -> String {
        self.0.steps.iter().rev().map(String::as_str).collect::<Vec<_>>().join(".")
    }

    /// Line, counted from 1.
    pub fn line(&self) -> usize {
        self.0.line
    }

    /// Column in characters, counted from 1.
    pub fn column(&self) -> usize {
        self.0.column
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { fault, line, column, .. } = &*self.0;
        if let Fault::Profile(violations) = fault {
            return violations.fmt(f);
        }
        let hidden = usize::from(self.0.is_unknown);
        let known = self.0.steps.iter().skip(hidden).rev().map(String::as_str);
        let path = known.chain(std::iter::repeat_n("***", hidden)).collect::<Vec<_>>().join(".");
        match path {
            path if path.is_empty() => write!(f, "{fault} (line {line}, column {column})"),
            path => write!(f, "{path}: {fault} (line {line}, column {column})"),
        }
    }
}

impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadError({self})")
    }
}

impl std::error::Error for ReadError {}
